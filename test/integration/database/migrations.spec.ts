import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { BookRepository } from '../../../src/database/book.repository.js';
import { Database } from '../../../src/database/database.js';
import { DatabaseRefusedError } from '../../../src/database/unavailable.js';
import {
  createDatabase,
  describeOnBothDatabases,
  SERVICE_START_MS_MAX,
  silent,
  temporaryDirectory,
} from '../../support/database.js';

/** How many there were while rows were marked as told. */
const MARKED = 4;
const appliedMigrations = sql`select hash from drizzle.__drizzle_migrations order by created_at`;

describeOnBothDatabases('the schema', (open) => {
  it('has every table and view after the first start', async () => {
    const { rows } = await open().run((db) =>
      db.execute(sql`select table_name from information_schema.tables where table_schema = 'public' order by 1`),
    );
    expect(rows.map((row) => row['table_name'])).toEqual(
      expect.arrayContaining([
        'accounts',
        'closes',
        'instruments',
        'jobs',
        'positions',
        'price_chunks',
        'price_version',
        'quotes',
        'settings',
      ]),
    );
  });

  it('starts with price version 0', async () => {
    const { rows } = await open().run((db) => db.execute(sql`select version::int as version from price_version`));
    expect(rows).toEqual([{ version: 0 }]);
  });
});

describe('migrations', () => {
  const directory = temporaryDirectory();
  beforeAll(async () => (await createDatabase()).drop(), SERVICE_START_MS_MAX);
  afterAll(() => directory.remove());

  it(
    'change nothing when the service starts again',
    async () => {
      const { url, drop } = await createDatabase();
      const applied: unknown[][] = [];
      for (let start = 0; start < 2; start++) {
        const database = new Database({ url, dataDir: '' }, silent);
        await database.connect();
        applied.push((await database.run((db) => db.execute(appliedMigrations))).rows);
        await database.close();
      }
      await drop();
      expect(applied[0]?.length).toBeGreaterThan(0);
      expect(applied[1]).toEqual(applied[0]);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'keep what was to be told before writes had numbers',
    async () => {
      const { url, drop } = await createDatabase();
      const client = new pg.Client(url);
      await client.connect();
      await client.query(
        'create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text, created_at bigint)',
      );
      const migrations = readMigrationFiles({ migrationsFolder: 'src/database/migrations' });
      for (const { sql: statements, hash, folderMillis } of migrations.slice(0, MARKED)) {
        for (const statement of statements) await client.query(statement);
        await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
          hash,
          folderMillis,
        ]);
      }
      await client.query(`
        insert into book_lease default values;
        insert into alerts (alert_id, code, severity, message, created_at, published)
          select id, 'LATCH', 'HIGH', json_build_object('alert_id', id), now(), published
          from (values ('told', true), ('untold', false)) as alert (id, published);
        insert into decisions (decision_id, account_id, order_id, action, of_order, content_hash, revision, decision,
          control_actions, warnings, event_time, is_working, published)
          select id, 'acc', id, 'NEW', true, '', 1, 'ACCEPT', '', '', now(), false, published
          from (values ('told', true), ('untold', false)) as decision (id, published)`);
      await client.end();

      const database = new Database({ url, dataDir: '' }, silent);
      await database.connect();
      const store = new BookRepository(database);
      expect(await store.untold(10)).toMatchObject({
        decisions: [{ decision_id: 'untold' }],
        alerts: [{ alert_id: 'untold' }],
        last: 1,
        isAll: true,
      });
      await store.markTold(1);
      expect(await store.untold(10)).toMatchObject({ decisions: [], alerts: [] });
      await database.close();
      await drop();
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'change nothing when the service starts again on the embedded database',
    async () => {
      const applied: unknown[][] = [];
      for (let start = 0; start < 2; start++) {
        const database = new Database({ dataDir: directory.path }, silent);
        await database.connect();
        applied.push((await database.run((db) => db.execute(appliedMigrations))).rows);
        await database.close();
      }
      expect(applied[1]).toEqual(applied[0]);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'are applied once by instances that start together',
    async () => {
      const { url, drop } = await createDatabase();
      const instances = Array.from({ length: 4 }, () => new Database({ url, dataDir: '' }, silent));
      await Promise.all(instances.map((instance) => instance.connect()));
      expect(instances.map((instance) => instance.status.state)).toEqual(['UP', 'UP', 'UP', 'UP']);
      await Promise.all(instances.map((instance) => instance.close()));
      await drop();
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'of a later version of the service are refused in words',
    async () => {
      const { url, drop } = await createDatabase();
      const later = new Database({ url, dataDir: '' }, silent);
      await later.connect();
      const inAYear = Date.now() + 365 * 86_400_000;
      await later.run((db) =>
        db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${inAYear})`),
      );
      await later.close();
      const refused = new Database({ url, dataDir: '' }, silent).connect();
      await expect(refused).rejects.toThrow(DatabaseRefusedError);
      await expect(refused).rejects.toThrow(/migrated by a later version of this service/);
      await drop();
    },
    SERVICE_START_MS_MAX,
  );
});
