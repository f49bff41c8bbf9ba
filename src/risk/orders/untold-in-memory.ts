import type { AlertMessage } from './alert.schema.js';
import type { BookWrite } from './book-write.js';
import type { DecisionReply } from './decision.schema.js';
import type { Untold } from './ports.js';

/** What is longer waits in the store alone. */
const UNTOLD_MAX = 10_000;

/** What one write brought that is to be told. */
interface News {
  readonly number: number;
  readonly decisions: readonly DecisionReply[];
  readonly alerts: readonly AlertMessage[];
}

/**
 * What was stored and nobody was told yet, by write. Memory has it while all goes well; at the start, after a failure
 * and where it grows too long only the store knows (`isComplete` is false), and is asked. The numbers of the writes have
 * no gap, so that a write that memory did not hear of, because its answer was lost, shows at the next one.
 */
export class UntoldInMemory {
  private news: News[] = [];
  private size = 0;
  /** The first and the last write that it heard of since the store was asked. */
  private first: number | null = null;
  private last: number | null = null;
  /** The last write of which the store told; null until it has answered. */
  private storeLast: number | null = null;
  private complete = false;

  get isComplete(): boolean {
    return this.complete;
  }

  /** True where there is anything to tell. */
  add({ decisions, revisions, alerts }: BookWrite, number: number): boolean {
    const untold = decisions.filter(({ record }) => !record.published).map(({ record }) => record.reply);
    const count = untold.length + revisions.length + alerts.length;
    if (!this.complete) return count > 0;
    const before = this.last ?? this.storeLast;
    const follows = before === null || number === before + 1 || (this.last === null && number <= before);
    if (!follows || this.size + count > UNTOLD_MAX) {
      this.forget();
      return true;
    }
    this.first ??= number;
    this.last = number;
    if (count === 0 || (this.storeLast !== null && number <= this.storeLast)) return false;
    this.news.push({ number, decisions: [...untold, ...revisions], alerts });
    this.size += count;
    return true;
  }

  /** The oldest, of whole writes: at least `limit` where there are so many. */
  take(limit: number): Untold {
    const decisions: DecisionReply[] = [];
    const alerts: AlertMessage[] = [];
    let taken = 0;
    while (taken < this.news.length && decisions.length + alerts.length < limit) {
      const news = this.news[taken++]!;
      decisions.push(...news.decisions);
      alerts.push(...news.alerts);
    }
    const last = this.news[taken - 1]?.number ?? 0;
    this.news = this.news.slice(taken);
    this.size -= decisions.length + alerts.length;
    return { decisions, alerts, last, isAll: this.news.length === 0 };
  }

  /** Only the store knows. */
  forget(): void {
    this.complete = false;
    this.news = [];
    this.size = 0;
    this.first = null;
    this.last = null;
    this.storeLast = null;
  }

  /** Before the store is asked: what is written from now on is known here. */
  begin(): void {
    this.forget();
    this.complete = true;
  }

  /** After: of the writes up to this one the store has told all. */
  leaveOut(last: number): void {
    if (this.first !== null && this.first > last + 1) {
      this.forget();
      return;
    }
    this.storeLast = last;
    this.news = this.news.filter(({ number }) => number > last);
    this.size = this.news.reduce((size, { decisions, alerts }) => size + decisions.length + alerts.length, 0);
  }
}
