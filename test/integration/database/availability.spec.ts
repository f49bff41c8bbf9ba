import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { PostgresServer } from '../../../scripts/services/postgres-server.js';
import { Database } from '../../../src/database/database.js';
import { settings } from '../../../src/database/schema.js';
import { DatabaseUnavailableError } from '../../../src/database/unavailable.js';
import {
  createDatabase,
  dedicatedPostgres,
  recordingLogger,
  SERVICE_START_MS_MAX,
  silent,
} from '../../support/database.js';

describe('a PostgreSQL server that comes and goes', () => {
  let server: PostgresServer;
  let database: Database;
  const logger = recordingLogger();

  beforeAll(async () => {
    server = await dedicatedPostgres();
    database = new Database({ url: server.url(), dataDir: '' }, logger);
  }, SERVICE_START_MS_MAX);
  afterAll(async () => {
    await database.close();
    await server.destroy();
  }, SERVICE_START_MS_MAX);

  const untilState = async (state: string) => {
    while (database.status.state !== state) await sleep(20);
  };

  it('is awaited at start, with the reason in view', async () => {
    await database.connect();
    expect(database.status).toMatchObject({ state: 'CONNECTING', reason: 'no server listens at its address' });
    await expect(database.run((db) => db.execute(sql`select 1`))).rejects.toThrow(DatabaseUnavailableError);
  });

  it(
    'is used as soon as it comes',
    async () => {
      await server.start();
      await database.whenUp();
      expect(database.status).toMatchObject({ state: 'UP', serverVersion: expect.stringMatching(/^\d+/) });
      await database.run((db) => db.insert(settings).values({ key: 'before', value: 1 }));
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'fails a running statement and the next ones as unavailable when it stops, and is used again when it is back',
    async () => {
      const running = database.run((db) => db.execute(sql`select pg_sleep(20)`));
      const failed = expect(running).rejects.toMatchObject({ name: 'DatabaseUnavailableError', outcomeUnknown: true });
      await sleep(200);
      await server.stop();
      await failed;
      await expect(database.run((db) => db.execute(sql`select 1`))).rejects.toThrow(DatabaseUnavailableError);
      await untilState('DOWN');
      expect(database.status.reason).not.toBe('');
      await server.start();
      await untilState('UP');
      expect(await database.run((db) => db.select().from(settings))).toHaveLength(1);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'has lost no acknowledged row after a kill -9 under a stream of writes',
    async () => {
      const acknowledged: string[] = [];
      const streams = Array.from({ length: 4 }, async (_, stream) => {
        for (let n = 0; ; n++) {
          const row = { key: `stream${stream}.${n}`, value: n };
          await database.transaction((db) => db.insert(settings).values(row));
          acknowledged.push(row.key);
        }
      });
      const ends = Promise.allSettled(streams);
      while (acknowledged.length < 200) await sleep(5);
      await server.kill();
      for (const end of await ends) {
        expect(end).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseUnavailableError' } });
      }
      await server.start();
      await untilState('UP');
      const stored = new Set((await database.run((db) => db.select().from(settings))).map(({ key }) => key));
      expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    },
    SERVICE_START_MS_MAX,
  );

  it('never has its password in a log line or a reason', () => {
    const { password } = server.address;
    expect(logger.lines.length).toBeGreaterThan(0);
    expect(logger.lines.join('\n')).not.toContain(password);
    expect(JSON.stringify(database.status)).not.toContain(password);
  });
});

describe('a PostgreSQL server that does not let us in', () => {
  it(
    'is asked again and again, with its reason in view',
    async () => {
      const { url, drop } = await createDatabase();
      const withWrongPassword = new URL(url);
      withWrongPassword.password = 'wrong';
      const database = new Database({ url: withWrongPassword.href, dataDir: '' }, silent);
      await database.connect();
      expect(database.status).toMatchObject({
        state: 'CONNECTING',
        reason: expect.stringContaining('password authentication failed'),
      });
      await database.close();
      await drop();
    },
    SERVICE_START_MS_MAX,
  );
});
