import type { PriceSeries } from '../../src/risk/market/price-book.js';
import { dayOf } from '../../src/risk/market/price-day.js';

/** The first date of made-up histories; every calendar day after it is a trading date. */
export const FIRST_DATE = '2020-01-01';
export const FIRST_DAY = dayOf(FIRST_DATE)!;

/** Closes on consecutive days from {@link FIRST_DATE}; a hole (null) is a day without close. */
export function aSeries(closes: readonly (number | null)[], firstDay = FIRST_DAY): PriceSeries {
  const days = closes.flatMap((close, i) => (close === null ? [] : [firstDay + i]));
  return { days: Int32Array.from(days), closes: Float64Array.from(closes.filter((close) => close !== null)) };
}

/** Closes that move by these returns from 100. */
export function closesOf(returns: readonly number[]): number[] {
  const closes = [100];
  for (const [i, move] of returns.entries()) closes.push(closes[i]! * (1 + move));
  return closes;
}

/** The values with nothing at these places. */
export function without(closes: readonly number[], ...holes: number[]): (number | null)[] {
  return closes.map((close, i) => (holes.includes(i) ? null : close));
}

/** Drives a computation that yields to its end. */
export function finish<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
