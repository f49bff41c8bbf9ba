import type { LoggerService } from '@nestjs/common';
import { type Entry, TTL_MS_MAX } from './envelope.js';
import { type Flight, Flights } from './flights.js';
import type { Announce, Invalidation } from './invalidation.js';
import type { Level } from './level.js';
import { LowerLevels } from './lower-levels.js';
import type { MemoryStore } from './memory-store.js';
import { type CacheKey, cacheKey, callersKey, isNamespace, type LevelName } from './namespaces.js';
import { Cache, type CacheResult, type LoadOptions, type WarmUpOptions, type WarmUpOutcome } from './ports.js';
import { Stamps } from './stamps.js';
import { frozenValue, UncacheableValueError, withOwnArrays } from './value.js';

export interface CacheParts {
  readonly memory: MemoryStore;
  /** In the order in which they are asked. */
  readonly levels: readonly Level[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly announce?: Announce;
  readonly logger?: Pick<LoggerService, 'warn'>;
}

interface Found {
  readonly entry: Entry;
  readonly level: LevelName;
}

const LOADED_AT_ONCE = 4;
const ASKED_AT_ONCE = 100;

/**
 * The levels as one cache: a hit fills the levels above it with the time it has left, misses of one key load once, and
 * what was deleted or overwritten stays so, whichever level or instance was away meanwhile (docs/adr/0009).
 */
export class MultiLevelCache extends Cache {
  hits = 0;
  misses = 0;
  memoryHits = 0;
  memoryMisses = 0;
  loads = 0;
  loadErrors = 0;
  /** Values that were loaded and could not be kept. */
  refused = 0;
  readonly memory: MemoryStore;
  readonly lower: LowerLevels;
  private readonly now: () => number;
  private readonly stamps: Stamps;
  private readonly lookUps = new Flights<Found | undefined>();
  private readonly loadings = new Flights<CacheResult<unknown>>();

  constructor(private readonly parts: CacheParts) {
    super();
    this.now = parts.now ?? Date.now;
    this.memory = parts.memory;
    this.stamps = new Stamps(this.now);
    this.lower = new LowerLevels(parts.levels, this.stamps, this.now);
  }

  get<T>(key: string): Promise<T | undefined> {
    const entry = this.inMemory(key);
    // Without `async`: a hit costs little more than its promise.
    if (entry) return Promise.resolve(readable(entry) as T);
    return this.below(key).then((found) => (this.counted(found) ? (readable(found.entry) as T) : undefined));
  }

  async find<T>(key: string): Promise<CacheResult<T> | undefined> {
    const entry = this.inMemory(key);
    if (entry) return this.result(entry, 'l1');
    const found = await this.below(key);
    return this.counted(found) ? this.result(found.entry, found.level) : undefined;
  }

  async set(key: string, value: unknown, ttl?: number): Promise<void> {
    const named = cacheKey(key);
    const entry = this.entryOf(value, ttlMs(ttl ?? named.policy.ttlSeconds), this.stamps.next());
    this.overtake(key);
    this.memory.put(key, entry, entry.expiresMs - entry.createdMs);
    const { namespace, stored, policy } = named;
    const written = this.lower.write(named, entry);
    if (policy.keyedBy === 'name') this.announce({ namespace, key: stored, stamp: entry.stamp, deleted: false });
    await written;
  }

  async delete(key: string): Promise<void> {
    const { namespace, stored } = cacheKey(key);
    await this.forgetEverywhere({ namespace, key: stored, stamp: this.stamps.next(), deleted: true });
  }

  async deleteNamespace(namespace: string): Promise<void> {
    if (!isNamespace(namespace)) throw new RangeError(`there is no namespace ${namespace}`);
    await this.forgetEverywhere({ namespace, stamp: this.stamps.next(), deleted: true });
  }

  async getOrLoad<T>(key: string, loader: () => Promise<T>, options?: LoadOptions): Promise<T> {
    return (await this.resolve(key, loader, options)).value;
  }

  resolve<T>(key: string, loader: () => Promise<T>, options: LoadOptions = {}): Promise<CacheResult<T>> {
    const entry = this.inMemory(key);
    if (entry) return Promise.resolve(this.result(entry, 'l1'));
    const loading = this.loadings.share(key, (flight) => this.lookUpOrLoad(key, loader, options, flight));
    return loading as Promise<CacheResult<T>>;
  }

  async warmup<T>(
    keys: readonly string[],
    loader: (key: string) => Promise<T>,
    { onProgress, ...options }: WarmUpOptions = {},
  ): Promise<WarmUpOutcome> {
    const all = [...new Set(keys)];
    const missing = await this.fetchMany(all);
    const outcome = { found: all.length - missing.length, loaded: 0, failed: 0 };
    const report = () => onProgress?.(outcome.found + outcome.loaded + outcome.failed, all.length);
    report();
    const queue = missing.values();
    const loadSome = async () => {
      for (const key of queue) {
        try {
          const { level } = await this.resolve(key, () => loader(key), options);
          outcome[level === null ? 'loaded' : 'found']++;
        } catch {
          outcome.failed++;
        }
        report();
      }
    };
    await Promise.all(Array.from({ length: LOADED_AT_ONCE }, loadSome));
    return outcome;
  }

  /** Another instance has deleted or overwritten something; `before` this one was there: what is newer stays. */
  async heard(told: Invalidation, { before = false } = {}): Promise<void> {
    const invalidation = { ...told, stamp: this.stamps.saw(told.stamp) };
    this.forgetInMemory(invalidation);
    if (before) this.lower.bury(invalidation);
    else await this.lower.forget(invalidation);
  }

  /** From now on nothing is told to others that this instance does not hear; `missed`: before, something may have been. */
  inHearing({ missed }: { missed: boolean }): void {
    this.lower.distrustOwn(missed ? this.stamps.next() : 0);
    if (missed) this.memory.removeWhere((key) => cacheKey(key).policy.keyedBy === 'name');
  }

  /** Writes what waits; no level is asked any more. */
  async close(): Promise<void> {
    await Promise.all(this.lower.all.map((level) => level.close()));
  }

  private inMemory(key: string): Entry | undefined {
    const entry = this.memory.now(key);
    if (entry === undefined) {
      this.memoryMisses++;
    } else {
      this.memoryHits++;
      this.hits++;
    }
    return entry;
  }

  private below(key: string): Promise<Found | undefined> {
    return this.lookUps.share(key, (flight) => this.lookUp(key, flight));
  }

  private counted(found: Found | undefined): found is Found {
    if (found) this.hits++;
    else this.misses++;
    return found !== undefined;
  }

  private async lookUp(key: string, flight: Flight): Promise<Found | undefined> {
    const named = cacheKey(key);
    const found = await this.lower.find(named);
    if (flight.overtaken) {
      const entry = this.memory.now(key);
      return entry && { entry, level: 'l1' };
    }
    if (!found) return undefined;
    // The time it has left is the same everywhere.
    this.memory.put(key, found.entry, found.entry.expiresMs - this.now());
    this.lower.fill(named, found.entry, found.empty);
    return { entry: found.entry, level: found.level.name };
  }

  private async lookUpOrLoad<T>(
    key: string,
    loader: () => Promise<T>,
    options: LoadOptions,
    flight: Flight,
  ): Promise<CacheResult<T>> {
    const found = await this.below(key);
    if (this.counted(found)) return this.result(found.entry, found.level);
    const named = cacheKey(key);
    const ttl = ttlMs(options.ttl ?? named.policy.ttlSeconds);
    // A value is as old as the beginning of its load: a delete since then is about it too.
    const stamp = this.stamps.next();
    this.loads++;
    let value: T;
    try {
      value = await loader();
    } catch (error) {
      this.loadErrors++;
      throw error;
    }
    const entry = this.entryOrRefusal(named, value, ttl, stamp);
    // The caller gets a value also where it cannot be kept.
    if (!entry) return { value, level: null, ageMs: 0 };
    if (!flight.overtaken && !this.lower.isDead(named, stamp)) {
      this.memory.put(key, entry, ttl);
      this.lower.fill(named, entry, this.lower.of(named));
    }
    return { value: readable(entry) as T, level: null, ageMs: 0 };
  }

  private entryOrRefusal(named: CacheKey, value: unknown, ttl: number, stamp: number): Entry | undefined {
    try {
      return this.entryOf(value, ttl, stamp);
    } catch (error) {
      if (!(error instanceof UncacheableValueError)) throw error;
      this.refused++;
      this.parts.logger?.warn(`a value of ${named.namespace} is not kept: ${error.message}`);
      return undefined;
    }
  }

  private entryOf(value: unknown, ttl: number, stamp: number): Entry {
    const createdMs = this.now();
    return { ...frozenValue(value), stamp, createdMs, expiresMs: createdMs + ttl };
  }

  private async forgetEverywhere(invalidation: Invalidation): Promise<void> {
    this.forgetInMemory(invalidation);
    const told = this.lower.forget(invalidation);
    this.announce(invalidation);
    await told;
  }

  /** And what is under way. */
  private forgetInMemory({ key: stored, namespace }: Invalidation): void {
    const key = stored === undefined ? undefined : callersKey(stored);
    if (key !== undefined) {
      this.overtake(key);
      this.memory.remove(key);
    } else {
      const matches = (other: string) => {
        const named = cacheKey(other);
        return stored === undefined ? named.namespace === namespace : named.stored === stored;
      };
      this.lookUps.overtakeWhere(matches);
      this.loadings.overtakeWhere(matches);
      this.memory.removeWhere(matches);
    }
  }

  private overtake(key: string): void {
    this.lookUps.overtake(key);
    this.loadings.overtake(key);
  }

  private announce(invalidation: Invalidation): void {
    this.parts.announce?.(invalidation);
  }

  /** Those of the keys that are neither in memory nor in the level below it; the others are in memory then. */
  private async fetchMany(keys: readonly string[]): Promise<string[]> {
    const asked = keys
      .filter((key) => this.memory.now(key) === undefined)
      .map((key) => ({ key, named: cacheKey(key) }));
    const missing: string[] = [];
    for (let from = 0; from < asked.length; from += ASKED_AT_ONCE) {
      const some = asked.slice(from, from + ASKED_AT_ONCE);
      const entries = await this.lower.findMany(some.map(({ named }) => named));
      some.forEach(({ key }, i) => {
        const entry = entries[i];
        if (entry) this.memory.put(key, entry, entry.expiresMs - this.now());
        else missing.push(key);
      });
    }
    return missing;
  }

  private result<T>(entry: Entry, level: LevelName): CacheResult<T> {
    return { value: readable(entry) as T, level, ageMs: Math.max(0, this.now() - entry.createdMs) };
  }
}

const readable = (entry: Entry): unknown => (entry.hasArrays ? withOwnArrays(entry.value) : entry.value);

/** Milliseconds of a ttl in seconds. */
function ttlMs(seconds: number): number {
  if (typeof seconds === 'number' && seconds > 0 && seconds * 1_000 <= TTL_MS_MAX) {
    return Math.max(1, Math.round(seconds * 1_000));
  }
  throw new RangeError(`expected a ttl of more than 0 and up to ${TTL_MS_MAX / 1_000} seconds, got ${String(seconds)}`);
}
