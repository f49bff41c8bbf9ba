import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureDatabaseTemplate } from '../../scripts/make-db-template.js';
import { PostgresServer } from '../../scripts/services/postgres-server.js';
import type { DatabaseLogger } from '../../src/database/connection-keeper.js';
import { Database } from '../../src/database/database.js';

/** Generous, because the first spec may have to start a server or make the template on a busy machine. */
export const SERVICE_START_MS_MAX = 60_000;

export const silent: DatabaseLogger = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** Keeps what was logged. */
export function recordingLogger(): DatabaseLogger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: unknown) => void lines.push(String(message));
  return { lines, log: write, warn: write, error: write };
}

/** A test's own PostgreSQL, fsync on, to stop, kill and start again. Not started yet; `destroy()` it at the end. */
export async function dedicatedPostgres(): Promise<PostgresServer> {
  return PostgresServer.create({ durable: true });
}

/** A new empty database on the shared test server; its schema comes with the first `connect()`. */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = await sharedServerUrl();
  const name = `redfire_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database if exists ${name} with (force)`) };
}

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'redfire-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Defines the same tests twice, on PostgreSQL and on the embedded database. `open` hands out the block's database:
 * fresh, migrated, closed and removed after the block.
 */
export function describeOnBothDatabases(name: string, define: (open: () => Database) => void): void {
  describe.each(['PostgreSQL', 'embedded'] as const)(`${name} on %s`, (kind) => {
    let opened: { database: Database; close: () => Promise<void> };
    beforeAll(async () => {
      opened = kind === 'PostgreSQL' ? await openPostgres() : await openEmbedded();
    }, SERVICE_START_MS_MAX);
    afterAll(() => opened?.close(), SERVICE_START_MS_MAX);
    define(() => opened.database);
  });
}

async function openPostgres() {
  const { url, drop } = await createDatabase();
  const database = new Database({ url, dataDir: '' }, silent);
  await database.connect();
  const close = async () => {
    await database.close();
    await drop();
  };
  return { database, close };
}

async function openEmbedded() {
  await ensureDatabaseTemplate();
  const directory = temporaryDirectory();
  const database = new Database({ dataDir: directory.path }, silent);
  await database.connect();
  const close = async () => {
    await database.close();
    directory.remove();
  };
  return { database, close };
}

let ownServer: Promise<string> | undefined;

/** The test runner names the server; a spec that is run by itself starts one, which ends with this process. */
function sharedServerUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return Promise.resolve(given);
  ownServer ??= PostgresServer.create().then(async (server) => (await server.start()).url());
  return ownServer;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
