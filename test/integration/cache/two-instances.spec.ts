import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { RedisServer } from '../../../scripts/services/redis-server.js';
import { CacheService } from '../../../src/cache/cache.service.js';
import { Pending } from '../../../src/cache/pending.js';
import { type BatchOutcome, Messaging } from '../../../src/messaging/ports.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/database.js';
import { dedicatedRedis } from '../../support/redis.js';
import { eventually } from '../../support/wait.js';

/** A busy machine must not make a level look away. */
const PATIENT_MS = 1_500;

/** Messages that stay within their process, as they do without Kafka. */
class Embedded extends Messaging {
  async sendMessage(): Promise<void> {}
  async sendBatch(_: string, messages: readonly unknown[]): Promise<BatchOutcome> {
    return { success: messages.length, failed: 0, failures: [] };
  }
}

/** A way to Redis on which subscriptions can fall silent, without an end. */
async function proxyOf(url: string): Promise<{ url: string; mute(): void; close(): void }> {
  const { hostname, port } = new URL(url);
  const subscribed = new Set<Socket>();
  const sockets: Socket[] = [];
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    near.on('data', (bytes) => {
      if (bytes.toString().includes('subscribe')) subscribed.add(near);
    });
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    mute() {
      for (const near of subscribed) near.unpipe().removeAllListeners('data').resume();
      for (const far of sockets) for (const near of subscribed) far.unpipe(near);
    },
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('two instances that share a Redis and no broker', () => {
  let server: RedisServer;
  const running: { service: CacheService; directory: TemporaryDirectory }[] = [];
  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await (await dedicatedRedis()).start();
  });
  afterEach(async () => {
    for (const { service, directory } of running.splice(0)) {
      await service.onApplicationShutdown();
      directory.remove();
    }
  });
  afterAll(() => server.destroy());

  async function start(name: string, directory = temporaryDirectory(), url = server.url()): Promise<CacheService> {
    const files = { dir: `${directory.path}/cache`, filesMax: 100, ttlSeconds: 3_600, waitMs: PATIENT_MS };
    const redis = { url, db: 0, keyPrefix: 'pair:', ttlSeconds: 3_600, waitMs: PATIENT_MS };
    const cache = { memory: { entriesMax: 100, bytesMax: 1e7 }, redis, files };
    const service = new CacheService({ cache, kafka: undefined, dataDir: directory.path }, new Embedded(), name);
    running.push({ service, directory });
    await isUp(service);
    return service;
  }

  const isUp = ({ cache }: CacheService) =>
    eventually(
      () => cache.lower.all.every(({ breaker }) => breaker.isClosed),
      (up) => up,
    );
  /** Until the other one has subscribed, nothing reaches it. */
  const hears = async (from: CacheService, to: CacheService) => {
    for (let i = 0; ; i++) {
      await to.cache.set('analytics:heard', i);
      await from.cache.set('analytics:heard', -1);
      await sleep(20);
      if (to.cache.memory.now('analytics:heard') === undefined) return;
      if (i > 100) throw new Error('not heard');
    }
  };

  it('empty each other’s memory and files of what one deletes or overwrites', async () => {
    const [one, other] = [await start('one'), await start('other')];
    await hears(one, other);
    for (const key of ['manual:deleted', 'manual:ü', 'manual:overwritten']) {
      // On a busy machine a write may come too late to be waited for.
      const shared = async () => {
        await other.cache.set(key, 'old');
        return one.cache.get(key);
      };
      await eventually(shared, (value) => value === 'old');
    }
    await one.cache.delete('manual:deleted');
    await one.cache.delete('manual:ü');
    await one.cache.set('manual:overwritten', 'new');
    const memory = other.cache.memory;
    await eventually(
      () => memory.now('manual:deleted') ?? memory.now('manual:ü') ?? memory.now('manual:overwritten'),
      (entry) => entry === undefined,
    );
    expect(await other.cache.get('manual:deleted')).toBeUndefined();
    expect(await other.cache.get('manual:ü')).toBeUndefined();
    expect(await other.cache.find('manual:overwritten')).toMatchObject({ value: 'new', level: 'l2' });
    await one.cache.deleteNamespace('manual');
    await eventually(
      () => other.cache.get('manual:overwritten'),
      (value) => value === undefined,
    );
  });

  it('of which neither heard the other for a while trust their own files and memory no more', async () => {
    const [one, other] = [await start('one'), await start('other')];
    await hears(one, other);
    await other.cache.set('manual:k', 'old', 3_600);
    await other.cache.set('var_results:hash', 'right for ever', 3_600);
    await server.kill();
    await one.cache.delete('manual:k');
    await server.start();
    await Promise.all([isUp(one), isUp(other)]);
    await hears(one, other);
    expect(await other.cache.get('manual:k')).toBeUndefined();
    expect(await other.cache.get('var_results:hash')).toBe('right for ever');
  });

  it('of which one has a subscription that died without a word: it is found out and no longer trusted', async () => {
    const proxy = await proxyOf(server.url());
    const [one, other] = [await start('one'), await start('other', temporaryDirectory(), proxy.url)];
    await hears(one, other);
    await other.cache.set('manual:k', 'old', 3_600);
    proxy.mute();
    await one.cache.delete('manual:k');
    await sleep(200);
    expect(other.cache.memory.now('manual:k')).toBeDefined();
    await eventually(
      () => other.cache.memory.now('manual:k'),
      (entry) => entry === undefined,
    );
    expect(await other.cache.get('manual:k')).toBeUndefined();
    await hears(one, other);
    proxy.close();
  });

  it('of which one takes over what an ended process had deleted and told nobody', async () => {
    const [other, directory] = [await start('other'), temporaryDirectory()];
    await other.cache.set('manual:k', 'old', 3_600);
    await other.cache.set('analytics:a', 'old', 3_600);
    const left = new Pending(directory.path);
    await left.add('l2', 'manual:1:k');
    await left.add('l3', 'analytics');
    await start('after', directory);
    await eventually(
      () => other.cache.memory.now('manual:k') ?? other.cache.memory.now('analytics:a'),
      (entry) => entry === undefined,
    );
    expect(await other.cache.get('manual:k')).toBeUndefined();
    expect(await other.cache.get('analytics:a')).toBeUndefined();
  });

  it('of which one was down while the other deleted: its files have nothing to say of it', async () => {
    const directory = temporaryDirectory();
    const one = await start('one');
    const before = await start('before', directory);
    await before.cache.set('manual:k', 'old', 3_600);
    await before.cache.set('var_results:hash', 'right for ever', 3_600);
    await before.onApplicationShutdown();
    await one.cache.delete('manual:k');
    await one.cache.delete('var_results:other');
    const after = await start('after', directory);
    expect(await after.cache.get('manual:k')).toBeUndefined();
    expect(await one.cache.get('manual:k')).toBeUndefined();
    after.cache.memory.remove('var_results:hash');
    expect(await after.cache.get('var_results:hash')).toBe('right for ever');
  });
});
