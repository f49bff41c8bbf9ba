// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/** Nanoseconds of the main thread on a processor, and ready without one. */
const SCHEDULER = `/proc/self/task/${process.pid}/schedstat`;

/** The time, and how much of it since the start this thread was ready and waited for a processor, which Linux tells. */
export function now() {
  const waited = existsSync(SCHEDULER) ? readFileSync(SCHEDULER, 'utf8').split(' ')[1] : 0;
  return { ms: performance.now(), waitedMs: Number(waited) / 1e6 };
}

export async function timed(work) {
  const start = now();
  const result = await work();
  const end = now();
  return { ms: end.ms - start.ms - (end.waitedMs - start.waitedMs), result };
}
