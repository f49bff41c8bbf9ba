import { LRUCache } from 'lru-cache';
import { print, spread } from '../report.js';
import { aReply, openCache } from './open.js';

const KEYS = 500;
const ROUND = 200_000;
const PAIRS = 15;

/** A hit in memory, through the coordinator and its promise, beside `get` of lru-cache. */
export async function memoryHits(): Promise<void> {
  const cache = await openCache();
  const bare = new LRUCache<string, object>({ max: 1_000, ttl: 3_600_000 });
  const keys = Array.from({ length: KEYS }, (_, i) => `var_results:${i}`);
  for (const [i, key] of keys.entries()) {
    await cache.set(key, aReply(i), 3_600);
    bare.set(key, aReply(i));
  }
  const [ours, theirs, over]: number[][] = [[], [], []];
  for (let pair = -5; pair < PAIRS; pair++) {
    let found = 0;
    let start = performance.now();
    for (let i = 0; i < ROUND; i++) if (await cache.get(keys[i % KEYS]!)) found++;
    const own = ((performance.now() - start) / ROUND) * 1e3;
    start = performance.now();
    for (let i = 0; i < ROUND; i++) if (bare.get(keys[i % KEYS]!)) found++;
    const other = ((performance.now() - start) / ROUND) * 1e3;
    if (found !== 2 * ROUND) throw new Error('a hit was a miss');
    if (pair < 0) continue;
    ours!.push(own);
    theirs!.push(other);
    over!.push(own - other);
  }
  print('hit in memory');
  print(`  ours         ${spread(ours!)} µs`);
  print(`  lru-cache    ${spread(theirs!)} µs`);
  print(`  difference   ${spread(over!)} µs, at most 0.5, aim 0.2`);
  await cache.close();
}
