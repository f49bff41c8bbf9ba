/** What a promise became within `ms`, or a rejection in words; what it is waited for goes on by itself. */
export async function within<Value>(ms: number, waited: Promise<Value>, words: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(words)), ms);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it was settled within `ms`. */
export async function settledWithin(ms: number, waited: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const settled = waited.then(
    () => true,
    () => true,
  );
  const outcome = await Promise.race([settled, late]);
  clearTimeout(timer);
  return outcome;
}

/** A time out that `wake` cuts short. */
export class Pause {
  private end: (() => void) | undefined;

  async rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.end = undefined;
  }

  wake(): void {
    this.end?.();
  }
}

/** Grows from `first` to `last` milliseconds, with a tenth of chance so that many do not come back at once. */
export class BackOff {
  private next: number;

  constructor(
    private readonly first: number,
    private readonly last: number,
  ) {
    this.next = first;
  }

  reset(): void {
    this.next = this.first;
  }

  take(): number {
    const ms = this.next;
    this.next = Math.min(this.last, ms * 2);
    return ms * (0.9 + 0.2 * Math.random());
  }
}
