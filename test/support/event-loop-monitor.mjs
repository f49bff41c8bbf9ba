// @ts-check
/**
 * Preloaded into a service under test (`NODE_OPTIONS=--import <this file>`): on SIGUSR2 it prints how long its event loop
 * was delayed at most since the signal before, and starts anew. The second number leaves out the time in which the
 * thread was ready and waited for a processor, which Linux tells: on a loaded machine that is no fault of the service.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { now } from './own-time.mjs';

const SAMPLE_MS = 2;

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let ownMsMax = 0;
  let last = now();
  setInterval(() => {
    const current = now();
    ownMsMax = Math.max(ownMsMax, current.ms - last.ms - (current.waitedMs - last.waitedMs));
    last = current;
  }, SAMPLE_MS).unref();
  process.on('SIGUSR2', () => {
    process.stderr.write(`event-loop-delay-max-ms ${(delay.max / 1e6).toFixed(1)} ${ownMsMax.toFixed(1)}\n`);
    delay.reset();
    ownMsMax = 0;
    last = now();
  });
}
