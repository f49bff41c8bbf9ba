import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureDatabaseTemplate } from '../../../scripts/make-db-template.js';
import { Database } from '../../../src/database/database.js';
import type { EmbeddedBackend } from '../../../src/database/embedded/embedded-backend.js';
import { settings } from '../../../src/database/schema.js';
import { DatabaseRefusedError } from '../../../src/database/unavailable.js';
import { recordingLogger, SERVICE_START_MS_MAX, silent, temporaryDirectory } from '../../support/database.js';

const writer = fileURLToPath(new URL('../../support/database-writer.ts', import.meta.url));
const startWriter = (dataDir: string, prefix: string) =>
  spawn(process.execPath, ['--import', 'tsx', writer, dataDir, prefix], { stdio: ['ignore', 'pipe', 'pipe'] });

describe('the embedded database', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let database: Database | undefined;
  const openDatabase = async (logger = silent) => {
    database = new Database({ dataDir: directory.path }, logger);
    await database.connect();
    return database;
  };
  const untilState = async (state: string) => {
    while (database?.status.state !== state) await sleep(5);
  };
  const keys = async () => (await database!.run((db) => db.select().from(settings))).map(({ key }) => key);

  beforeAll(async () => {
    await ensureDatabaseTemplate();
  }, SERVICE_START_MS_MAX);
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(async () => {
    await database?.close();
    database = undefined;
    directory.remove();
  }, SERVICE_START_MS_MAX);

  it(
    'clears away a first start that was cut short, and keeps its data over a restart',
    async () => {
      const leftover = join(directory.path, 'db', 'pgdata.new-4711');
      mkdirSync(join(leftover, 'global'), { recursive: true });
      writeFileSync(join(leftover, 'PG_VERSION'), '18\n');
      await openDatabase();
      expect(existsSync(leftover)).toBe(false);
      await database?.run((db) => db.insert(settings).values({ key: 'kept', value: 1 }));
      await database?.close();
      expect(readdirSync(join(directory.path, 'db'))).toEqual(['pgdata']);
      await openDatabase();
      expect(await keys()).toEqual(['kept']);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'says so when its directory is not a complete database, and serves once it is',
    async () => {
      await openDatabase();
      await database?.close();
      const control = join(directory.path, 'db', 'pgdata', 'global', 'pg_control');
      renameSync(control, `${control}.away`);
      await openDatabase();
      expect(database?.status).toMatchObject({
        state: 'CONNECTING',
        reason: expect.stringMatching(/not a complete database/),
      });
      renameSync(`${control}.away`, control);
      await database?.whenUp();
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'works below a path too long for a socket, and leaves neither lock nor socket behind',
    async () => {
      const path = join(directory.path, 'x'.repeat(120));
      database = new Database({ dataDir: path }, silent);
      await database.connect();
      await database.run((db) => db.insert(settings).values({ key: 'k', value: 1 }));
      await database.close();
      expect(readdirSync(join(path, 'db'))).toEqual(['pgdata']);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'refuses a second process in words, and a second opening in the same one',
    async () => {
      await openDatabase();
      const second = startWriter(directory.path, 'second');
      let words = '';
      second.stderr.setEncoding('utf8').on('data', (text) => {
        words += text;
      });
      const code = await new Promise((resolve) => second.once('close', resolve));
      expect(code).toBe(1);
      expect(words).toContain(`in use by process ${process.pid} `);
      expect(words).toMatch(/Stop that process, .* DATA_DIR, .* DATABASE_URL/);
      await expect(new Database({ dataDir: directory.path }, silent).connect()).rejects.toThrow(DatabaseRefusedError);
      expect(readdirSync(join(directory.path, 'db')).sort()).toEqual(['.s.PGSQL.5432', 'lock', 'pgdata']);
      await database?.run((db) => db.insert(settings).values({ key: 'undisturbed', value: 1 }));
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'loses no acknowledged row when its process is killed under a stream of writes',
    async () => {
      const acknowledged: string[] = [];
      for (const [prefix, count] of [
        ['first.', 120],
        ['second.', 201],
      ] as const) {
        const child = startWriter(directory.path, prefix);
        const ended = new Promise((resolve) => child.once('close', resolve));
        let fromThisOne = 0;
        createInterface(child.stdout).on('line', (key) => {
          acknowledged.push(key);
          if (++fromThisOne === count) child.kill('SIGKILL');
        });
        await ended;
        expect(child.signalCode).toBe('SIGKILL');
      }
      await openDatabase();
      const stored = new Set(await keys());
      expect(acknowledged.length).toBeGreaterThanOrEqual(321);
      expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'is away with a reason when its thread dies, and comes back by itself with its rows',
    async () => {
      const logger = recordingLogger();
      const opened = await openDatabase(logger);
      await database?.run((db) => db.insert(settings).values({ key: 'kept', value: 1 }));
      await (opened['backend'] as EmbeddedBackend)['worker']?.terminate();
      await untilState('DOWN');
      await expect(keys()).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
      await untilState('UP');
      expect(await keys()).toEqual(['kept']);
      expect(logger.lines.join('\n')).toMatch(/is away: .*Retrying/);
    },
    SERVICE_START_MS_MAX,
  );
});
