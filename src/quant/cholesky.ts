import { QuantError } from './errors.js';

/** Lower factor L with LLᵀ = matrix (row-major n × n), or null when the matrix is not positive definite. */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = matrix[i * n + j]! - rowProduct(factor, i * n, j * n, j);
      if (i === j) {
        // A pivot this far below its variance is rounding, not information.
        if (!(rest > 1e-14 * matrix[i * n + i]!)) return null;
        factor[i * n + i] = Math.sqrt(rest);
      } else {
        factor[i * n + j] = rest / factor[j * n + j]!;
      }
    }
  }
  return factor;
}

function rowProduct(factor: Float64Array, rowI: number, rowJ: number, count: number): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < count; k += 2) {
    even += factor[rowI + k]! * factor[rowJ + k]!;
    odd += factor[rowI + k + 1]! * factor[rowJ + k + 1]!;
  }
  if (k < count) even += factor[rowI + k]! * factor[rowJ + k]!;
  return even + odd;
}

export interface PositiveDefinite {
  readonly matrix: Float64Array;
  readonly factor: Float64Array;
  /** Added to the diagonal as a share of the mean variance; 0 when the matrix was positive definite. Say so. */
  readonly repairRatio: number;
}

const REPAIR_RATIO_MIN = 1e-12;

/**
 * The matrix with its Cholesky factor; where it is not positive definite, with the smallest load on its diagonal,
 * ratio·trace/n, ratio 1e-12 rising tenfold, that makes it so. A sample covariance is at worst singular, so the load
 * stays at rounding size; `repairRatio` tells. Throws `zero_variance` when the trace is 0.
 */
export function positiveDefinite(matrix: Float64Array, n: number): PositiveDefinite {
  const plain = cholesky(matrix, n);
  if (plain) return { matrix, factor: plain, repairRatio: 0 };
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!;
  if (!(trace > 0)) throw new QuantError('zero_variance', 'every return has zero variance');
  for (let ratio = REPAIR_RATIO_MIN; ratio <= 1e3; ratio *= 10) {
    const loaded = Float64Array.from(matrix);
    for (let i = 0; i < n; i++) loaded[i * n + i] = loaded[i * n + i]! + (ratio * trace) / n;
    const factor = cholesky(loaded, n);
    if (factor) return { matrix: loaded, factor, repairRatio: ratio };
  }
  throw new QuantError('not_finite', 'the covariance matrix cannot be made positive definite');
}

/** Solves LLᵀx = b. */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let rest = x[i]!;
    for (let k = 0; k < i; k++) rest -= factor[i * n + k]! * x[k]!;
    x[i] = rest / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / factor[i * n + i]!;
    x[i] = value;
    // Column by column along row i keeps the walk through memory straight.
    for (let k = 0; k < i; k++) x[k] = x[k]! - factor[i * n + k]! * value;
  }
  return x;
}
