import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { Leases, Ownership } from './ports.js';

const RENEW_MS = 1_000;
/** An instance believes in its lease that much shorter than the database does: no two ever believe at once. */
const MARGIN_MS = 500;
/** A stopped process finds out within so long after it goes on that its time is over. */
const LOOK_MS = 250;

export interface Succession {
  /** This instance owns the book from now on; what it throws is tried again. */
  gained(epoch: number): Promise<void>;
  /** It does not any more. Null: it lost its own claim because the store is away, and nobody knows who will have it. */
  lost(by: 'another instance' | null): Promise<void>;
}

/** The epoch in which it owns the book; UNKNOWN: its lease ran out, and the store cannot be asked who has the next. */
type Role = number | 'STANDBY' | 'UNKNOWN';

const LOST = {
  STANDBY: 'Another instance owns the book: standing by',
  UNKNOWN: 'The lease on the book ran out while the store was away',
} as const;

/** Takes and keeps the lease. All times here are of a clock that runs on while the process is stopped. */
@Injectable()
export class OwnershipService extends Ownership {
  private readonly logger = new Logger('Ownership');
  private lease: { readonly epoch: number; readonly validUntilMs: number } | null = null;
  /** Why the store could not be asked the last time. */
  private away: string | null = null;
  private running: Promise<void> | undefined;
  private readonly stop = new AbortController();

  constructor(private readonly leases: Leases) {
    super();
  }

  override get epoch(): number | null {
    return this.lease && performance.now() < this.lease.validUntilMs ? this.lease.epoch : null;
  }

  override async advance(): Promise<number | null> {
    const { epoch, lease } = this;
    if (epoch === null || lease === null) return null;
    const next = await this.leases.advance(epoch);
    this.lease = next === null ? null : { ...lease, epoch: next };
    return next;
  }

  override get refusal(): RiskError {
    return this.away === null
      ? new RiskError('not_owner', 'another instance decides; ask it, or try again in some seconds')
      : new RiskError('dependency_unavailable', this.away);
  }

  /** Resolves after the first attempt: true where this instance owns the book now. */
  async begin(succession: Succession): Promise<boolean> {
    await this.attempt();
    const { epoch } = this;
    if (epoch !== null) await succession.gained(epoch);
    else await succession.lost('another instance');
    this.running = this.keep(succession, epoch ?? 'STANDBY');
    return epoch !== null;
  }

  /** Gives the book up, so that a successor begins at once. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.running;
    const { epoch } = this;
    this.lease = null;
    if (epoch !== null) await this.leases.release(epoch).catch(() => undefined);
  }

  private async keep(succession: Succession, first: Role): Promise<void> {
    let role = first;
    let nextAttemptMs = performance.now() + RENEW_MS;
    for (;;) {
      await sleep(LOOK_MS, undefined, this.stop).catch(() => undefined);
      if (this.stop.signal.aborted) return;
      if (performance.now() >= nextAttemptMs) {
        nextAttemptMs = performance.now() + RENEW_MS;
        await this.attempt();
      }
      if (this.stop.signal.aborted) return;
      const now: Role = this.epoch ?? (this.away === null || role === 'STANDBY' ? 'STANDBY' : 'UNKNOWN');
      if (now !== role && (await this.change(succession, now))) role = now;
    }
  }

  /** False where it is to be tried again. */
  private async change(succession: Succession, role: Role): Promise<boolean> {
    try {
      if (typeof role === 'number') await succession.gained(role);
      else if (role === 'STANDBY') await succession.lost('another instance');
      else await succession.lost(null);
      this.logger.log(typeof role === 'number' ? `Owner of the book, epoch ${role}` : LOST[role]);
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'The book could not change hands; trying again');
      return false;
    }
  }

  /** Renews the lease, or takes one that nobody holds. */
  private async attempt(): Promise<void> {
    const validUntilMs = performance.now() + this.leases.ttlMs - MARGIN_MS;
    try {
      const { epoch } = this;
      if (epoch !== null && (await this.leases.renew(epoch))) {
        this.lease = { epoch, validUntilMs };
      } else {
        const taken = await this.leases.acquire();
        this.lease = taken === null ? null : { epoch: taken, validUntilMs };
      }
      this.away = null;
    } catch (error) {
      this.away = error instanceof Error ? error.message : String(error);
    }
  }
}
