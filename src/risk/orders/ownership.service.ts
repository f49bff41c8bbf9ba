import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Leases, Ownership } from './ports.js';

/** How long the lease lasts without a renewal; a successor waits that long after a kill. */
const LEASE_MS = 5_000;
const RENEW_MS = 1_000;
/** An instance believes in its lease that much shorter than the database does: no two ever believe at once. */
const MARGIN_MS = 500;
/** A stopped process finds out within so long after it goes on that its time is over. */
const LOOK_MS = 250;

export interface Succession {
  /** This instance owns the book from now on; what it throws is tried again. */
  gained(epoch: number): Promise<void>;
  lost(): Promise<void>;
}

/** Takes and keeps the lease. All times here are of a clock that runs on while the process is stopped. */
@Injectable()
export class OwnershipService extends Ownership {
  private readonly logger = new Logger('Ownership');
  private lease: { readonly epoch: number; validUntilMs: number } | null = null;
  private running: Promise<void> | undefined;
  private stopping = false;
  private lastReason = '';

  constructor(private readonly leases: Leases) {
    super();
  }

  override get epoch(): number | null {
    return this.lease && performance.now() < this.lease.validUntilMs ? this.lease.epoch : null;
  }

  /** Resolves after the first attempt: true where this instance owns the book now. */
  async begin(succession: Succession): Promise<boolean> {
    await this.attempt();
    const owns = this.epoch !== null;
    if (owns) await succession.gained(this.epoch!);
    this.running = this.keep(succession, owns);
    return owns;
  }

  /** Gives the book up, so that a successor begins at once. */
  async end(): Promise<void> {
    this.stopping = true;
    await this.running;
    const { epoch } = this;
    this.lease = null;
    if (epoch !== null) await this.leases.release(epoch).catch(() => undefined);
  }

  private async keep(succession: Succession, ownedBefore: boolean): Promise<void> {
    let owned = ownedBefore;
    let nextAttemptMs = performance.now() + RENEW_MS;
    while (!this.stopping) {
      await sleep(LOOK_MS);
      if (owned && this.epoch === null) {
        owned = false;
        this.logger.warn('The book belongs to another instance, or to nobody: standing by');
        await succession.lost().catch((error: unknown) => this.logger.error(error));
      }
      if (performance.now() < nextAttemptMs || this.stopping) continue;
      nextAttemptMs = performance.now() + RENEW_MS;
      await this.attempt();
      if (owned || this.epoch === null || this.stopping) continue;
      try {
        await succession.gained(this.epoch);
        owned = true;
      } catch (error) {
        this.logger.error({ err: error }, 'The book could not be taken over; trying again');
      }
    }
  }

  /** Renews the lease, or takes one that nobody holds. */
  private async attempt(): Promise<void> {
    const askedMs = performance.now();
    const validUntilMs = askedMs + LEASE_MS - MARGIN_MS;
    try {
      const { epoch } = this;
      if (epoch !== null) {
        if (await this.leases.renew(epoch, LEASE_MS)) this.lease = { epoch, validUntilMs };
        else this.lease = null;
        return;
      }
      const taken = await this.leases.acquire(LEASE_MS);
      this.lease = taken === null ? null : { epoch: taken, validUntilMs };
      if (taken !== null) this.logger.log(`This instance owns the book (epoch ${taken})`);
      this.lastReason = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== this.lastReason) this.logger.warn(`The lease on the book cannot be asked for: ${reason}`);
      this.lastReason = reason;
    }
  }
}
