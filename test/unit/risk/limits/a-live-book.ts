import type { RiskBook } from '../../../../src/book/risk-book.js';
import type { Changes, LiveBook } from '../../../../src/risk/orders/ports.js';

/** A live book without a store behind it; what was done to it, in order. */
export class FakeLiveBook implements Pick<LiveBook, 'look' | 'commit' | 'change'> {
  readonly log: string[] = [];
  /** What the store says to the next write. */
  storeFails: Error | undefined;

  constructor(
    readonly book: RiskBook,
    private readonly now: number,
  ) {}

  async look<T>(look: (book: RiskBook, now: number) => T): Promise<T> {
    return look(this.book, this.now);
  }

  async commit<T extends Changes>(input: (book: RiskBook, now: number) => T, { keep = false } = {}): Promise<T> {
    const changes = input(this.book, this.now);
    this.log.push(keep ? 'commit, kept' : 'commit');
    if (this.storeFails) throw this.storeFails;
    return changes;
  }

  async change<T>(
    store: () => Promise<T>,
    apply: (book: RiskBook, now: number, stored: T) => Changes['effects'],
  ): Promise<T> {
    const stored = await store();
    apply(this.book, this.now, stored);
    this.log.push('change');
    return stored;
  }
}
