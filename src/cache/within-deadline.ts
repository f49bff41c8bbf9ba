export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** A timer that is so late says that this process was busy. */
const LATE_MS = 5;

/**
 * What a promise brings, unless that takes longer: then a {@link DeadlineError}, and what it brings is of no interest. The
 * time during which this process was busy with other things is not held against whoever is to answer.
 */
export function withinDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new DeadlineError(ms));
    const start = performance.now();
    let timer = setTimeout(() => {
      if (performance.now() - start > ms + LATE_MS) timer = setTimeout(fail, ms);
      // An answer that has arrived meanwhile is read before the next turn.
      else setImmediate(fail);
    }, ms);
    // It keeps no process alive that would end.
    timer.unref();
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
