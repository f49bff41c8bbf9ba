import type { LevelName } from './namespaces.js';

/** A value with where it came from. */
export interface CacheResult<T> {
  readonly value: T;
  /** Null where it was loaded now. */
  readonly level: LevelName | null;
  /** Since it was made. */
  readonly ageMs: number;
}

export interface LoadOptions {
  /** Seconds, up to seven days; default: that of the namespace. */
  readonly ttl?: number;
}

export interface WarmUpOptions extends LoadOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

/** What became of the keys of a warm-up. */
export interface WarmUpOutcome {
  /** In some level already. */
  readonly found: number;
  readonly loaded: number;
  readonly failed: number;
}

/**
 * Derived and reference data, kept in up to three levels of which each may fail: what a level does never shows but in
 * what an answer costs. Keys are `namespace:rest` (see NAMESPACES); values are plain data, and come back frozen.
 */
export abstract class Cache {
  /** Undefined where no level has it. */
  abstract get<T>(key: string): Promise<T | undefined>;
  abstract find<T>(key: string): Promise<CacheResult<T> | undefined>;
  /** `ttl` in seconds, up to seven days. Throws UncacheableValueError, and RangeError for a ttl. */
  abstract set(key: string, value: unknown, ttl?: number): Promise<void>;
  /** In every level of every instance; from then on no level brings back what was there before. */
  abstract delete(key: string): Promise<void>;
  abstract deleteNamespace(namespace: string): Promise<void>;
  /** One load for all who want the key meanwhile. Throws what the loader throws, which is kept nowhere. */
  abstract getOrLoad<T>(key: string, loader: () => Promise<T>, options?: LoadOptions): Promise<T>;
  abstract resolve<T>(key: string, loader: () => Promise<T>, options?: LoadOptions): Promise<CacheResult<T>>;
  /** Brings keys into memory, a few at a time; an error of the loader is counted and leaves the others alone. */
  abstract warmup<T>(
    keys: readonly string[],
    loader: (key: string) => Promise<T>,
    options?: WarmUpOptions,
  ): Promise<WarmUpOutcome>;
}

/** Fills a namespace before anybody asks. */
export interface Warmer {
  /** Some that it makes sense for, at most so many. */
  accounts(limit: number): Promise<readonly string[]>;
  warm(accountIds: readonly string[], onProgress?: (done: number, total: number) => void): Promise<WarmUpOutcome>;
}

export abstract class WarmUps {
  abstract add(namespace: string, warmer: Warmer): void;
}
