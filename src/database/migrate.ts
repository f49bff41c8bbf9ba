import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { PoolClient } from 'pg';
import { DatabaseRefusedError } from './unavailable.js';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any constant: instances that start together take turns on it. */
const MIGRATION_LOCK = 7_381_544_021;
const SERVER_VERSION_MIN = 150_000;

/** Refuses a server older than PostgreSQL 15; returns its version in words. */
export async function checkServerVersion(client: PoolClient): Promise<string> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as words`,
  );
  if (rows[0].number < SERVER_VERSION_MIN) {
    throw new DatabaseRefusedError(
      `PostgreSQL ${rows[0].words} is too old: this service needs version 15 or later. Point DATABASE_URL at a newer server.`,
    );
  }
  return rows[0].words;
}

/**
 * Brings the schema up to date; does nothing where it is. All pending migrations are one transaction. The advisory lock
 * means nothing on the embedded database, whose lock file already keeps every other process away.
 */
export async function applyMigrations(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await refuseLaterSchema(client);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}

/** An older program on a newer schema would write rows that the newer one misreads. */
async function refuseLaterSchema(client: PoolClient): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
  const { rows } = await client.query(`select to_regclass('drizzle.__drizzle_migrations') is not null as present`);
  if (!rows[0].present) return;
  const applied = await client.query('select max(created_at) as latest from drizzle.__drizzle_migrations');
  if (Number(applied.rows[0].latest) > known) {
    throw new DatabaseRefusedError(
      'The database was migrated by a later version of this service. Start that version, or restore a backup made before it.',
    );
  }
}
