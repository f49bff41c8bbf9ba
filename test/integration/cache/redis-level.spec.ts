import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisServer } from '../../../scripts/services/redis-server.js';
import { type BuiltCache, buildCache } from '../../../src/cache/build-cache.js';
import type { Level } from '../../../src/cache/level.js';
import { RedisChannel } from '../../../src/cache/redis-channel.js';
import { connectRedis } from '../../../src/cache/redis-connection.js';
import { temporaryDirectory } from '../../support/database.js';
import { timed } from '../../support/own-time.mjs';
import { dedicatedRedis, redisClient } from '../../support/redis.js';
import { eventually } from '../../support/wait.js';

/** What levels may cost a caller, with room for a busy machine. */
const WAIT_MS_MAX = 60;
/** For tests of other things, on a machine however busy. */
const PATIENT_MS = 1_500;
const PREFIX = 'redfire:';
const LATER_S = 3_600;

describe('Redis as a level', () => {
  let server: RedisServer;
  let client: Redis;
  const built: BuiltCache[] = [];
  beforeAll(async () => {
    server = await (await dedicatedRedis({ durable: true })).start();
    client = redisClient(server.url());
    client.on('error', () => undefined);
  });
  afterEach(() => Promise.all(built.splice(0).map(({ cache }) => cache.close())));
  afterAll(async () => {
    client.disconnect();
    await server.destroy();
  });

  const levelOf = ({ cache }: BuiltCache): Level => cache.lower.all[0]!;
  const isUp = (one: BuiltCache) =>
    eventually(
      () => levelOf(one).breaker.state,
      (state) => state === 'CLOSED',
    );

  interface Opened {
    pendingDir?: string;
    /** Waits no longer than the service does. */
    hurried?: boolean;
  }

  /** An instance of the service, as far as the cache is concerned. */
  async function open({ pendingDir, hurried = false }: Opened = {}): Promise<BuiltCache> {
    const one = buildCache({
      memory: { entriesMax: 1_000, bytesMax: 10_000_000 },
      redis: {
        url: server.url(),
        db: 0,
        keyPrefix: PREFIX,
        ttlSeconds: LATER_S,
        ...(!hurried && { waitMs: PATIENT_MS }),
      },
      pendingDir,
    });
    built.push(one);
    return one;
  }

  async function openUp(opened?: Opened): Promise<BuiltCache> {
    const one = await open(opened);
    await isUp(one);
    return one;
  }

  it('keeps texts under the prefix, as long as the value lives', async () => {
    const { cache } = await openUp();
    await cache.set('manual:k', { price: '150.10', n: 0.1 + 0.2 }, 60);
    expect(await client.get(`${PREFIX}manual:1:k`)).toMatch(/^"v1\|[0-9a-f]{8}\|\d+\|\d+\|\d+\|json\|/);
    const ttl = await client.pttl(`${PREFIX}manual:1:k`);
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
    const other = await openUp();
    expect(await other.cache.find('manual:k')).toMatchObject({ value: { price: '150.10', n: 0.1 + 0.2 }, level: 'l2' });
    await other.cache.delete('manual:k');
    expect(await client.exists(`${PREFIX}manual:1:k`)).toBe(0);
  });

  // What cache-manager-ioredis-yet would revive, by eval, were it asked to read it.
  it.each([
    '"_function_f|(() => { globalThis.evaluated = true; })()"',
    '"_function_|function(){globalThis.evaluated=true}"',
    '{"constructor":"_function_x|globalThis.evaluated = true"}',
    '"_symbol_s"',
    '"_regexp_g|x"',
    '"_date_2026-01-05T00:00:00.000Z"',
    '"_duplicate_[\\"a\\"]"',
    '"_undefined_"',
    '"v1|00000000|1|1|9999999999999|json|1"',
    '"v1|',
    '"v1|"},"w":"_function_f|(globalThis.evaluated=true)"',
    'plain text',
    '',
    '\u0000\u0001',
    '{"a":1}',
    'null',
  ])('holds %j under our key: a miss, and never evaluated', async (hostile) => {
    const one = await openUp();
    await client.set(`${PREFIX}manual:1:hostile`, hostile);
    expect(await one.cache.get('manual:hostile')).toBeUndefined();
    expect((globalThis as { evaluated?: boolean }).evaluated).toBeUndefined();
    expect(await one.cache.getOrLoad('manual:hostile', async () => 'good')).toBe('good');
    const stored = () => client.get(`${PREFIX}manual:1:hostile`);
    await eventually(stored, (raw) => raw?.includes('good') ?? false);
    expect(levelOf(one).breaker.state).toBe('CLOSED');
  });

  it.each([':1', '$-1', '*0', '*1\r\n$1\r\nx', '+OK', 'HTTP/1.1 400 Bad Request', '-ERR no'])(
    'is no Redis and answers %j to everything: left out, and nothing throws',
    async (answer) => {
      const impostor = createServer((socket) => {
        socket.on('data', () => socket.write(`${answer}\r\n`)).on('error', () => undefined);
      }).listen(0, '127.0.0.1');
      await once(impostor, 'listening');
      const url = `redis://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
      const settings = { url, db: 0, keyPrefix: PREFIX };
      const publisher = connectRedis(settings);
      const channel = new RedisChannel(publisher, settings, { onHearing: () => undefined, onMessage: () => undefined });
      const one = buildCache({
        memory: { entriesMax: 10, bytesMax: 10_000 },
        redis: { ...settings, ttlSeconds: LATER_S },
      });
      built.push(one);
      try {
        // Some connections later.
        await sleep(700);
        await one.cache.set('manual:k', 1);
        expect(await one.cache.get('manual:absent')).toBeUndefined();
        expect(await one.cache.get('manual:k')).toBe(1);
      } finally {
        channel.close();
        publisher.disconnect();
        impostor.close();
      }
    },
  );

  it('without the database that is asked for is left out: nothing goes into another', async () => {
    const one = buildCache({
      memory: { entriesMax: 10, bytesMax: 10_000 },
      redis: { url: server.url(99), db: 0, keyPrefix: PREFIX, ttlSeconds: LATER_S },
    });
    built.push(one);
    await eventually(
      () => levelOf(one).breaker.reason,
      (reason) => reason?.includes('out of range') ?? false,
    );
    await one.cache.set('manual:other_database', 1);
    expect(levelOf(one).breaker.state).not.toBe('CLOSED');
    expect(await client.exists(`${PREFIX}manual:1:other_database`)).toBe(0);
  });

  it('keeps texts that look like those as they are', async () => {
    const { cache } = await openUp();
    const value = { text: '_function_f|globalThis.evaluated = true', more: ['_date_x', '_symbol_y', '"v1|'] };
    await cache.set('manual:k', value);
    const other = await openUp();
    expect(await other.cache.get('manual:k')).toEqual(value);
    expect((globalThis as { evaluated?: boolean }).evaluated).toBeUndefined();
  });

  it('holds a list, a hash or a value of another key under our key: a miss that is cleared away', async () => {
    const one = await openUp();
    await client.lpush(`${PREFIX}manual:1:list`, 'x');
    await one.cache.set('manual:other', 'of another key');
    await client.copy(`${PREFIX}manual:1:other`, `${PREFIX}manual:1:copied`);
    for (const key of ['list', 'copied']) {
      expect(await one.cache.get(`manual:${key}`)).toBeUndefined();
      await eventually(
        () => client.exists(`${PREFIX}manual:1:${key}`),
        (exists) => exists === 0,
      );
    }
    expect(levelOf(one)).toMatchObject({ invalid: 2, breaker: { state: 'CLOSED' } });
  });

  it('paused: nobody waits, 200 reads take less than half a second, and it is back by itself', async () => {
    const one = await openUp({ hurried: true });
    await one.cache.set('manual:k', 1);
    server.freeze();
    try {
      let longestMs = 0;
      const { ms } = await timed(async () => {
        for (let i = 0; i < 200; i++)
          longestMs = Math.max(longestMs, (await timed(() => one.cache.get(`manual:${i}`))).ms);
      });
      expect(ms).toBeLessThan(500);
      expect(longestMs).toBeLessThan(WAIT_MS_MAX + 20);
      expect(levelOf(one).breaker).toMatchObject({
        state: 'OPEN',
        reason: expect.stringContaining('no answer within'),
      });
      const works: (() => Promise<unknown>)[] = [
        () => one.cache.set('manual:set', 1),
        () => one.cache.delete('manual:k'),
        () => one.cache.getOrLoad('manual:loaded', async () => 1),
        () => one.cache.deleteNamespace('analytics'),
      ];
      for (const work of works) expect((await timed(work)).ms).toBeLessThan(WAIT_MS_MAX);
    } finally {
      server.thaw();
    }
    await isUp(one);
    const other = await openUp();
    expect(await other.cache.get('manual:k')).toBeUndefined();
  });

  it('killed and started again with its old data: what was deleted meanwhile stays deleted', async () => {
    const one = await openUp();
    await one.cache.set('manual:deleted', 'old', LATER_S);
    await one.cache.set('manual:overwritten', 'old', LATER_S);
    await one.cache.set('manual:kept', 'kept', LATER_S);
    await one.cache.set('var_results:kept', 'kept', LATER_S);
    const keys = ['deleted', 'overwritten', 'kept'].map((key) => `${PREFIX}manual:1:${key}`);
    expect(await client.exists(...keys)).toBe(3);
    await server.kill();
    const { ms } = await timed(async () => {
      await one.cache.delete('manual:deleted');
      await one.cache.set('manual:overwritten', 'new', LATER_S);
      expect(await one.cache.get('manual:absent')).toBeUndefined();
    });
    expect(ms).toBeLessThan(3 * WAIT_MS_MAX);
    await server.start();
    await isUp(one);
    const other = await openUp();
    expect(await one.cache.get('manual:deleted')).toBeUndefined();
    expect(await other.cache.get('manual:deleted')).toBeUndefined();
    expect(await other.cache.get('manual:overwritten')).not.toBe('old');
    // A Redis that started again may have lost the last of what it was told: names are not believed, contents are.
    expect(await other.cache.get('manual:kept')).toBeUndefined();
    expect(await other.cache.get('var_results:kept')).toBe('kept');
  });

  it('started again from an older state: what was overwritten or deleted since stays so, for everybody', async () => {
    const [one, bystander] = [await openUp(), await openUp()];
    for (const key of ['manual:overwritten', 'manual:deleted']) await one.cache.set(key, 'old', LATER_S);
    const names = ['overwritten', 'deleted'].map((key) => `${PREFIX}manual:1:${key}`);
    const before = await Promise.all(names.map((name) => client.get(name)));
    await one.cache.set('manual:overwritten', 'new', LATER_S);
    await one.cache.delete('manual:deleted');
    await server.kill();
    await server.start();
    // As a dump of before would have it.
    for (const [i, name] of names.entries()) await client.set(name, before[i]!);
    await Promise.all([isUp(one), isUp(bystander)]);
    const late = await openUp();
    for (const { cache } of [one, bystander, late]) {
      cache.memory.remove('manual:overwritten');
      expect(await cache.get('manual:overwritten')).toBeUndefined();
      expect(await cache.get('manual:deleted')).toBeUndefined();
    }
    await one.cache.set('manual:overwritten', 'newest', LATER_S);
    expect(await late.cache.get('manual:overwritten')).toBe('newest');
  });

  it('is away while something is deleted, and the service restarts before it is back', async () => {
    const directory = temporaryDirectory();
    const before = await openUp({ pendingDir: directory.path, hurried: true });
    await before.cache.set('manual:k', 'old', LATER_S);
    await before.cache.set('analytics:a', 'old', LATER_S);
    server.freeze();
    await before.cache.delete('manual:k');
    await before.cache.deleteNamespace('analytics');
    await before.cache.close();
    const after = await open({ pendingDir: directory.path });
    server.thaw();
    await isUp(after);
    expect(await after.cache.get('manual:k')).toBeUndefined();
    expect(await after.cache.get('analytics:a')).toBeUndefined();
    const other = await openUp();
    expect(await other.cache.get('manual:k')).toBeUndefined();
    directory.remove();
  });

  it('flushed by somebody: a miss, and filled again', async () => {
    const one = await openUp();
    await one.cache.set('manual:k', 1);
    await client.flushall();
    expect(await one.cache.get('manual:k')).toBe(1);
    one.cache.memory.remove('manual:k');
    expect(await one.cache.get('manual:k')).toBeUndefined();
    expect(await one.cache.getOrLoad('manual:k', async () => 2)).toBe(2);
    await eventually(
      () => client.exists(`${PREFIX}manual:1:k`),
      (exists) => exists === 1,
    );
  });

  it('full, under load: what it has is still read, what it does not take is no error', async () => {
    const one = await openUp({ hurried: true });
    await one.cache.set('manual:kept', 'kept');
    await client.config('SET', 'maxmemory', '2mb', 'maxmemory-policy', 'noeviction');
    try {
      const text = 'x'.repeat(10_000);
      const numbers = Array.from({ length: 500 }, (_, i) => i);
      const queue = numbers.values();
      let longestMs = 0;
      const writer = async () => {
        for (const i of queue) {
          const { ms } = await timed(() => one.cache.set(`manual:${i}`, { i, text }));
          longestMs = Math.max(longestMs, ms);
        }
      };
      await Promise.all([writer(), writer(), writer(), writer()]);
      expect(longestMs).toBeLessThan(3 * WAIT_MS_MAX);
      for (let i = 0; i < 500; i++) one.cache.memory.remove(`manual:${i}`);
      const values = await Promise.all(numbers.map((i) => one.cache.get<{ i: number }>(`manual:${i}`)));
      values.forEach((value, i) => {
        if (value !== undefined) expect(value.i).toBe(i);
      });
      await eventually(
        async () => {
          await one.cache.set('manual:more', text);
          return levelOf(one).lastError;
        },
        (error) => error?.includes('OOM') ?? false,
      );
      await isUp(one);
      one.cache.memory.remove('manual:kept');
      await eventually(
        () => one.cache.get('manual:kept'),
        (value) => value === 'kept',
      );
      await one.cache.delete('manual:kept');
      await eventually(
        () => levelOf(one).pendingCount,
        (count) => count === 0,
      );
      expect(await client.exists(`${PREFIX}manual:1:kept`)).toBe(0);
    } finally {
      await client.config('SET', 'maxmemory', '0');
    }
    await one.cache.set('manual:again', 1);
    expect(await client.exists(`${PREFIX}manual:1:again`)).toBe(1);
  });

  it('answers slowly: the others’ answer, or a miss', async () => {
    const one = await openUp({ hurried: true });
    await eventually(
      async () => {
        await one.cache.set('manual:k', 1);
        return client.exists(`${PREFIX}manual:1:k`);
      },
      (exists) => exists === 1,
    );
    one.cache.memory.remove('manual:k');
    await client.client('PAUSE', 300);
    const { ms } = await timed(() => one.cache.get('manual:k'));
    expect(ms).toBeLessThan(WAIT_MS_MAX + 20);
    await client.ping();
    await eventually(
      () => one.cache.get('manual:k'),
      (value) => value === 1,
    );
  });

  it('deletes a namespace key by key, and leaves what others have there', async () => {
    const one = await openUp();
    await client.set('others:manual:1:k', 'theirs');
    await client.set(`${PREFIX}manually`, 'ours, but no key of the namespace');
    await Promise.all(Array.from({ length: 1_200 }, (_, i) => one.cache.set(`manual:${i}`, i)));
    await one.cache.deleteNamespace('manual');
    await eventually(
      () => levelOf(one).pendingCount,
      (count) => count === 0,
    );
    expect(await client.keys(`*manual*`)).toEqual(expect.arrayContaining(['others:manual:1:k', `${PREFIX}manually`]));
    expect(await client.keys(`${PREFIX}manual:*`)).toEqual([]);
  });
});
