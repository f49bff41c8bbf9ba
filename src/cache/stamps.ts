/** Of a millisecond. */
export const MICROSECONDS = 1_000;
/** Stamps that are further ahead are nobody's clock, and would leave no room for later ones. */
const AHEAD_MS_MAX = 60_000;

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

  /** What comes later here is later than that. Returns the stamp, or the latest one that is to be believed. */
  saw(stamp: number): number {
    const believed = Math.min(stamp, Math.max(this.last, (this.now() + AHEAD_MS_MAX) * MICROSECONDS));
    this.last = Math.max(this.last, believed);
    return believed;
  }
}
