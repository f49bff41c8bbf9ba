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
  let deadline = deadlines.get(ms);
  if (!deadline) {
    deadline = new Deadline(ms);
    deadlines.set(ms, deadline);
  }
  return deadline.over(promise);
}

interface Waiting {
  dueMs: number;
  wasSpared: boolean;
  readonly reject: (error: DeadlineError) => void;
}

/** All who wait equally long have one timer: to set one for each costs a third of what it costs to ask Redis. */
class Deadline {
  /** In the order in which they are due. */
  private readonly waiting = new Set<Waiting>();
  private isWatched = false;

  constructor(private readonly ms: number) {}

  over<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const one = { dueMs: performance.now() + this.ms, wasSpared: false, reject };
      this.waiting.add(one);
      if (!this.isWatched) this.watch(this.ms);
      promise.then(
        (value) => {
          this.waiting.delete(one);
          resolve(value);
        },
        (error: unknown) => {
          this.waiting.delete(one);
          reject(error);
        },
      );
    });
  }

  private watch(ms: number): void {
    this.isWatched = true;
    // It keeps no process alive that would end.
    setTimeout(() => this.look(), ms).unref();
  }

  private look(): void {
    this.isWatched = false;
    const now = performance.now();
    for (const one of this.waiting) {
      if (one.dueMs > now) {
        this.watch(one.dueMs - now);
        return;
      }
      this.waiting.delete(one);
      if (now - one.dueMs > LATE_MS && !one.wasSpared) {
        one.wasSpared = true;
        one.dueMs = now + this.ms;
        this.waiting.add(one);
      } else {
        // An answer that has arrived meanwhile is read before the next turn.
        setImmediate(one.reject, new DeadlineError(this.ms));
      }
    }
  }
}

/** By their milliseconds, which are constants. */
const deadlines = new Map<number, Deadline>();
