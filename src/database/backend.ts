import type { PoolConfig } from 'pg';

/** What stands behind the pool: a PostgreSQL server somewhere, or the embedded one that this process runs itself. */
export interface DatabaseBackend {
  readonly kind: 'postgresql' | 'embedded';
  /** Where it is, in words fit for a log: never a password. */
  readonly label: string;
  readonly poolConfig: PoolConfig;
  /** Starts what must run in this process; called before every attempt to connect. */
  ensureRunning(onFailure: (reason: string) => void): Promise<void>;
  close(): Promise<void>;
}

const LIMITS: PoolConfig = {
  connectionTimeoutMillis: 3_000,
  statement_timeout: 20_000,
  // The client's own limit, for a server that no longer answers at all.
  query_timeout: 25_000,
  idle_in_transaction_session_timeout: 60_000,
  idleTimeoutMillis: 30_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  application_name: 'redfire-risk',
};

/** The backend of DATABASE_URL. */
export function postgresqlBackend(url: string, poolSize = 10): DatabaseBackend {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? (hostname || 'localhost');
  return {
    kind: 'postgresql',
    label: `PostgreSQL at ${host}:${searchParams.get('port') ?? (port || '5432')}${pathname}`,
    poolConfig: { ...LIMITS, connectionString: url, max: poolSize },
    ensureRunning: async () => undefined,
    close: async () => undefined,
  };
}
