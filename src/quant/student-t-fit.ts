import { studentTLogDensityAtZero } from './distributions.js';
import { QuantError, requireCount } from './errors.js';
import { mean, sampleStandardDeviation } from './moments.js';

export const DEGREES_OF_FREEDOM_MIN = 3;
export const DEGREES_OF_FREEDOM_MAX = 30;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

export interface StudentTFit {
  readonly degreesOfFreedom: number;
  readonly logLikelihood: number;
  /** The likelihood still rises at 3 or 30: the value is a bound, not an optimum. */
  readonly atBound: boolean;
}

/**
 * Maximum-likelihood degrees of freedom in [3, 30] of a Student-t scaled to unit variance, mean and standard deviation
 * (divisor T − 1) held at the sample's, because those are what VaR multiplies (variance targeting). Throws
 * `insufficient_data` below two observations and `zero_variance`. Source: McNeil, Frey & Embrechts (2015), §6.2.
 */
export function fitDegreesOfFreedom(returns: Float64Array): StudentTFit {
  requireCount(returns.length, 2, 'Student-t fit');
  const sigma = sampleStandardDeviation(returns);
  if (!(sigma > 0)) throw new QuantError('zero_variance', 'Student-t fit: the returns never move');
  const centre = mean(returns);
  const squares = returns.map((value) => ((value - centre) / sigma) ** 2);
  const likelihood = (nu: number) => logLikelihood(squares, nu) - returns.length * Math.log(sigma);

  // A whole-number scan first: the golden section below needs one hill only.
  let best = DEGREES_OF_FREEDOM_MIN;
  for (let nu = best + 1; nu <= DEGREES_OF_FREEDOM_MAX; nu++) if (likelihood(nu) > likelihood(best)) best = nu;
  let low = Math.max(DEGREES_OF_FREEDOM_MIN, best - 1);
  let high = Math.min(DEGREES_OF_FREEDOM_MAX, best + 1);
  while (high - low > 1e-7) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (likelihood(left) >= likelihood(right)) high = right;
    else low = left;
  }
  const inside = (low + high) / 2;
  const [degreesOfFreedom] = [DEGREES_OF_FREEDOM_MIN, DEGREES_OF_FREEDOM_MAX, inside].sort(
    (a, b) => likelihood(b) - likelihood(a),
  );
  return {
    degreesOfFreedom: degreesOfFreedom!,
    logLikelihood: likelihood(degreesOfFreedom!),
    atBound: degreesOfFreedom !== inside,
  };
}

/** Σ ln f(z), f the unit-variance Student-t: ln c(ν) + ½ ln(ν/(ν−2)) − (ν+1)/2·ln(1 + z²/(ν−2)). */
function logLikelihood(squares: Float64Array, nu: number): number {
  let sum = 0;
  for (const square of squares) sum += Math.log1p(square / (nu - 2));
  const constant = studentTLogDensityAtZero(nu) + 0.5 * Math.log(nu / (nu - 2));
  return squares.length * constant - ((nu + 1) / 2) * sum;
}
