import { dot } from './dot.js';
import { QuantError } from './errors.js';

/**
 * Lower factor L with LLᵀ = matrix (row-major n × n), or null when the matrix is not positive definite. Four rows at a
 * time, so that each earlier row is read from memory a fourth as often.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  const products = new Float64Array(4);
  for (let first = 0; first < n; first += 4) {
    const end = Math.min(first + 4, n);
    if (end === first + 4) {
      for (let j = 0; j < first; j++) {
        fourProducts(factor, first * n, n, j * n, j, products);
        const pivot = factor[j * n + j]!;
        for (let r = 0; r < 4; r++) {
          const at = (first + r) * n + j;
          factor[at] = (matrix[at]! - products[r]!) / pivot;
        }
      }
    }
    const from = end === first + 4 ? first : 0;
    for (let i = first; i < end; i++) if (!finishRow(matrix, factor, n, i, from)) return null;
  }
  return factor;
}

/** Entries `from` … i of row i; false where the pivot is not positive. */
function finishRow(matrix: Float64Array, factor: Float64Array, n: number, i: number, from: number): boolean {
  for (let j = from; j < i; j++) {
    factor[i * n + j] = (matrix[i * n + j]! - dot(factor, i * n, factor, j * n, j)) / factor[j * n + j]!;
  }
  const rest = matrix[i * n + i]! - dot(factor, i * n, factor, i * n, i);
  // A pivot this far below its variance is rounding, not information.
  if (!(rest > 1e-14 * matrix[i * n + i]!)) return false;
  factor[i * n + i] = Math.sqrt(rest);
  return true;
}

/** Products of the four rows from `rows` with the row at `other`, over `count` entries. */
function fourProducts(
  factor: Float64Array,
  rows: number,
  n: number,
  other: number,
  count: number,
  products: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  const [rowB, rowC, rowD] = [rows + n, rows + 2 * n, rows + 3 * n];
  for (; k + 2 <= count; k += 2) {
    const x = factor[other + k]!;
    const y = factor[other + k + 1]!;
    a += factor[rows + k]! * x + factor[rows + k + 1]! * y;
    b += factor[rowB + k]! * x + factor[rowB + k + 1]! * y;
    c += factor[rowC + k]! * x + factor[rowC + k + 1]! * y;
    d += factor[rowD + k]! * x + factor[rowD + k + 1]! * y;
  }
  if (k < count) {
    const x = factor[other + k]!;
    a += factor[rows + k]! * x;
    b += factor[rowB + k]! * x;
    c += factor[rowC + k]! * x;
    d += factor[rowD + k]! * x;
  }
  products[0] = a;
  products[1] = b;
  products[2] = c;
  products[3] = d;
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
  for (let i = 0; i < n; i++) x[i] = (x[i]! - dot(factor, i * n, x, 0, i)) / factor[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / factor[i * n + i]!;
    x[i] = value;
    // Column by column along row i keeps the walk through memory straight.
    for (let k = 0; k < i; k++) x[k] = x[k]! - factor[i * n + k]! * value;
  }
  return x;
}
