import chiSquareQuantileStdlib from '@stdlib/stats-base-dists-chisquare-quantile';
import normalPdf from '@stdlib/stats-base-dists-normal-pdf';
import studentTPdf from '@stdlib/stats-base-dists-t-pdf';
import studentTQuantile from '@stdlib/stats-base-dists-t-quantile';
import { BASIS_POINTS } from './confidence.js';
import { QuantError } from './errors.js';

/** Shape of a return, always scaled to unit variance before it meets a sigma. */
export type Distribution =
  | { readonly kind: 'normal' }
  | { readonly kind: 'student_t'; readonly degreesOfFreedom: number };

/** Value-at-risk and expected shortfall of a unit-variance return, positive = loss. */
export interface TailMultipliers {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/**
 * Standard normal quantile for p in (0, 1), relative accuracy 1e-15, branch-cheap enough for the simulation loop.
 * Source: Wichura (1988), algorithm AS 241, PPND16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return centralQuantile(q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? outerQuantile(r - 1.6) : farQuantile(r - 5);
  return q < 0 ? -z : z;
}

function centralQuantile(q: number): number {
  const r = 0.180625 - q * q;
  // Estrin's scheme: short chains of multiplications let neighbouring paths overlap in the simulation loop.
  const r2 = r * r;
  const r4 = r2 * r2;
  const numerator =
    3.3871328727963665 +
    133.14166789178438 * r +
    (1971.5909503065513 + 13731.69376550946 * r) * r2 +
    (45921.95393154987 + 67265.7709270087 * r + (33430.57558358813 + 2509.0809287301227 * r) * r2) * r4;
  const denominator =
    1 +
    42.31333070160091 * r +
    (687.1870074920579 + 5394.196021424751 * r) * r2 +
    (21213.794301586597 + 39307.89580009271 * r + (28729.085735721943 + 5226.495278852546 * r) * r2) * r4;
  return (q * numerator) / denominator;
}

function outerQuantile(r: number): number {
  const numerator =
    ((((((r * 0.0007745450142783414 + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r +
      3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
    1.4234371107496835;
  const denominator =
    ((((((r * 1.0507500716444169e-9 + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) *
      r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
    1;
  return numerator / denominator;
}

function farQuantile(r: number): number {
  const numerator =
    ((((((r * 2.0103343992922881e-7 + 0.000027115555687434876) * r + 0.0012426609473880784) * r +
      0.026532189526576124) *
      r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
    6.657904643501103;
  const denominator =
    ((((((r * 2.0442631033899397e-15 + 1.421511758316446e-7) * r + 0.000018463183175100548) * r +
      0.0007868691311456133) *
      r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
    1;
  return numerator / denominator;
}

/** Quantile of χ² with `degreesOfFreedom`. */
export function chiSquareQuantile(p: number, degreesOfFreedom: number): number {
  return chiSquareQuantileStdlib(p, degreesOfFreedom);
}

/** Log density at 0 of the unscaled Student-t: ln Γ((ν+1)/2) − ln Γ(ν/2) − ½ ln(νπ), without a gamma function. */
export function studentTLogDensityAtZero(degreesOfFreedom: number): number {
  return Math.log(studentTPdf(0, degreesOfFreedom));
}

export function requireDistribution(distribution: Distribution): void {
  if (
    distribution.kind === 'student_t' &&
    !(distribution.degreesOfFreedom > 2 && distribution.degreesOfFreedom < 1e6)
  ) {
    throw new QuantError(
      'invalid_argument',
      `degrees of freedom must be above 2 for a finite variance, got ${distribution.degreesOfFreedom}`,
    );
  }
}

/**
 * Tail multipliers of a unit-variance return: VaR = multiplier·σ·√h. Normal: z_c and φ(z_c)/a. Student-t:
 * t_ν⁻¹(c)·√((ν−2)/ν) and f_ν(q)/a·(ν+q²)/(ν−1)·√((ν−2)/ν). Source: McNeil, Frey & Embrechts (2015), §2.3.
 */
export function tailMultipliers(distribution: Distribution, basisPoints: number): TailMultipliers {
  requireDistribution(distribution);
  const tail = basisPoints / BASIS_POINTS;
  if (distribution.kind === 'normal') {
    const z = -normalQuantile(tail);
    return { valueAtRisk: z, expectedShortfall: normalPdf(z, 0, 1) / tail };
  }
  const nu = distribution.degreesOfFreedom;
  const q = -studentTQuantile(tail, nu);
  const scale = Math.sqrt((nu - 2) / nu);
  return {
    valueAtRisk: q * scale,
    expectedShortfall: (((studentTPdf(q, nu) / tail) * (nu + q * q)) / (nu - 1)) * scale,
  };
}

/** Two-sided Student-t quantile for a confidence interval at `level` with `degreesOfFreedom`. */
export function studentTTwoSided(level: number, degreesOfFreedom: number): number {
  return -studentTQuantile((1 - level) / 2, degreesOfFreedom);
}
