import { Level, type LevelOptions, type TextStore } from '../../../src/cache/level.js';
import { MemoryStore } from '../../../src/cache/memory-store.js';
import { type CacheParts, MultiLevelCache } from '../../../src/cache/multi-level-cache.js';
import { Pending } from '../../../src/cache/pending.js';

/** Levels of tests wait shorter than real ones do. */
export const WAIT_MS = 15;

/** A level that a test fills, breaks, freezes and brings back. */
export class FakeStore implements TextStore {
  readonly texts = new Map<string, unknown>();
  /** What every call does instead of its work. */
  fails: (() => Promise<never>) | undefined;
  readonly calls: string[] = [];

  get = <T>(key: string) => this.does(`get ${key}`, () => this.texts.get(key) as T | undefined);
  set = <T>(key: string, text: T) => this.does(`set ${key}`, () => void this.texts.set(key, text));
  add = (key: string, text: string) =>
    this.does(`add ${key}`, () => void (this.texts.has(key) || this.texts.set(key, text)));
  del = (key: string) => this.does(`del ${key}`, () => void this.texts.delete(key));
  mdel = (...keys: string[]) => this.does(`mdel ${keys}`, () => keys.forEach((key) => void this.texts.delete(key)));
  mget = (...keys: string[]) => this.does(`mget ${keys}`, () => keys.map((key) => this.texts.get(key)));
  check = () => this.does('check', () => undefined);
  deleteNamespace = (namespace: string) =>
    this.does(`deleteNamespace ${namespace}`, () => {
      for (const key of [...this.texts.keys()]) if (key.startsWith(`${namespace}:`)) this.texts.delete(key);
    });
  mset = () => Promise.reject(new Error('unused'));
  keys = () => Promise.reject(new Error('unused'));
  ttl = () => Promise.reject(new Error('unused'));
  reset = () => Promise.reject(new Error('unused'));

  private async does<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    if (this.fails) return this.fails();
    return work();
  }
}

export const refuses = () => Promise.reject(new Error('away'));
export const hangs = () => new Promise<never>(() => undefined);

export function aLevel(name: 'l2' | 'l3', store: TextStore, options: Partial<LevelOptions> = {}): Level {
  return new Level({
    name,
    store,
    waitMs: WAIT_MS,
    writeMs: WAIT_MS,
    ttlMsMax: 86_400_000,
    pending: new Pending(undefined),
    ...options,
  });
}

/** A cache over two fake levels, with its clock in the hand of the test. */
export function aCache(parts: Partial<CacheParts> = {}) {
  const [redis, files] = [new FakeStore(), new FakeStore()];
  const clock = { ms: Date.UTC(2026, 0, 5) };
  const pending = new Pending(undefined);
  const levels = [aLevel('l2', redis, { pending }), aLevel('l3', files, { pending })];
  const another = (more: Partial<CacheParts> = {}) =>
    new MultiLevelCache({ memory: aMemory(), levels, now: () => clock.ms, ...parts, ...more });
  return { cache: another(), another, redis, files, clock, levels };
}

export const aMemory = () => new MemoryStore({ entriesMax: 1_000, bytesMax: 10_000_000 });
