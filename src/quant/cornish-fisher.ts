import { BASIS_POINTS } from './confidence.js';
import { normalQuantile } from './distributions.js';
import type { ShapeMoments } from './moments.js';

/** A diagnostic, never the reported VaR. */
export interface CornishFisher {
  /** Multiplier of sigma in place of z_c, positive = loss. */
  readonly z: number;
  readonly valid: boolean;
  /** Why it is not valid; null when it is. */
  readonly reason: string | null;
}

/**
 * z + (z²−1)S/6 + (z³−3z)K/24 − (2z³−5z)S²/36 at the lower tail, K in excess of 3, turned into a loss. Outside the
 * domain where the expansion is monotone, S²/9 − 4(K/8 − S²/6)(1 − K/8 + 5S²/36) ≤ 0, it is no quantile function and
 * is marked invalid. Source: Cornish & Fisher (1938); domain: Maillard (2012).
 */
export function cornishFisher(shape: ShapeMoments, basisPoints: number): CornishFisher {
  const { skewness: s, excessKurtosis: k } = shape;
  const z = normalQuantile(basisPoints / BASIS_POINTS);
  const expanded = z + ((z * z - 1) * s) / 6 + ((z ** 3 - 3 * z) * k) / 24 - ((2 * z ** 3 - 5 * z) * s * s) / 36;
  // The derivative in z is a z² + b z + c: the expansion is monotone when that parabola never goes below 0.
  const a = k / 8 - (s * s) / 6;
  const b = s / 3;
  const c = 1 - k / 8 + (5 * s * s) / 36;
  const valid = a >= 0 && c > 0 && b * b - 4 * a * c <= 0;
  const reason = valid
    ? null
    : `skewness ${s.toFixed(4)} and excess kurtosis ${k.toFixed(4)} lie outside the domain where the expansion is monotone`;
  return { z: -expanded, valid, reason };
}
