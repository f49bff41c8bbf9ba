import { Redis } from 'ioredis';
import type { RedisServer } from '../../scripts/services/redis-server.js';
import { digits, print, spread } from '../report.js';
import { aReply, openCache } from './open.js';

const KEYS = 300;
const PAIRS = 11;
const settings = (redis: RedisServer) => ({ url: redis.url(), db: 0, keyPrefix: 'bench:', ttlSeconds: 3_600 });

/** A hit in Redis, beside `get` of ioredis and JSON.parse of the same value. */
export async function redisHits(redis: RedisServer): Promise<void> {
  const cache = await openCache({ redis: settings(redis) });
  const bare = new Redis(redis.url());
  const keys = Array.from({ length: KEYS }, (_, i) => `var_results:${i}`);
  for (const [i, key] of keys.entries()) {
    await cache.set(key, aReply(i), 3_600);
    await bare.set(key, JSON.stringify(aReply(i)));
  }
  for (const atOnce of [1, 30]) {
    const [ours, theirs, ratios]: number[][] = [[], [], []];
    const lanes = async (work: (key: string) => Promise<unknown>): Promise<number> => {
      const queue = keys.values();
      const start = performance.now();
      const lane = async () => {
        for (const key of queue) if ((await work(key)) == null) throw new Error('a hit was a miss');
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
      return ((performance.now() - start) / KEYS) * 1e3;
    };
    for (let pair = -4; pair < PAIRS; pair++) {
      for (const key of keys) cache.memory.remove(key);
      const own = await lanes((key) => cache.get(key));
      const other = await lanes((key) => bare.get(key));
      if (pair < 0) continue;
      ours!.push(own);
      theirs!.push(other);
      ratios!.push(own / other);
    }
    print(`hit in Redis, ${JSON.stringify(aReply(1)).length} bytes, ${atOnce} at a time`);
    print(`  ours         ${spread(ours!)} µs`);
    print(`  ioredis GET  ${spread(theirs!)} µs`);
    print(`  ratio        ${spread(ratios!)} ×, at most 1.3`);
  }
  bare.disconnect();
  await cache.close();
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
