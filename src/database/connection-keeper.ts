import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { DatabaseBackend } from './backend.js';
import { applyMigrations, checkServerVersion } from './migrate.js';
import { DatabaseRefusedError, leavesConnectionUsable, reasonOf } from './unavailable.js';

export type DatabaseLogger = Pick<LoggerService, 'log' | 'warn' | 'error'>;

export interface DatabaseStatus {
  readonly kind: 'postgresql' | 'embedded';
  /** CONNECTING until the first success, DOWN after a loss. Both are being retried; `reason` says why they fail. */
  readonly state: 'CONNECTING' | 'UP' | 'DOWN' | 'CLOSED';
  readonly reason?: string;
  /** When the state became what it is. */
  readonly since: Date;
  readonly serverVersion?: string;
}

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 5_000;
const HEARTBEAT_MS = 5_000;
/** All connections of the pool busy, or one statement slow: the server may be loaded rather than away, so look first. */
const SLOW_MESSAGES = new Set(['timeout exceeded when trying to connect', 'Query read timeout']);

/** Knows whether the database can be used, and brings it back: connects, migrates, checks, retries. */
export class ConnectionKeeper {
  status: DatabaseStatus;
  private readonly up: Promise<void>;
  private resolveUp: () => void = () => undefined;
  private wake: () => void = () => undefined;
  private watching: Promise<void> | undefined;

  constructor(
    private readonly backend: DatabaseBackend,
    private readonly pool: Pool,
    private readonly logger: DatabaseLogger,
  ) {
    this.status = { kind: backend.kind, state: 'CONNECTING', since: new Date() };
    this.up = new Promise((resolve) => {
      this.resolveUp = resolve;
    });
    // Without a listener of its own a connection that breaks while checked out would end the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', (error) => this.suspect(error));
  }

  async start(): Promise<void> {
    await this.attempt({ refusalIsFatal: true });
    this.watching = this.watch();
  }

  whenUp(): Promise<void> {
    return this.up;
  }

  /** A call failed or a connection broke: find out now, not at the next heartbeat. */
  suspect(error: unknown): void {
    // While it is away the retries keep their own pace.
    if (this.status.state !== 'UP') return;
    if (!isSlowness(error)) this.goDown(reasonOf(error));
    this.wake();
  }

  async stop(): Promise<void> {
    this.change('CLOSED', { reason: 'the service is shutting down' });
    this.wake();
    await this.watching;
  }

  private get stopped(): boolean {
    return this.status.state === 'CLOSED';
  }

  private async watch(): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    while (!this.stopped) {
      const wasUp = this.status.state === 'UP';
      await this.pause(wasUp ? HEARTBEAT_MS : retryMs);
      if (this.stopped) return;
      if (wasUp && this.status.state === 'UP') await this.heartbeat();
      else await this.attempt({ refusalIsFatal: false });
      retryMs = this.status.state === 'UP' ? RETRY_MS_MIN : Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  private async attempt({ refusalIsFatal }: { refusalIsFatal: boolean }): Promise<void> {
    let client: PoolClient | undefined;
    try {
      await this.backend.ensureRunning((reason) => this.suspect(new Error(reason)));
      client = await this.pool.connect();
      const serverVersion = await checkServerVersion(client);
      await applyMigrations(client);
      client.release();
      if (this.stopped) return;
      this.change('UP', { serverVersion });
      this.logger.log(`${this.backend.label} is up, version ${serverVersion}`);
      this.resolveUp();
    } catch (error) {
      client?.release(true);
      if (refusalIsFatal && error instanceof DatabaseRefusedError) throw error;
      if (!this.stopped) this.stayDown(reasonOf(error));
    }
  }

  private async heartbeat(): Promise<void> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      await client.query('select 1');
      client.release();
    } catch (error) {
      client?.release(true);
      if (this.status.state === 'UP' && !isSlowness(error)) this.goDown(reasonOf(error));
    }
  }

  private goDown(reason: string): void {
    this.change('DOWN', { reason });
    this.logger.error(`${this.backend.label} is away: ${reason}. Retrying.`);
  }

  /** Says each reason once, not at every attempt. */
  private stayDown(reason: string): void {
    if (this.status.reason === reason) return;
    this.change(this.status.state, { reason, since: this.status.since });
    this.logger.warn(`${this.backend.label} cannot be used: ${reason}. Retrying.`);
  }

  private change(state: DatabaseStatus['state'], rest: Partial<DatabaseStatus>): void {
    this.status = { kind: this.backend.kind, state, since: new Date(), ...rest };
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function isSlowness(error: unknown): boolean {
  return types.isNativeError(error) && (SLOW_MESSAGES.has(error.message) || leavesConnectionUsable(error));
}
