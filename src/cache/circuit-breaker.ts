/** Failures in a row until a level is left alone. */
const FAILURES_MAX = 3;
const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 2_000;
/** One that fails again so soon was not back. */
const SOON_MS = 10_000;

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export interface BreakerOptions {
  /** Returns where the level works again; it may take as long as it needs. */
  readonly probe: () => Promise<void>;
  readonly onChange?: (state: BreakerState, reason: string | null) => void;
  /** A level that has yet to be reached begins open. */
  readonly open?: string;
}

/**
 * Keeps callers from a level that fails, and tries by itself whether it is back: no caller waits to find out.
 */
export class CircuitBreaker {
  state: BreakerState = 'CLOSED';
  /** Why it is not closed. */
  reason: string | null = null;
  private failures = 0;
  private delayMs = RETRY_FIRST_MS;
  private closedMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(private readonly options: BreakerOptions) {
    if (options.open === undefined) return;
    this.state = 'OPEN';
    this.reason = options.open;
    this.tryLater();
  }

  get isClosed(): boolean {
    return this.state === 'CLOSED';
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(reason: string): void {
    if (++this.failures >= FAILURES_MAX) this.open(reason);
  }

  /** At once, where one failure is proof enough. */
  open(reason: string): void {
    if (this.state !== 'CLOSED' || this.ended) return;
    if (performance.now() - this.closedMs > SOON_MS) this.delayMs = RETRY_FIRST_MS;
    this.become('OPEN', reason);
    this.tryLater();
  }

  /** Something says that it may be back. */
  tryNow(): void {
    if (this.state !== 'OPEN' || this.ended) return;
    clearTimeout(this.timer);
    void this.try();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private tryLater(): void {
    // Spread, so that instances do not come back all at the same moment.
    const ms = this.delayMs * (0.75 + Math.random() / 2);
    this.delayMs = Math.min(this.delayMs * 2, RETRY_LAST_MS);
    this.timer = setTimeout(() => void this.try(), ms);
    this.timer.unref();
  }

  private async try(): Promise<void> {
    const { reason } = this;
    this.become('HALF_OPEN', reason);
    try {
      await this.options.probe();
      this.failures = 0;
      this.closedMs = performance.now();
      if (!this.ended) this.become('CLOSED', null);
    } catch (error) {
      if (this.ended) return;
      this.become('OPEN', error instanceof Error ? error.message : String(error));
      this.tryLater();
    }
  }

  private become(state: BreakerState, reason: string | null): void {
    this.state = state;
    this.reason = reason;
    this.options.onChange?.(state, reason);
  }
}
