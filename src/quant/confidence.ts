import { QuantError } from './errors.js';

/** Tail probabilities are integers of this many parts: 95 % is a tail of 500. */
export const BASIS_POINTS = 10_000;

/**
 * Tail probability a = 1 − c as integer basis points, for a confidence in (0.5, 1) with at most four decimals.
 * 95 is an error, not 0.95. In doubles (1 − 0.95)·500 = 25.000000000000022 and every tail count would be off by one.
 */
export function tailBasisPoints(confidenceLevel: number): number {
  if (!(confidenceLevel > 0.5 && confidenceLevel < 1)) {
    throw new QuantError('invalid_argument', `confidence level must lie in (0.5, 1), got ${confidenceLevel}`);
  }
  if (Number(confidenceLevel.toFixed(4)) !== confidenceLevel) {
    throw new QuantError('invalid_argument', `confidence level has more than four decimals: ${confidenceLevel}`);
  }
  return BASIS_POINTS - Math.round(confidenceLevel * BASIS_POINTS);
}

/** k = ceil(T·bp/10000) in integer arithmetic: how many scenarios the tail touches. */
export function tailCount(observationCount: number, basisPoints: number): number {
  const product = observationCount * basisPoints;
  const remainder = product % BASIS_POINTS;
  return (product - remainder) / BASIS_POINTS + (remainder > 0 ? 1 : 0);
}
