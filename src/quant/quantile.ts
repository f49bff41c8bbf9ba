import { BASIS_POINTS } from './confidence.js';
import { QuantError, requireCount, requireFinite } from './errors.js';

/** Continuous sample quantiles of Hyndman & Fan (1996): type 5 hydrology, 6 Weibull, 7 the default of R and numpy. */
export type QuantileType = 'type5' | 'type6' | 'type7';

const INSERTION_MAX = 24;

/**
 * Puts the `count` smallest of `scratch[0, length)` in front, in no order. Changes `scratch`: callers pass a copy.
 * Hoare's quickselect with median of three: a full sort costs ten times as much for a tail of 5 %.
 */
export function selectSmallest(scratch: Float64Array, length: number, count: number): void {
  let left = 0;
  let right = length - 1;
  const target = count - 1;
  while (right - left > INSERTION_MAX) {
    const pivot = medianOfThree(scratch[left]!, scratch[(left + right) >>> 1]!, scratch[right]!);
    let i = left - 1;
    let j = right + 1;
    for (;;) {
      do i++;
      while (scratch[i]! < pivot);
      do j--;
      while (scratch[j]! > pivot);
      if (i >= j) break;
      const swap = scratch[i]!;
      scratch[i] = scratch[j]!;
      scratch[j] = swap;
    }
    if (target <= j) right = j;
    else left = j + 1;
  }
  sortRange(scratch, left, right + 1);
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Ascending sort of `scratch[from, to)` in place: insertion for the few, the built-in for the many. */
export function sortRange(scratch: Float64Array, from: number, to: number): void {
  if (to - from > 64) {
    scratch.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = scratch[i]!;
    let j = i - 1;
    while (j >= from && scratch[j]! > value) {
      scratch[j + 1] = scratch[j]!;
      j--;
    }
    scratch[j + 1] = value;
  }
}

/** The `rank`-th smallest value, 1-based. */
export function kthSmallest(values: Float64Array, rank: number): number {
  requireCount(values.length, 1, 'order statistic');
  if (!(Number.isInteger(rank) && rank >= 1 && rank <= values.length)) {
    throw new QuantError('invalid_argument', `rank ${rank} is outside 1…${values.length}`);
  }
  const scratch = Float64Array.from(values);
  selectSmallest(scratch, scratch.length, rank);
  let largest = scratch[0]!;
  for (let i = 1; i < rank; i++) if (scratch[i]! > largest) largest = scratch[i]!;
  return largest;
}

/** Where a quantile lies between two order statistics: (1 − fraction)·x(rank) + fraction·x(rank + 1), 1-based. */
export interface QuantilePosition {
  readonly rank: number;
  readonly fraction: number;
}

/**
 * Position of the quantile of probability numerator/denominator among `count` sorted values. With integers, as basis
 * points, rank and fraction come from integer arithmetic. Type 7: 1 + (n−1)p, type 6: (n+1)p, type 5: np + ½, clamped.
 */
export function quantilePosition(
  count: number,
  numerator: number,
  type: QuantileType,
  denominator = BASIS_POINTS,
): QuantilePosition {
  const doubled = {
    type5: 2 * count * numerator + denominator,
    type6: 2 * (count + 1) * numerator,
    type7: 2 * (count - 1) * numerator + 2 * denominator,
  }[type];
  const step = 2 * denominator;
  const position = Math.min(Math.max(doubled, step), count * step);
  const remainder = position % step;
  return { rank: Math.round((position - remainder) / step), fraction: remainder / step };
}

/** Sample quantile for `probability` in [0, 1], in the unit of `values`. Source: Hyndman & Fan (1996). */
export function quantile(values: Float64Array, probability: number, type: QuantileType = 'type7'): number {
  requireCount(values.length, 1, 'quantile');
  requireFinite(values, 'quantile');
  if (!(probability >= 0 && probability <= 1)) {
    throw new QuantError('invalid_argument', `probability must lie in [0, 1], got ${probability}`);
  }
  const { rank, fraction } = quantilePosition(values.length, probability, type, 1);
  const lower = kthSmallest(values, rank);
  return fraction === 0 ? lower : lower + fraction * (kthSmallest(values, rank + 1) - lower);
}
