import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { BASIS_POINTS } from './confidence.js';
import { requireCount } from './errors.js';
import { kthSmallest } from './quantile.js';

/** Bounds of a measure at `level`, positive = loss; null where the sample cannot bound it. */
export interface ConfidenceInterval {
  readonly level: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface IntervalRanks {
  /** Rank from the worst of the lower bound: the smallest r with P(N ≤ r−1) ≥ 1 − (1−level)/2. */
  readonly lowerRank: number | null;
  /** Rank from the worst of the upper bound: the largest s with P(N ≤ s−1) ≤ (1−level)/2. */
  readonly upperRank: number | null;
}

export const INTERVAL_LEVEL = 0.95;

/**
 * Ranks that bound the a-quantile, N ~ Bin(T, a) being the number of losses beyond the true VaR. Distribution free,
 * but the scenarios must be independent, which overlapping windows are not. Source: David & Nagaraja (2003), §7.1.
 */
export function intervalRanks(count: number, basisPoints: number, level = INTERVAL_LEVEL): IntervalRanks {
  const tail = basisPoints / BASIS_POINTS;
  const outside = (1 - level) / 2;
  // P(N ≤ m) rises with m, so one bisection finds the first m at which it passes a probability.
  const first = (passes: (probability: number) => boolean): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (passes(binomialCdf(middle, count, tail))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const lowerRank = first((probability) => probability >= 1 - outside) + 1;
  const upperRank = first((probability) => probability > outside);
  return { lowerRank: lowerRank <= count ? lowerRank : null, upperRank: upperRank >= 1 ? upperRank : null };
}

/** Binomial order-statistic interval of the VaR of `pnl`, in its unit. `upper` is null at 99 % with T = 253. */
export function valueAtRiskInterval(
  pnl: Float64Array,
  basisPoints: number,
  level = INTERVAL_LEVEL,
): ConfidenceInterval {
  requireCount(pnl.length, 1, 'confidence interval');
  const { lowerRank, upperRank } = intervalRanks(pnl.length, basisPoints, level);
  return {
    level,
    lower: lowerRank === null ? null : -kthSmallest(pnl, lowerRank) + 0,
    upper: upperRank === null ? null : -kthSmallest(pnl, upperRank) + 0,
  };
}
