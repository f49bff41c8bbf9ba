import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Effect } from '../../book/effects.js';
import type { BookSettings } from '../../book/limits.js';
import { RiskBook } from '../../book/risk-book.js';
import { Clock } from '../clock.js';
import { RiskError } from '../errors.js';
import { addChanges } from './book-changes.js';
import { type BookWrite, BookWriteBuilder } from './book-write.js';
import { type BookHistory, BookStore, type Changes, type CommitOptions, LiveBook, Ownership } from './ports.js';
import { withCloses } from './with-closes.js';
import { type Change, WriteQueue } from './write-queue.js';

type Input = (book: RiskBook, now: number) => Changes;

/** What was stored, and the number of the write. */
interface Written {
  readonly write: BookWrite;
  readonly number: number;
}

const RELOAD_MS_MIN = 100;
const RELOAD_MS_MAX = 2_000;
const TICK_MS = 1_000;
/** How old an image may be that a standby answers from. */
const IMAGE_MS_MAX = 1_000;

/**
 * Holds the book in memory and writes what changes it: one write at a time, each with everything since the one before.
 * A write that fails leaves memory ahead of the store, so the book is dropped and loaded anew; until then nobody decides.
 */
@Injectable()
export class LiveBookService extends LiveBook implements OnApplicationShutdown {
  private readonly logger = new Logger('Book');
  private book: RiskBook | null = null;
  private readonly queue = new WriteQueue(
    async (changes) => this.announce(await this.append(this.live(), changes)),
    (error) => this.fail(error),
  );
  /** The last change of reference data; others wait for it. */
  private changing: Promise<unknown> | null = null;
  private readHistory: () => Promise<BookHistory> = async () => ({ closes: [], scenarios: undefined });
  /** What must hold whatever becomes of the store. */
  private readonly kept = new Set<Input>();
  /** The epoch in which the book was loaded; in a later one somebody else may have changed what is stored. */
  private openedIn: number | null = null;
  private opening: Promise<void> | null = null;
  /** Told while the book is being loaded. */
  private told: ((book: RiskBook, now: number) => void)[] | null = null;
  private image: { readonly book: Promise<RiskBook>; readonly at: number } | null = null;
  private reason = 'the book is not loaded yet';
  private ticker: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly listeners: ((write: BookWrite, number: number) => void)[] = [];

  constructor(
    private readonly store: BookStore,
    private readonly ownership: Ownership,
    private readonly clock: Clock,
    private readonly settings: BookSettings,
  ) {
    super();
  }

  /** Loads the book of this epoch; it is live from then on. */
  open(epoch: number): Promise<void> {
    if (this.openedIn !== epoch || !(this.opening || this.book)) {
      this.opening = this.openAnew(epoch).finally(() => {
        this.opening = null;
      });
    }
    return this.opening ?? Promise.resolve();
  }

  /** Drops the book: it is not ours any more. */
  close(): void {
    this.closed = true;
    this.drop(this.ownership.refusal, 'the book belongs to another instance');
  }

  /** Resolves once everything decided so far is stored, or is known not to be. */
  async settled(): Promise<void> {
    while (this.changing) await this.changing.catch(() => undefined);
    await this.queue.idle();
  }

  onApplicationShutdown(): void {
    clearInterval(this.ticker);
    this.closed = true;
  }

  override onWritten(listener: (write: BookWrite, number: number) => void): void {
    this.listeners.push(listener);
  }

  override readHistoryWith(read: () => Promise<BookHistory>): void {
    this.readHistory = read;
  }

  override async look<T>(look: (book: RiskBook, now: number) => T): Promise<T> {
    return look(this.book && this.owns ? this.book : await this.storedImage(), this.now());
  }

  override tell(input: (book: RiskBook, now: number) => void): void {
    if (this.told) this.told.push(input);
    else if (this.book) input(this.book, this.now());
  }

  override async commit<T extends Changes>(
    input: (book: RiskBook, now: number) => T,
    { keep = false }: CommitOptions = {},
  ): Promise<T> {
    // What must hold whatever happens, such as a kill switch, does not wait for others.
    while (this.changing && !keep) await this.changing.catch(() => undefined);
    return this.apply(input, keep);
  }

  override async change<T>(
    store: () => Promise<T>,
    apply: (book: RiskBook, now: number, stored: T) => readonly Effect[],
  ): Promise<T> {
    while (this.changing) await this.changing.catch(() => undefined);
    const change = this.changeAlone(store, apply);
    this.changing = change;
    try {
      return await change;
    } finally {
      this.changing = null;
    }
  }

  private async changeAlone<T>(
    store: () => Promise<T>,
    apply: (book: RiskBook, now: number, stored: T) => readonly Effect[],
  ): Promise<T> {
    await this.queue.idle();
    const book = this.live();
    let applied = false;
    try {
      const { stored, written } = await this.store.together(async () => {
        const stored = await store();
        applied = true;
        const now = this.now();
        return { stored, written: await this.append(book, [{ changes: { effects: apply(book, now, stored) }, now }]) };
      });
      // Not before it is committed.
      this.announce(written);
      return stored;
    } catch (error) {
      if (applied) this.fail(error);
      throw error;
    }
  }

  private async apply<T extends Changes>(input: (book: RiskBook, now: number) => T, keep: boolean): Promise<T> {
    if (keep && this.openedIn !== null) this.kept.add(input);
    const book = this.live();
    const now = this.now();
    let changes: T;
    try {
      changes = input(book, now);
    } catch (error) {
      this.kept.delete(input);
      // A half-made change is worse than none.
      if (!(error instanceof RiskError)) this.fail(error);
      throw error;
    }
    await this.stored(changes, now);
    this.kept.delete(input);
    return changes;
  }

  /** Resolves once these changes, and whatever came before them, are stored and this instance may still say so. */
  private async stored(changes: Changes, now: number): Promise<void> {
    await this.queue.store({ changes, now });
    if (!this.owns) throw this.ownership.refusal;
  }

  /** Null where there is nothing to be stored. */
  private async append(book: RiskBook, written: readonly Change[]): Promise<Written | null> {
    const write = new BookWriteBuilder();
    for (const { changes, now } of written) addChanges(write, changes, { book, now });
    if (write.isEmpty) return null;
    const { now: eventTime, session } = book.clock;
    const stamp = { epoch: this.openedIn!, eventTime, session };
    const number = this.owns ? await this.store.append(write, stamp) : null;
    if (number === null) throw this.ownership.refusal;
    return { write, number };
  }

  private announce(written: Written | null): void {
    if (written) for (const listener of this.listeners) listener(written.write, written.number);
  }

  /** Memory is ahead of the store: nobody may see it any more. */
  private fail(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error));
    if (!this.book) return;
    this.logger.error({ err: cause }, 'The book is not what is stored: it is loaded again');
    const isOver = cause instanceof RiskError && cause.code === 'not_owner';
    const away = new RiskError('dependency_unavailable', `the decision could not be stored: ${cause.message}`);
    this.drop(isOver ? cause : away, 'the book is being loaded again');
    void this.reload();
  }

  private drop(error: Error, reason: string): void {
    this.book = null;
    this.reason = reason;
    this.queue.rejectAll(error);
  }

  private async openAnew(epoch: number): Promise<void> {
    this.closed = false;
    // Somebody else decided in between, and what was to be kept is history.
    if (this.openedIn !== null && epoch > this.openedIn + 1) this.kept.clear();
    if (this.book) this.drop(this.ownership.refusal, 'the book is being loaded');
    this.openedIn = epoch;
    this.image = null;
    this.told = [];
    try {
      const { book, effects } = await this.load();
      for (const input of this.told) input(book, this.now());
      this.book = book;
      void this.stored({ effects }, this.now()).catch(() => undefined);
    } finally {
      this.told = null;
    }
    this.ticker ??= setInterval(() => void this.tick(), TICK_MS).unref();
    for (const input of this.kept) void this.apply(input, true).catch(() => undefined);
    await this.queue.idle();
  }

  private async reload(): Promise<void> {
    for (let pauseMs = RELOAD_MS_MIN; !this.book; pauseMs = Math.min(pauseMs * 2, RELOAD_MS_MAX)) {
      await sleep(pauseMs);
      if (this.closed) return;
      try {
        // A write whose answer was lost may still be under way: in another epoch it stores nothing, or is waited for.
        const epoch = await this.ownership.advance();
        if (epoch !== null) await this.open(epoch);
      } catch (error) {
        this.reason = `the book cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }

  private async load(): Promise<{ book: RiskBook; effects: Effect[] }> {
    const { closes, scenarios } = await this.readHistory();
    const { records, newAccounts } = await this.store.load();
    // Closes first: a position that seems to get its first price later would count as bought at it.
    const book = RiskBook.restore({ ...records, symbols: withCloses(records.symbols, closes) }, this.settings);
    const now = this.now();
    const effects = scenarios ? book.setScenarios(scenarios, now) : [];
    return { book, effects: [...effects, ...newAccounts.flatMap((account) => book.setAccount(account, now))] };
  }

  /** What a standby sees. */
  private storedImage(): Promise<RiskBook> {
    if (this.ownership.epoch !== null) throw new RiskError('dependency_unavailable', this.reason);
    if (!this.image || performance.now() - this.image.at > IMAGE_MS_MAX) {
      this.image = { book: this.load().then(({ book }) => book), at: performance.now() };
    }
    return this.image.book;
  }

  private live(): RiskBook {
    if (!this.owns) throw this.ownership.refusal;
    if (!this.book) throw new RiskError('dependency_unavailable', this.reason);
    return this.book;
  }

  private async tick(): Promise<void> {
    if (!this.book || !this.owns) return;
    await this.commit((book, now) => ({ effects: book.tick(now) })).catch(() => undefined);
  }

  private get owns(): boolean {
    return this.openedIn !== null && this.ownership.epoch === this.openedIn;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
