import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, withinDeadline } from '../../../src/cache/within-deadline.js';

const MS = 40;
const never = new Promise<never>(() => undefined);

/** Milliseconds until it failed, which it has to. */
async function msUntilFailed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await expect(work).rejects.toThrow(DeadlineError);
  return performance.now() - start;
}

function beBusy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('a deadline', () => {
  it('passes on what a promise brings in time, also a failure', async () => {
    expect(await withinDeadline(sleep(1, 'answer'), 10_000)).toBe('answer');
    await expect(withinDeadline(Promise.reject(new Error('refused')), 10_000)).rejects.toThrow('refused');
  });

  it('is that of each, whoever asked before or has an answer already', async () => {
    const first = msUntilFailed(withinDeadline(never, MS));
    const answered = withinDeadline(sleep(1), MS);
    await sleep(MS / 2);
    const second = msUntilFailed(withinDeadline(never, MS));
    const other = msUntilFailed(withinDeadline(never, 3 * MS));
    await answered;
    // A timer may be a little early by another clock.
    for (const [failed, ms] of [
      [first, MS],
      [second, MS],
      [other, 3 * MS],
    ] as const) {
      expect(await failed).toBeGreaterThan(ms - 2);
    }
    // After a pause, in which nobody waited, too.
    await sleep(2 * MS);
    expect(await msUntilFailed(withinDeadline(never, MS))).toBeGreaterThan(MS - 2);
  });

  it('does not count the time in which this process was busy, but that only once', async () => {
    const answer = withinDeadline(sleep(2.5 * MS, 'late'), MS);
    beBusy(2 * MS);
    expect(await answer).toBe('late');
    const start = performance.now();
    const failed = msUntilFailed(withinDeadline(never, MS));
    beBusy(2 * MS);
    await failed;
    expect(performance.now() - start).toBeGreaterThan(3 * MS - 2);
  });
});
