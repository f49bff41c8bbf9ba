import type { PoolClient } from 'pg';
import { checkServerVersion } from '../../../src/database/migrate.js';
import { DatabaseRefusedError } from '../../../src/database/unavailable.js';

const serverOfVersion = (number: number, words: string) =>
  ({ query: async () => ({ rows: [{ number, words }] }) }) as unknown as PoolClient;

describe('the version of the PostgreSQL server', () => {
  it('is refused in words below 15', async () => {
    const refused = checkServerVersion(serverOfVersion(140_012, '14.12'));
    await expect(refused).rejects.toThrow(DatabaseRefusedError);
    await expect(refused).rejects.toThrow('PostgreSQL 14.12 is too old: this service needs version 15 or later.');
  });

  it('is accepted from 15.0 on', async () => {
    expect(await checkServerVersion(serverOfVersion(150_000, '15.0'))).toBe('15.0');
  });
});
