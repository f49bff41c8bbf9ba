import { loadavg } from 'node:os';
import { RedisServer } from '../scripts/services/redis-server.js';
import { cachedVar } from './cache/http.js';
import { memoryWithin } from './cache/memory.js';
import { memoryHits } from './cache/memory-hits.js';
import { zipfMix } from './cache/mix.js';
import { pausedReads, redisHits } from './cache/redis.js';
import { print } from './report.js';

/** The cache beside the libraries it is made of, alone. */
export async function cacheRows(): Promise<void> {
  print('\nours: three levels, frozen values, checks, statistics | lru-cache 11 and ioredis 5 alone');
  print(`taking turns in one process; median [min–max]; load ${loadavg()[0]!.toFixed(1)}\n`);
  await memoryHits();
  await memoryWithin();
  let redis: RedisServer;
  try {
    redis = await (await RedisServer.create()).start();
  } catch (error) {
    print(`no Redis here, its rows are left out: ${(error as Error).message.split('\n')[0]}`);
    return;
  }
  try {
    await redisHits(redis);
    await zipfMix(redis);
    await pausedReads(redis);
  } finally {
    await redis.destroy();
  }
  await cachedVar();
}
