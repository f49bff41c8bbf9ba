import type { Store } from 'cache-manager';
import { type BreakerState, CircuitBreaker } from './circuit-breaker.js';
import type { Pending } from './pending.js';
import { DeadlineError, withinDeadline } from './within-deadline.js';

/** What a store below memory may have beyond cache-manager's: the cache does without where it has not. */
export interface TextStore extends Store {
  /** Writes unless there is a value already. */
  add?(key: string, text: string, ttlMs: number): Promise<void>;
  /** Removes everything of a namespace; may take long. */
  deleteNamespace?(namespace: string): Promise<void>;
  /** Throws where the store is not there. */
  check?(): Promise<void>;
  /** Undefined where it does not know. */
  readonly size?: { readonly entries: number; readonly bytes: number } | undefined;
  /** Named things that are older may have been overwritten or deleted since: the store may have gone back in time. */
  readonly floor?: number;
  readonly evictions?: number;
  /** Values that it found damaged by itself. */
  readonly damaged?: number;
  close?(): Promise<void>;
}

/** A failure that says that this one write is not wanted now, and nothing against the store. */
export class StoreFullError extends Error {}

export interface LevelOptions {
  readonly name: 'l2' | 'l3';
  readonly store: TextStore;
  /** Longest time a caller waits for an answer, in milliseconds. */
  readonly waitMs: number;
  /** Longest time a write may take before it counts as failed. */
  readonly writeMs: number;
  /** Longest life of a value in this level. */
  readonly ttlMsMax: number;
  readonly pending: Pending;
  /** Where the store has yet to be reached. */
  readonly open?: string;
  readonly onChange?: ((state: BreakerState, reason: string | null) => void) | undefined;
}

/** Instead of an answer: the level could not give one. */
export const AWAY = Symbol('away');
/** A text, or nothing. */
export type Answer = string | undefined | typeof AWAY;

const DELETED_AT_ONCE = 500;
/** Nobody waits for it but the level itself. */
const TELLING_MS_MAX = 30_000;

/**
 * A store that may fail, hang or come back with what it held before: nothing here throws or takes longer than it may.
 * What it could not be told is pending; until it was, the keys concerned are not read, and a level that comes back is
 * told first.
 */
export class Level {
  readonly name: 'l2' | 'l3';
  readonly breaker: CircuitBreaker;
  hits = 0;
  misses = 0;
  errors = 0;
  timeouts = 0;
  /** Values that were found and not usable: damaged, of somebody else, from the future. */
  invalid = 0;
  lastError: string | null = null;
  /** It was tried: where it is not up it is down. */
  wasTried = false;
  private telling: Promise<void> | undefined;

  constructor(private readonly options: LevelOptions) {
    this.name = options.name;
    this.breaker = new CircuitBreaker({
      probe: () => this.comeBack(),
      onChange: (state, reason) => {
        this.wasTried ||= state === 'CLOSED' || state === 'OPEN';
        options.onChange?.(state, reason);
      },
      ...(options.open !== undefined && { open: options.open }),
    });
  }

  get store(): TextStore {
    return this.options.store;
  }

  get pendingCount(): number {
    return this.options.pending.count(this.name);
  }

  read(key: string): Promise<Answer> {
    if (!this.breaker.isClosed || this.options.pending.has(this.name, key)) return Promise.resolve(AWAY);
    return this.guarded(() => this.store.get<string>(key), this.options.waitMs);
  }

  /** Many at once, with one question to the store. */
  async readMany(keys: readonly string[]): Promise<Answer[]> {
    if (!this.breaker.isClosed) return keys.map(() => AWAY);
    const texts = await this.guarded(() => this.store.mget(...keys) as Promise<Answer[]>, this.options.writeMs);
    return keys.map((key, i) => (texts === AWAY || this.options.pending.has(this.name, key) ? AWAY : texts[i]));
  }

  /** False where the level did not take it. */
  async write(key: string, text: string, ttlMs: number): Promise<boolean> {
    if (!this.breaker.isClosed) return false;
    const { pending } = this.options;
    const call = pending.callOf(this.name, key);
    const written = await this.guarded(() => this.store.set(key, text, this.ttl(ttlMs)), this.options.writeMs);
    if (written === AWAY) return false;
    // Overwritten is as good as deleted.
    if (call > 0) pending.remove(this.name, { name: key, call });
    return true;
  }

  /** Fills what is empty; never in the way of a write. */
  async add(key: string, text: string, ttlMs: number): Promise<void> {
    if (!this.breaker.isClosed || this.options.pending.has(this.name, key)) return;
    const { store } = this;
    const ttl = this.ttl(ttlMs);
    await this.guarded(() => (store.add ? store.add(key, text, ttl) : store.set(key, text, ttl)), this.options.writeMs);
  }

  /** Returns once the level was told, or it is kept in mind that it was not. */
  async delete(key: string): Promise<void> {
    const deleted = this.breaker.isClosed ? await this.guarded(() => this.store.del(key), this.options.waitMs) : AWAY;
    if (deleted === AWAY) await this.mark(key);
  }

  /** The key is not read here until the level was told that what it holds is out of date. */
  async mark(key: string): Promise<void> {
    await this.options.pending.add(this.name, key);
    this.tellSoon();
  }

  async deleteNamespace(namespace: string): Promise<void> {
    await this.options.pending.add(this.name, namespace);
    this.tellSoon();
  }

  /** Removes a value that is of no use; nothing waits for it. */
  discard(key: string): void {
    if (this.breaker.isClosed) void this.guarded(() => this.store.del(key), this.options.writeMs);
  }

  async close(): Promise<void> {
    this.breaker.end();
    await this.store.close?.();
  }

  private ttl(ttlMs: number): number {
    return Math.max(1, Math.floor(Math.min(ttlMs, this.options.ttlMsMax)));
  }

  private async comeBack(): Promise<void> {
    await this.store.check?.();
    await this.tellAll();
  }

  /** A single failure leaves the breaker closed: what is pending is told all the same. */
  private tellSoon(): void {
    if (!this.breaker.isClosed || this.telling) return;
    this.telling = this.tellAll()
      .catch((error: unknown) => this.breaker.open(this.noted(error)))
      .finally(() => {
        this.telling = undefined;
      });
  }

  private async tellAll(): Promise<void> {
    const { pending } = this.options;
    for (;;) {
      const some = pending.some(this.name, DELETED_AT_ONCE);
      if (some.length === 0) return;
      const keys = some.flatMap(({ name }) => (name.includes(':') ? [name] : []));
      if (keys.length > 0) await withinDeadline(this.store.mdel(...keys), TELLING_MS_MAX);
      for (const { name } of some) {
        if (!name.includes(':')) await withinDeadline(deleteNamespace(this.store, name), TELLING_MS_MAX);
      }
      for (const taken of some) pending.remove(this.name, taken);
    }
  }

  /** Of a store that throws instead of refusing, too. */
  private guarded<T>(ask: () => Promise<T>, ms: number): Promise<T | typeof AWAY> {
    try {
      return withinDeadline(ask(), ms).then(this.answered, this.failed);
    } catch (error) {
      return Promise.resolve(this.failed(error));
    }
  }

  private readonly answered = <T>(answer: T): T => {
    this.breaker.succeeded();
    return answer;
  };

  private readonly failed = (error: unknown): typeof AWAY => {
    const reason = this.noted(error);
    if (!(error instanceof StoreFullError)) this.breaker.failed(reason);
    return AWAY;
  };

  private noted(error: unknown): string {
    this.errors++;
    if (error instanceof DeadlineError) this.timeouts++;
    this.lastError = error instanceof Error ? error.message : String(error);
    return this.lastError;
  }
}

/** A store that has no namespaces forgets everything. */
const deleteNamespace = (store: TextStore, namespace: string): Promise<void> =>
  store.deleteNamespace ? store.deleteNamespace(namespace) : store.reset();
