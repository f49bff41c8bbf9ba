import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { RedisServer } from '../../scripts/services/redis-server.js';
import { digits, print } from '../report.js';
import { aReply, MEGABYTE, openCache } from './open.js';

const KEYS = 20_000;
const REQUESTS = 40_000;
const IN_MEMORY = 1_000;
const LANES = 16;

/** Keys as they are asked for in life: the n-th most wanted one 1/n as often as the first. */
function zipfKeys(): number[] {
  let [seed, total] = [42, 0];
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const sums = Float64Array.from({ length: KEYS }, (_, i) => (total += 1 / (i + 1)));
  return Array.from({ length: REQUESTS }, () => {
    const wanted = random() * total;
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** The same requests on our three levels and on lru-cache before ioredis, written by hand. */
export async function zipfMix(redis: RedisServer): Promise<void> {
  const requests = zipfKeys();
  const folder = mkdtempSync(join(tmpdir(), 'redfire-bench-'));
  const cache = await openCache({
    memory: { entriesMax: IN_MEMORY, bytesMax: 100 * MEGABYTE },
    redis: { url: redis.url(), db: 1, keyPrefix: 'mix:', ttlSeconds: 3_600 },
    files: { dir: folder, filesMax: 10_000, ttlSeconds: 3_600 },
  });
  let loads = 0;
  const load = async (n: number) => {
    loads++;
    return aReply(n);
  };
  const ours = await timed(requests, (n) => cache.getOrLoad(`var_results:${n}`, () => load(n)));
  const own = { l1: cache.memoryHits / REQUESTS, l2: cache.lower.all[0]!.hits / REQUESTS, loads: loads / REQUESTS };
  const files = cache.lower.all[1]!.hits / REQUESTS;
  await cache.close();
  rmSync(folder, { recursive: true, force: true });
  const client = new Redis(redis.url(2));
  const lru = new LRUCache<string, object>({ max: IN_MEMORY, ttl: 3_600_000 });
  const counts = { l1: 0, l2: 0, loads: 0 };
  const theirs = await timed(requests, async (n) => {
    const key = `var_results:${n}`;
    const near = lru.get(key);
    if (near) return void counts.l1++;
    const far = await client.get(key);
    if (far) counts.l2++;
    else counts.loads++;
    const value = far ? JSON.parse(far) : aReply(n);
    lru.set(key, value);
    if (!far) await client.set(key, JSON.stringify(value), 'PX', 3_600_000);
  });
  client.disconnect();
  const share = (of: { l1: number; l2: number; loads: number }) =>
    `memory ${digits(100 * of.l1)} %, Redis ${digits(100 * of.l2)} %, loaded ${digits(100 * of.loads)} %`;
  const bare = { l1: counts.l1 / REQUESTS, l2: counts.l2 / REQUESTS, loads: counts.loads / REQUESTS };
  print(`${REQUESTS} requests for ${KEYS} keys by Zipf, ${IN_MEMORY} of them in memory, ${LANES} at a time`);
  print(`  ours         ${digits(ours)} µs each: ${share(own)}, files ${digits(100 * files)} %`);
  print(`  lru+ioredis  ${digits(theirs)} µs each: ${share(bare)}`);
}

/** Microseconds of a request. */
async function timed(requests: readonly number[], work: (n: number) => Promise<unknown>): Promise<number> {
  const queue = requests.values();
  const start = performance.now();
  const lane = async () => {
    for (const n of queue) await work(n);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return ((performance.now() - start) / requests.length) * 1e3;
}
