import { dot } from './dot.js';
import { requireCount, requireFinite, requireSameLength } from './errors.js';
import { memoryOf } from './resident-columns.js';
import { portfolioPnl } from './returns.js';

/** Arithmetic mean. Throws `insufficient_data` when empty. */
export function mean(values: Float64Array): number {
  requireCount(values.length, 1, 'mean');
  const origin = values[0]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - origin;
  return origin + sum / values.length;
}

/**
 * Sample variance, divisor T − 1. Taken around the first value and corrected, so equal values give exactly 0.
 * Throws `insufficient_data` below two observations.
 */
export function sampleVariance(values: Float64Array): number {
  requireCount(values.length, 2, 'variance');
  requireFinite(values, 'variance');
  const centre = mean(values);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - centre;
    squares += deviation * deviation;
    rest += deviation;
  }
  // Two passes with the correction term of Chan, Golub & LeVeque (1983).
  return Math.max(0, squares - (rest * rest) / values.length) / (values.length - 1);
}

/** Sample standard deviation, divisor T − 1. */
export function sampleStandardDeviation(values: Float64Array): number {
  return Math.sqrt(sampleVariance(values));
}

/** Third and fourth standardised moments (divisor T, as scipy's skew and kurtosis); the kurtosis is in excess of 3. */
export interface ShapeMoments {
  readonly skewness: number;
  readonly excessKurtosis: number;
}

/** Null where the variance is 0 and no shape exists. */
export function shapeMoments(values: Float64Array): ShapeMoments | null {
  requireCount(values.length, 2, 'skewness and kurtosis');
  requireFinite(values, 'skewness and kurtosis');
  const centre = mean(values);
  let [second, third, fourth] = [0, 0, 0];
  for (const value of values) {
    const squared = (value - centre) ** 2;
    second += squared;
    third += squared * (value - centre);
    fourth += squared * squared;
  }
  const variance = second / values.length;
  if (variance === 0) return null;
  return {
    skewness: third / values.length / variance ** 1.5,
    excessKurtosis: fourth / values.length / variance ** 2 - 3,
  };
}

/** Mean, sigma and Euler gradient of a book for one day, in the currency of the exposures. */
export interface PortfolioMoments {
  readonly mean: number;
  readonly sigma: number;
  /** (Σx)ᵢ: covariance of return i with the portfolio's P&L; Σ xᵢ·gradientᵢ = sigma². */
  readonly gradient: Float64Array;
  /** Mean return of each position; computed when read, since few ask for it. */
  readonly means: Float64Array;
  readonly observationCount: number;
}

/**
 * Portfolio moments with the sample covariance (divisor T − 1) in O(TN): p = R·x, gradient = Rᵀ(p − p̄)/(T − 1).
 * No N × N matrix is built. Throws `insufficient_data` below two observations.
 */
export function portfolioMoments(columns: readonly Float64Array[], exposures: Float64Array): PortfolioMoments {
  const pnl = portfolioPnl(columns, exposures);
  const variance = sampleVariance(pnl);
  const centre = mean(pnl);
  const deviations = pnl.map((value) => value - centre);
  return {
    mean: centre,
    sigma: Math.sqrt(variance),
    gradient: projections(columns, deviations, 1 / (pnl.length - 1)),
    get means() {
      return columnMeans(columns);
    },
    observationCount: pnl.length,
  };
}

/** Mean of each column. */
export const columnMeans = (columns: readonly Float64Array[]): Float64Array => Float64Array.from(columns, mean);

/** scale·Σ_t column(t)·series(t) for every column: Rᵀ·series. */
export function projections(columns: readonly Float64Array[], series: Float64Array, scale: number): Float64Array {
  requireCount(columns.length, 1, 'projection columns');
  for (const column of columns) requireSameLength(column, series, 'projection');
  const products =
    memoryOf(columns)?.products(columns, series) ??
    Float64Array.from(columns, (column) => dot(column, 0, series, 0, series.length));
  for (let i = 0; i < products.length; i++) products[i] = products[i]! * scale;
  return products;
}
