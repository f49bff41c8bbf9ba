const MICROSECONDS = 1_000;

/**
 * Puts what happens to the cache in an order, also where the clock goes back: microseconds since 1970 that only rise, and
 * that are later than every stamp this instance has seen of others (a hybrid logical clock, Kulkarni et al. 2014).
 */
export class Stamps {
  private last = 0;

  constructor(private readonly now: () => number) {}

  next(): number {
    this.last = Math.max(this.now() * MICROSECONDS, this.last + 1);
    return this.last;
  }

  /** What comes later here is later than that. */
  saw(stamp: number): void {
    if (stamp > this.last) this.last = stamp;
  }
}
