import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../../../src/cache/envelope.js';
import { MemoryStore } from '../../../src/cache/memory-store.js';
import { frozenValue } from '../../../src/cache/value.js';

const anEntry = (value: unknown): Entry => ({ ...frozenValue(value), stamp: 0, createdMs: 0, expiresMs: 0 });

describe('memory as a level', () => {
  it('keeps the entries that were used last', () => {
    const store = new MemoryStore({ entriesMax: 3, bytesMax: 1e6 });
    for (const key of ['a', 'b', 'c']) store.put(key, anEntry(key), 1e6);
    store.now('a');
    store.put('d', anEntry('d'), 1e6);
    expect(['a', 'b', 'c', 'd'].map((key) => store.now(key)?.value)).toEqual(['a', undefined, 'c', 'd']);
    expect([store.size.entries, store.evictions]).toEqual([3, 1]);
  });

  it('stays within its bytes, keys included, and takes no value of more than a quarter of them', () => {
    const store = new MemoryStore({ entriesMax: 1_000, bytesMax: 200_000 });
    for (let i = 0; i < 500; i++) store.put(`${i}${'k'.repeat(500)}`, anEntry({ text: 'x'.repeat(500) }), 1e6);
    expect(store.size.bytes).toBeLessThanOrEqual(200_000);
    expect(store.size.entries).toBeGreaterThan(30);
    expect(store.size.entries).toBeLessThan(80);
    store.put('large', anEntry('small'), 1e6);
    store.put('large', anEntry('x'.repeat(60_000)), 1e6);
    expect(store.now('large')).toBeUndefined();
  });

  it('is a store of cache-manager', async () => {
    const store = new MemoryStore({ entriesMax: 10, bytesMax: 1e6 });
    const [one, two] = [anEntry(1), anEntry(2)];
    await store.mset(
      [
        ['a', one],
        ['b', two],
      ],
      1e6,
    );
    expect(await store.mget('a', 'b', 'c')).toEqual([one, two, undefined]);
    expect(await store.get('a')).toBe(one);
    expect(await store.ttl('a')).toBeGreaterThan(1e5);
    expect(await store.ttl('c')).toBe(-2);
    await store.mdel('a');
    expect(await store.keys()).toEqual(['b']);
    await store.reset();
    expect(await store.keys()).toEqual([]);
    await store.set('short', one, 5);
    await sleep(10);
    expect(await store.get('short')).toBeUndefined();
  });
});
