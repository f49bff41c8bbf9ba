import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Query, SQL } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg, { type PoolClient, type QueryResultRow } from 'pg';
import { type DatabaseBackend, postgresqlBackend } from './backend.js';
import { ConnectionKeeper, type DatabaseLogger, type DatabaseStatus } from './connection-keeper.js';
import { EmbeddedBackend } from './embedded/embedded-backend.js';
import * as schema from './schema.js';
import { StatementNames } from './statement-names.js';
import {
  DatabaseUnavailableError,
  driverError,
  isUnavailable,
  leavesConnectionUsable,
  reasonOf,
} from './unavailable.js';

/** The drizzle handle of one connection; the same type inside and outside a transaction. */
export type Sql = NodePgDatabase<typeof schema>;

const dialect = new PgDialect();

/** A statement as the server gets it. */
export const queryOf = (statement: SQL): Query => dialect.sqlToQuery(statement);

export interface DatabaseOptions {
  /** PostgreSQL 15 or later; unset = embedded, in `db` below `dataDir`. */
  url?: string | undefined;
  dataDir: string;
  poolSize?: number;
}

/**
 * The one way to SQL. Every call either succeeds, throws the driver's error (with its SQL state in `code`), or throws
 * DatabaseUnavailableError within seconds; connections come back by themselves.
 */
export class Database implements OnApplicationShutdown {
  private readonly backend: DatabaseBackend;
  private readonly pool: pg.Pool;
  private readonly keeper: ConnectionKeeper;
  private readonly handles = new WeakMap<PoolClient, Sql>();
  private readonly prepared = new StatementNames();
  /** The transaction that a caller further up has opened. */
  private readonly ambient = new AsyncLocalStorage<{ sql: Sql; client: PoolClient; open: boolean }>();
  private ambientCount = 0;
  private closing: Promise<void> | undefined;

  constructor(options: DatabaseOptions, logger: DatabaseLogger) {
    this.backend = options.url
      ? postgresqlBackend(options.url, options.poolSize)
      : new EmbeddedBackend(join(options.dataDir, 'db'), logger);
    this.pool = new pg.Pool(this.backend.poolConfig);
    this.keeper = new ConnectionKeeper(this.backend, this.pool, logger);
  }

  get status(): DatabaseStatus {
    return this.keeper.status;
  }

  /**
   * Makes the first attempt. A database that is away is no failure: attempts go on in the background and `status` says
   * why. Throws DatabaseRefusedError where no retry would help.
   */
  async connect(): Promise<void> {
    try {
      await this.keeper.start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Resolves when the database is up and migrated, at once where it is already. */
  whenUp(): Promise<void> {
    return this.keeper.whenUp();
  }

  /** Runs statements on one connection, each committed by itself unless `together` is under way. */
  run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const around = this.around;
    return around ? work(around.sql) : this.withClient((client) => work(this.handle(client)));
  }

  /**
   * The rows of one statement that comes again and again: each connection keeps it, parsed and planned. For statements
   * that have but one good plan: the server stays with the one that it made for tables as they were then.
   */
  runPrepared<Row extends QueryResultRow>(query: Query): Promise<Row[]> {
    return this.rowsOf(query, this.prepared.nameOf(query.sql));
  }

  /** The rows of one statement whose text is there already: writing a short one anew takes as long as sending it. */
  runWritten<Row extends QueryResultRow>(query: Query): Promise<Row[]> {
    return this.rowsOf(query);
  }

  /** One transaction around everything that `work` does through this database, whoever does it. */
  together<T>(work: () => Promise<T>): Promise<T> {
    return this.transaction(async (sql, client) => {
      const transaction = { sql, client, open: true };
      this.ambientCount++;
      try {
        return await this.ambient.run(transaction, work);
      } finally {
        // What was started inside and lives on is outside from here.
        transaction.open = false;
        // While it is on, Node notes every promise of the process, which costs each request a tenth more.
        if (--this.ambientCount === 0) this.ambient.disable();
      }
    });
  }

  /**
   * Runs `work` in one transaction; an error rolls it back. All statements must go through the handle given: the
   * embedded database has a single connection, so a statement beside it would wait for the transaction, and the
   * transaction for the statement.
   */
  transaction<T>(work: (sql: Sql, client: PoolClient) => Promise<T>): Promise<T> {
    const around = this.around;
    if (around) return work(around.sql, around.client);
    return this.withClient(async (client) => {
      await client.query('begin');
      let result: T;
      try {
        result = await work(this.handle(client), client);
      } catch (error) {
        if (leavesConnectionUsable(driverError(error))) await client.query('rollback');
        throw error;
      }
      const { command } = await client.query('commit');
      // A statement that failed and was caught inside `work` turns the commit into a rollback that reports no error.
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed');
      return result;
    });
  }

  async close(): Promise<void> {
    this.closing ??= this.keeper.stop().then(async () => {
      await this.pool.end();
      await this.backend.close();
    });
    return this.closing;
  }

  /** The last phase of the shutdown, so that requests and consumers still finish their writes. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private rowsOf<Row extends QueryResultRow>({ sql: text, params: values }: Query, name?: string): Promise<Row[]> {
    const query = async (client: PoolClient) => (await client.query<Row>({ name, text, values })).rows;
    const around = this.around;
    return around ? query(around.client) : this.withClient(query);
  }

  private get around(): { readonly sql: Sql; readonly client: PoolClient } | undefined {
    const transaction = this.ambient.getStore();
    return transaction?.open ? transaction : undefined;
  }

  private handle(client: PoolClient): Sql {
    let handle = this.handles.get(client);
    if (!handle) {
      handle = drizzle(client, { schema });
      this.handles.set(client, handle);
    }
    return handle;
  }

  private async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      const cause = driverError(error);
      broken = !leavesConnectionUsable(cause);
      if (!isUnavailable(cause)) throw cause;
      this.keeper.suspect(cause);
      throw new DatabaseUnavailableError(reasonOf(cause), broken, { cause });
    } finally {
      client.release(broken);
    }
  }

  private async acquire(): Promise<PoolClient> {
    const { state, reason } = this.status;
    if (state !== 'UP') throw new DatabaseUnavailableError(reason ?? state.toLowerCase(), false);
    try {
      return await this.pool.connect();
    } catch (cause) {
      this.keeper.suspect(cause);
      throw new DatabaseUnavailableError(reasonOf(cause), false, { cause });
    }
  }
}
