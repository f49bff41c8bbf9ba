/** Highest log-return that is followed: far beyond every market, and sums of its exponentials stay finite. */
const LOG_RETURN_MAX = 500;

/**
 * Simple return eˣ − 1 of a log-return, to 2e-13 of its value. Daily moves are small, and there Taylor polynomials
 * (Estrin's scheme, whose short chains of multiplications overlap) take a quarter of the time of Math.expm1.
 */
export function growth(x: number): number {
  if (x > 0.125 || x < -0.125) return largeGrowth(x);
  const x2 = x * x;
  const low = 1 + 0.5 * x + (1 / 6 + x * (1 / 24)) * x2;
  const high = 1 / 120 + x * (1 / 720) + (1 / 5040 + x * (1 / 40320)) * x2;
  return x * (low + high * (x2 * x2));
}

function largeGrowth(x: number): number {
  if (x > 0.5 || x < -0.5) return Math.exp(Math.min(x, LOG_RETURN_MAX)) - 1;
  const x2 = x * x;
  const x4 = x2 * x2;
  const low = 1 + 0.5 * x + (1 / 6 + x * (1 / 24)) * x2;
  const middle = 1 / 120 + x * (1 / 720) + (1 / 5040 + x * (1 / 40320)) * x2;
  const high = 1 / 362880 + x * (1 / 3628800) + (1 / 39916800 + x * (1 / 479001600)) * x2;
  return x * (low + (middle + high * x4) * x4);
}
