/** Sets and gets until the cache is full many times over, and says what it takes then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { frozenValue } from '../../src/cache/value.js';
import { aReply, MEGABYTE, openCache } from './open.js';

const OPERATIONS = 1_000_000;

const KINDS: Record<string, (n: number) => unknown> = {
  replies: (n) => ({ ...aReply(n), again: aReply(n) }),
  texts: (n) => `${n} ${'x'.repeat(1_000)}`,
  numbers: (n) => ({ column: new Float64Array(200).fill(n) }),
  rows: (n) => Array.from({ length: 20 }, (_, i) => ({ symbol: `S${i}`, value: n / 7 + i, quantity: i, held: true })),
};

/** Memory of arrays is given back a moment after the collection. */
const used = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc!();
    await sleep(200);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const make = KINDS[process.argv[2]!]!;
const cache = await openCache({ memory: { entriesMax: 100_000, bytesMax: 100 * MEGABYTE } });
for (let n = 0; n < 1_000; n++) frozenValue(make(n));
const before = await used();
for (let n = 0; n < OPERATIONS / 2; n++) {
  await cache.set(`return_windows:${n}`, make(n), 3_600);
  await cache.get(`return_windows:${n - 100}`);
}
const { entries, bytes } = cache.memory.size;
const megabytes = (count: number) => Math.round((count / MEGABYTE) * 10) / 10;
process.send!({ entries, counted: megabytes(bytes), taken: megabytes((await used()) - before) });
await cache.close();
