import { Redis } from 'ioredis';
import type { RedisServer } from '../../scripts/services/redis-server.js';
import type { MultiLevelCache } from '../../src/cache/multi-level-cache.js';
import { digits, print, spread } from '../report.js';
import { aReply, openCache } from './open.js';

const KEYS = 300;
const PAIRS = 31;
/** A busy machine must not make a hit a miss. */
const PATIENT_MS = 2_000;
const settings = (redis: RedisServer) => ({ url: redis.url(), db: 0, keyPrefix: 'bench:', ttlSeconds: 3_600 });

/** A hit in Redis, checked and as a value, beside a bare `get` of ioredis, which is a text that nobody has parsed. */
export async function redisHits(redis: RedisServer): Promise<void> {
  const cache = await openCache({ redis: { ...settings(redis), waitMs: PATIENT_MS } });
  const bare = new Redis(redis.url());
  const keys = Array.from({ length: KEYS }, (_, i) => `var_results:${i}`);
  for (const [kind, make] of KINDS) {
    for (const [i, key] of keys.entries()) {
      await cache.set(key, make(i), 3_600);
      await bare.set(key, JSON.stringify(aReply(i)));
    }
    for (const atOnce of [1, 30]) await compare(kind, keys, atOnce, cache, bare);
  }
  bare.disconnect();
  await cache.close();
}

/** Replies of value at risk are kept as the first. */
const KINDS = [
  ['a text', (n: number) => JSON.stringify(aReply(n))],
  ['an object', aReply],
] as const;

async function compare(kind: string, keys: readonly string[], atOnce: number, cache: MultiLevelCache, bare: Redis) {
  const [ours, theirs, ratios, cpuRatios]: number[][] = [[], [], [], []];
  for (let pair = -4; pair < PAIRS; pair++) {
    for (const key of keys) cache.memory.remove(key);
    const own = await timed(keys, atOnce, (key) => cache.get(key));
    const other = await timed(keys, atOnce, (key) => bare.get(key));
    if (pair < 0) continue;
    ours!.push(own.us);
    theirs!.push(other.us);
    ratios!.push(own.us / other.us);
    cpuRatios!.push(own.cpuUs / other.cpuUs);
  }
  print(`hit in Redis, ${kind} of ${JSON.stringify(aReply(1)).length} bytes, ${atOnce} at a time`);
  print(`  ours         ${spread(ours!)} µs`);
  print(`  ioredis GET  ${spread(theirs!)} µs`);
  print(`  ratio        ${spread(ratios!)} ×, at most 1.3; of processor time ${spread(cpuRatios!)} ×`);
}

/** Microseconds of each, by the clock and of this process. */
async function timed(keys: readonly string[], atOnce: number, work: (key: string) => Promise<unknown>) {
  const queue = keys.values();
  const start = performance.now();
  const before = process.cpuUsage();
  const lane = async () => {
    for (const key of queue) if ((await work(key)) == null) throw new Error('a hit was a miss');
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const { user, system } = process.cpuUsage(before);
  return { us: ((performance.now() - start) / KEYS) * 1e3, cpuUs: (user + system) / KEYS };
}

/** Look-ups one after the other while Redis keeps its connections and says nothing. */
export async function pausedReads(redis: RedisServer): Promise<void> {
  const cache = await openCache({ redis: settings(redis) });
  redis.freeze();
  const start = performance.now();
  for (let i = 0; i < 200; i++) await cache.get(`manual:${i}`);
  const ms = performance.now() - start;
  redis.thaw();
  print(`200 gets while Redis is paused\n  ours         ${digits(ms)} ms in all, less than 500`);
  print('  ioredis      10 s each with its defaults');
  await cache.close();
}
