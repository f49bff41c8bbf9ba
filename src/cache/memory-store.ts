import type { Store } from 'cache-manager';
import { LRUCache } from 'lru-cache';
import type { Entry } from './envelope.js';

/** What the map of an entry takes beside key and value, in bytes. */
const ENTRY_BYTES = 400;
/** What is taken for each entry that there may be, whether it is there or not. */
const PLACE_BYTES = 48;

export interface MemoryLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Level 1: entries in the memory of this process, the least recently used ones leave first. */
export class MemoryStore implements Store {
  evictions = 0;
  private readonly entries: LRUCache<string, Entry>;

  constructor({ entriesMax, bytesMax }: MemoryLimits) {
    const bytes = Math.max(bytesMax - entriesMax * PLACE_BYTES, Math.ceil(bytesMax / 2));
    this.entries = new LRUCache<string, Entry>({
      max: entriesMax,
      maxSize: bytes,
      // One value must not drive out all others.
      maxEntrySize: Math.ceil(bytes / 4),
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get size(): { entries: number; bytes: number } {
    return { entries: this.entries.size, bytes: this.entries.calculatedSize };
  }

  /** At once: a promise costs more than the look-up. */
  now(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  /** By a clock that never goes back. */
  put(key: string, entry: Entry, ttlMs: number): void {
    // Of one that is too large an older value leaves, too.
    this.entries.set(key, entry, { ttl: Math.max(1, ttlMs), size: ENTRY_BYTES + 2 * key.length + entry.bytes });
  }

  remove(key: string): void {
    this.entries.delete(key);
  }

  removeWhere(matches: (key: string) => boolean): void {
    for (const key of [...this.entries.keys()]) if (matches(key)) this.entries.delete(key);
  }

  async get<T>(key: string): Promise<T | undefined> {
    return this.now(key) as T | undefined;
  }

  async set<T>(key: string, entry: T, ttlMs?: number): Promise<void> {
    this.put(key, entry as Entry, ttlMs ?? Number.MAX_SAFE_INTEGER);
  }

  async del(key: string): Promise<void> {
    this.remove(key);
  }

  async reset(): Promise<void> {
    this.entries.clear();
  }

  async mset(entries: [string, unknown][], ttlMs?: number): Promise<void> {
    for (const [key, entry] of entries) await this.set(key, entry, ttlMs);
  }

  async mget(...keys: string[]): Promise<unknown[]> {
    return keys.map((key) => this.now(key));
  }

  async mdel(...keys: string[]): Promise<void> {
    for (const key of keys) this.remove(key);
  }

  async keys(): Promise<string[]> {
    return [...this.entries.keys()];
  }

  async ttl(key: string): Promise<number> {
    return this.entries.has(key) ? this.entries.getRemainingTTL(key) : -2;
  }
}
