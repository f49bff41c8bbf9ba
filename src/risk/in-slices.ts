import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest stretch of work between two looks at the event loop. */
const SLICE_MS = 8;

/**
 * Drives a generator to its end without keeping the event loop from other requests. After a long one its result comes in
 * a turn of its own, so that what follows does not add to the last slice.
 */
export async function inSlices<Result>(work: Generator<void, Result>): Promise<Result> {
  let sliceEnd = performance.now() + SLICE_MS;
  let isLong = false;
  for (;;) {
    const step = work.next();
    isLong ||= performance.now() >= sliceEnd;
    if (step.done) {
      if (isLong) await nextTurn();
      return step.value;
    }
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
}
