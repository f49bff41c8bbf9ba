import { setTimeout as sleep } from 'node:timers/promises';
import { toText } from '../../../src/cache/envelope.js';
import type { Invalidation } from '../../../src/cache/invalidation.js';
import { frozenValue } from '../../../src/cache/value.js';
import { aCache, aMemory, hangs, refuses, WAIT_MS } from './a-cache.js';

const unexpected = () => Promise.reject(new Error('not to be loaded'));
const deferred = <T>() => {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

describe('a cache of three levels', () => {
  it('keeps a value in all of them and finds it in the nearest', async () => {
    const { cache, another, redis, files } = aCache();
    await cache.set('manual:k', { a: 1 }, 60);
    await sleep(1);
    expect([redis.texts.size, files.texts.size]).toEqual([1, 1]);
    expect(await cache.find('manual:k')).toEqual({ value: { a: 1 }, level: 'l1', ageMs: 0 });
    const restarted = another();
    expect(await restarted.find('manual:k')).toEqual({ value: { a: 1 }, level: 'l2', ageMs: 0 });
    redis.texts.clear();
    expect(await another().find('manual:k')).toMatchObject({ value: { a: 1 }, level: 'l3' });
  });

  it('fills the upper levels with the time that is left, not with a new life', async () => {
    const { cache, another, redis, clock } = aCache();
    await cache.set('manual:k', 1, 60);
    await sleep(1);
    redis.texts.clear();
    clock.ms += 50_000;
    const restarted = another();
    expect(await restarted.find('manual:k')).toEqual({ value: 1, level: 'l3', ageMs: 50_000 });
    await sleep(1);
    expect(redis.texts.size).toBe(1);
    expect(await restarted.memory.ttl('manual:k')).toBeLessThanOrEqual(10_000);
    clock.ms += 10_000;
    expect(await another().get('manual:k')).toBeUndefined();
  });

  it('refuses a life of nothing, of more than seven days, and of no number', async () => {
    const { cache } = aCache();
    for (const ttl of [0, -1, 604_801, Number.NaN, Number.POSITIVE_INFINITY, '60' as unknown as number]) {
      await expect(cache.set('k', 1, ttl)).rejects.toThrow(RangeError);
      await expect(cache.getOrLoad('k', async () => 1, { ttl })).rejects.toThrow(RangeError);
    }
    await cache.set('k', 1, 0.0001);
    await cache.set('k', 1, 604_800);
  });

  it('says at `set` what cannot be kept, and gives a loaded one to the caller all the same', async () => {
    const { cache } = aCache();
    await expect(cache.set('k', { a: Number.NaN })).rejects.toThrow('NaN at /a');
    const loaded = new Map([[1, 2]]);
    expect(await cache.getOrLoad('k', async () => loaded)).toBe(loaded);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.refused).toBe(1);
  });

  it('keeps null, which is not the same as nothing', async () => {
    const { cache, another } = aCache();
    await cache.set('k', null);
    expect(await another().find('k')).toMatchObject({ value: null, level: 'l2' });
  });

  it('counts hits and misses once for each look-up', async () => {
    const { cache, another, levels } = aCache();
    await cache.set('k', 1);
    const other = another();
    await other.get('k');
    await other.get('k');
    await other.get('absent');
    expect([other.hits, other.misses, other.memoryHits, other.memoryMisses]).toEqual([2, 1, 1, 2]);
    expect([levels[0]!.hits, levels[0]!.misses, levels[1]!.misses]).toEqual([1, 1, 1]);
  });
});

describe('loading', () => {
  it('happens once for all who miss the same key meanwhile', async () => {
    const { cache } = aCache();
    let loads = 0;
    const load = async () => {
      await sleep(5);
      return { n: ++loads };
    };
    const all = await Promise.all(Array.from({ length: 500 }, () => cache.getOrLoad('k', load)));
    expect(loads).toBe(1);
    expect(new Set(all.map(({ n }) => n))).toEqual(new Set([1]));
    expect(await cache.resolve('k', unexpected)).toMatchObject({ value: { n: 1 }, level: 'l1' });
  });

  it('that fails is told to all who wait, and kept nowhere', async () => {
    const { cache } = aCache();
    const failing = () => Promise.reject(new Error('no prices'));
    const all = await Promise.allSettled([cache.getOrLoad('k', failing), cache.getOrLoad('k', failing)]);
    expect(all).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('no prices') }));
    const throwing = () => {
      throw new Error('at once');
    };
    await expect(cache.getOrLoad('k', throwing)).rejects.toThrow('at once');
    expect(await cache.getOrLoad('k', async () => 7)).toBe(7);
  });

  it.each(['delete', 'deleteNamespace', 'set', 'heard'] as const)('is overtaken by a %s meanwhile', async (what) => {
    const { cache, another, redis, files } = aCache();
    const { promise, resolve } = deferred<number>();
    const loading = cache.getOrLoad('manual:k', () => promise);
    await sleep(1);
    const told: Invalidation = { namespace: 'manual', key: 'manual:1:k', stamp: Date.now() * 2_000, deleted: true };
    if (what === 'delete') await cache.delete('manual:k');
    else if (what === 'deleteNamespace') await cache.deleteNamespace('manual');
    else if (what === 'set') await cache.set('manual:k', 2);
    else await cache.heard(told);
    const later = cache.getOrLoad('manual:k', async () => 3);
    resolve(1);
    expect(await loading).toBe(1);
    await later;
    await sleep(1);
    const expected = what === 'set' ? 2 : 3;
    expect(await cache.get('manual:k')).toBe(expected);
    redis.texts.clear();
    expect(await another().get('manual:k')).toBe(expected);
    expect([redis.texts.size, files.texts.size]).toEqual([1, 1]);
  });

  it('never overwrites in Redis what another instance has set meanwhile', async () => {
    const { cache, another, redis } = aCache();
    const { promise, resolve } = deferred<number>();
    const loading = cache.getOrLoad('manual:k', () => promise);
    await sleep(1);
    await another().set('manual:k', 2);
    resolve(1);
    await loading;
    await sleep(1);
    expect(await another().get('manual:k')).toBe(2);
    expect(redis.texts.size).toBe(1);
  });

  it('for a warm-up takes what levels have, loads the rest, and counts what fails', async () => {
    const { cache, another } = aCache();
    await cache.set('manual:a', 1);
    const progress: number[] = [];
    const outcome = await another().warmup(
      ['manual:a', 'manual:b', 'manual:c', 'manual:b'],
      async (key) => (key.endsWith('c') ? unexpected() : 2),
      { onProgress: (done, total) => progress.push(done / total) },
    );
    expect(outcome).toEqual({ found: 1, loaded: 1, failed: 1 });
    expect(progress.at(-1)).toBe(1);
  });
});

describe('a level that fails', () => {
  it.each([
    ['refuses', refuses],
    ['hangs', hangs],
    [
      'throws',
      () => {
        throw new Error('at once');
      },
    ],
  ])('is a miss where it %s, and nobody waits for it long', async (_, fails) => {
    const { cache, redis, files } = aCache();
    await cache.set('manual:k', 1);
    redis.fails = fails;
    files.fails = fails;
    cache.memory.remove('manual:k');
    const start = performance.now();
    expect(await cache.get('manual:k')).toBeUndefined();
    await cache.set('manual:x', 1);
    await cache.delete('manual:x');
    expect(await cache.getOrLoad('manual:y', async () => 2)).toBe(2);
    // Two levels for each look-up, and both at once for the others.
    expect(performance.now() - start).toBeLessThan(20 * WAIT_MS);
  });

  it('is left alone after three failures, and asked again by itself', async () => {
    const { cache, redis, levels } = aCache();
    redis.fails = refuses;
    for (let i = 0; i < 5; i++) await cache.get(`absent${i}`);
    const breaker = levels[0]!.breaker;
    expect([breaker.state, breaker.reason, redis.calls.length]).toEqual(['OPEN', 'away', 3]);
    redis.fails = undefined;
    while (!breaker.isClosed) await sleep(5);
    expect(redis.calls.at(-1)).toBe('check');
  });

  it('answers with garbage: a miss, which is cleared away', async () => {
    const { cache, redis, files, levels } = aCache();
    redis.texts.set('manual:1:k', '_function_f|(() => { globalThis.evaluated = true })');
    files.texts.set('manual:1:k', { not: 'a text' });
    expect(await cache.get('manual:k')).toBeUndefined();
    await sleep(1);
    expect(redis.texts.size).toBe(0);
    expect(levels[0]!.invalid).toBe(1);
  });
});

describe('what was deleted', () => {
  const entryOf = (value: unknown, ms: number, key = 'manual:1:k') =>
    toText(key, { ...frozenValue(value), stamp: ms * 1_000, createdMs: ms, expiresMs: ms + 3_600_000 });

  it.each(['l2', 'l3'] as const)('while %s was away does not come back with it', async (name) => {
    const { cache, redis, files, levels } = aCache();
    const [store, level] = name === 'l2' ? [redis, levels[0]!] : [files, levels[1]!];
    await cache.set('manual:k', 'old', 3_600);
    await sleep(1);
    store.fails = refuses;
    await cache.delete('manual:k');
    expect(level.pendingCount).toBe(1);
    expect(await cache.get('manual:k')).toBeUndefined();
    store.fails = undefined;
    // Before the level was told, and after.
    expect(await cache.get('manual:k')).toBeUndefined();
    while (level.pendingCount > 0) await sleep(5);
    expect(store.texts.size).toBe(0);
    expect(await cache.get('manual:k')).toBeUndefined();
  });

  it('is told to a level before that level is read again', async () => {
    const { cache, redis, levels } = aCache();
    await cache.set('manual:k', 'old');
    redis.fails = refuses;
    for (let i = 0; i < 3; i++) await cache.get(`absent${i}`);
    await cache.delete('manual:k');
    await cache.set('manual:new', 1);
    redis.fails = undefined;
    redis.calls.length = 0;
    while (!levels[0]!.breaker.isClosed) await sleep(5);
    expect(redis.calls).toEqual(['check', 'mdel manual:1:k,manual:1:new']);
  });

  it('stays deleted where another instance that has not heard of it puts the old value back', async () => {
    const { cache, redis, clock } = aCache();
    await cache.set('manual:k', 'old');
    clock.ms += 1;
    await cache.delete('manual:k');
    redis.texts.set('manual:1:k', entryOf('old', clock.ms - 1));
    expect(await cache.get('manual:k')).toBeUndefined();
    redis.texts.set('manual:1:k', entryOf('new', clock.ms + 1));
    expect(await cache.get('manual:k')).toBe('new');
  });

  it('may be set again at once, also where the clock went back by an hour', async () => {
    const { cache, another, clock } = aCache();
    await cache.delete('manual:k');
    clock.ms -= 3_600_000;
    await cache.set('manual:k', 'new');
    expect(await cache.get('manual:k')).toBe('new');
    cache.memory.remove('manual:k');
    expect(await cache.find('manual:k')).toMatchObject({ value: 'new', level: 'l2' });
    expect(await another().get('manual:k')).toBe('new');
  });

  it('with its namespace is gone everywhere, and nothing else is', async () => {
    const { cache, another, redis, files } = aCache();
    for (const key of ['manual:a', 'manual:ü', 'analytics:a', 'other']) await cache.set(key, 1);
    await sleep(1);
    await cache.deleteNamespace('manual');
    await sleep(1);
    expect(
      await Promise.all(['manual:a', 'manual:ü', 'analytics:a', 'other'].map((key) => another().get(key))),
    ).toEqual([undefined, undefined, 1, 1]);
    expect([redis.texts.size, files.texts.size]).toEqual([2, 1]);
    await expect(cache.deleteNamespace('nothing')).rejects.toThrow(RangeError);
  });

  it('and overwritten while a level was away, does not come back either', async () => {
    const { cache, another, redis, levels } = aCache();
    await cache.set('manual:k', 'old', 3_600);
    redis.fails = refuses;
    await cache.set('manual:k', 'new', 3_600);
    redis.fails = undefined;
    while (levels[0]!.pendingCount > 0) await sleep(5);
    expect(await another().get('manual:k')).toBe('new');
  });
});

describe('two instances', () => {
  it('tell each other what was deleted or overwritten, once each, and nothing that was only loaded', async () => {
    const told: Invalidation[] = [];
    const { cache } = aCache({ announce: (invalidation) => told.push(invalidation) });
    await cache.getOrLoad('manual:loaded', async () => 1);
    await cache.set('var_results:hash', 1);
    await cache.set('manual:k', 1);
    await cache.delete('manual:k');
    await cache.deleteNamespace('manual');
    expect(told).toEqual([
      { namespace: 'manual', key: 'manual:1:k', stamp: expect.any(Number), deleted: false },
      { namespace: 'manual', key: 'manual:1:k', stamp: expect.any(Number), deleted: true },
      { namespace: 'manual', stamp: expect.any(Number), deleted: true },
    ]);
  });

  it.each(['manual:k', 'manual:ü', 'plain', 'x:ü'])('empty each other’s memory of %s', async (key) => {
    const others: ReturnType<typeof aCache>['cache'][] = [];
    const announce = (invalidation: Invalidation) => void others.forEach((other) => void other.heard(invalidation));
    const { cache, another } = aCache({ announce });
    const other = another({ announce: () => undefined });
    others.push(other);
    await cache.set(key, 'old');
    expect(await other.get(key)).toBe('old');
    await cache.delete(key);
    expect(await other.get(key)).toBeUndefined();
    await other.set(key, 'old');
    await cache.set(key, 'new');
    expect(await other.get(key)).toBe('new');
  });

  it('of which one reads after its start what was told before: only what is older is dead', async () => {
    const { cache, another, clock } = aCache();
    await cache.set('manual:kept', 'new');
    await cache.set('manual:old', 'old');
    await sleep(1);
    const stampMs = clock.ms;
    const restarted = another();
    const told = { namespace: 'manual', deleted: true };
    await restarted.heard({ ...told, key: 'manual:1:kept', stamp: (stampMs - 1) * 1_000 }, { before: true });
    await restarted.heard({ ...told, key: 'manual:1:old', stamp: (stampMs + 1) * 1_000 }, { before: true });
    expect(await restarted.get('manual:kept')).toBe('new');
    expect(await restarted.get('manual:old')).toBeUndefined();
  });

  it('of which one was out of hearing trusts nothing of its own that has a name', async () => {
    const { cache, another, redis, clock } = aCache();
    await cache.set('manual:k', 'old');
    await cache.set('var_results:hash', 'always right');
    await sleep(1);
    redis.texts.clear();
    clock.ms += 1;
    const other = another();
    other.inHearing({ missed: true });
    expect(await other.get('manual:k')).toBeUndefined();
    expect(await other.get('var_results:hash')).toBe('always right');
    await other.set('manual:k', 'new');
    redis.texts.clear();
    expect(await another().get('manual:k')).toBe('new');
    const silent = another({ memory: aMemory() });
    silent.inHearing({ missed: false });
    expect(await silent.get('manual:k')).toBe('new');
  });
});
