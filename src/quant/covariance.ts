import { choleskySolve, positiveDefinite } from './cholesky.js';
import { dot } from './dot.js';
import { requireCount, requireFinite, requireSameLength } from './errors.js';
import { largestEigenvalue } from './largest-eigenvalue.js';
import { columnMeans, mean, type PortfolioMoments, projections } from './moments.js';
import { memoryOf, residentColumns } from './resident-columns.js';
import { portfolioPnl } from './returns.js';

/** T/N from which the sample covariance is used when the choice is `auto` (docs/conventions.md §15). */
export const SAMPLE_RATIO_MIN = 10;

export type CovarianceMethod = 'sample' | 'ledoit_wolf';

export interface CovarianceEstimate {
  /** Row-major N × N, per day, positive definite. */
  readonly matrix: Float64Array;
  /** Lower Cholesky factor of `matrix`. */
  readonly factor: Float64Array;
  readonly size: number;
  readonly method: CovarianceMethod;
  /** Ledoit-Wolf shrinkage intensity in [0, 1]; null for the sample covariance. */
  readonly delta: number | null;
  /** Largest over smallest eigenvalue, of the matrix after any repair; iterative, about 6 digits. */
  readonly conditionNumber: number;
  /** Share of the mean variance added to the diagonal; above 0 the matrix was not positive definite. */
  readonly repairRatio: number;
}

/** `auto`: sample when T ≥ 10·N, else Ledoit-Wolf. */
export function covarianceMethod(
  choice: 'auto' | CovarianceMethod,
  observationCount: number,
  columnCount: number,
): CovarianceMethod {
  if (choice !== 'auto') return choice;
  return observationCount >= SAMPLE_RATIO_MIN * columnCount ? 'sample' : 'ledoit_wolf';
}

/**
 * Covariance matrix of simple returns per day, factored, with delta, condition number and any repair reported.
 * Throws `insufficient_data` below two observations and `zero_variance` when no return ever moves.
 */
export function estimateCovariance(
  columns: readonly Float64Array[],
  choice: 'auto' | CovarianceMethod = 'auto',
): CovarianceEstimate {
  const centred = centredColumns(columns);
  const size = columns.length;
  const count = centred[0]!.length;
  const method = covarianceMethod(choice, count, size);
  const raw = crossProducts(centred, 1 / (method === 'sample' ? count - 1 : count));
  const delta = method === 'sample' ? null : shrinkage(centred, raw);
  if (delta !== null) shrink(raw, size, delta);
  const { matrix, factor, repairRatio } = positiveDefinite(raw, size);
  return { matrix, factor, size, method, delta, conditionNumber: conditionNumber(matrix, factor, size), repairRatio };
}

function centredColumns(columns: readonly Float64Array[]): Float64Array[] {
  requireCount(columns.length, 1, 'covariance columns');
  requireCount(columns[0]!.length, 2, 'covariance');
  const centred = residentColumns(columns.length, columns[0]!.length);
  for (const [i, column] of columns.entries()) {
    requireSameLength(column, columns[0]!, 'covariance columns');
    requireFinite(column, 'covariance');
    const centre = mean(column);
    const deviations = centred[i]!;
    for (let t = 0; t < column.length; t++) deviations[t] = column[t]! - centre;
  }
  return centred;
}

/** scale·XᵀX of columns that lie in one memory. */
function crossProducts(columns: readonly Float64Array[], scale: number): Float64Array {
  const matrix = memoryOf(columns)!.crossProducts(columns);
  for (let at = 0; at < matrix.length; at++) matrix[at] = matrix[at]! * scale;
  return matrix;
}

/** The T × T matrix XXᵀ/T, whose squares sum to those of the N × N one. */
function gram(columns: readonly Float64Array[]): Float64Array {
  return crossProducts(transposed(columns), 1 / columns[0]!.length);
}

function shrink(matrix: Float64Array, size: number, delta: number): void {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!;
  for (let i = 0; i < matrix.length; i++) matrix[i] = matrix[i]! * (1 - delta);
  for (let i = 0; i < size; i++) matrix[i * size + i] = matrix[i * size + i]! + (delta * trace) / size;
}

/**
 * Shrinkage intensity towards μI, μ the mean variance, of already centred columns; 1/T inside, as
 * sklearn.covariance.ledoit_wolf. ‖S‖² comes from `products`, S itself or the T × T Gram matrix. Source: Ledoit & Wolf (2004), A well-conditioned estimator for large-dimensional covariance matrices.
 */
function shrinkage(centred: readonly Float64Array[], products: Float64Array): number {
  const size = centred.length;
  const count = centred[0]!.length;
  const rowSquares = new Float64Array(count);
  for (const column of centred) {
    for (let t = 0; t < count; t++) rowSquares[t] = rowSquares[t]! + column[t]! ** 2;
  }
  let trace = 0;
  let fourth = 0;
  for (const square of rowSquares) {
    trace += square / count;
    fourth += square * square;
  }
  let squaredNorm = 0;
  for (const product of products) squaredNorm += product * product;
  const mu = trace / size;
  const distance = (squaredNorm - size * mu * mu) / size;
  const noise = Math.min((fourth / count - squaredNorm) / (size * count), distance);
  return noise > 0 ? noise / distance : 0;
}

function transposed(columns: readonly Float64Array[]): Float64Array[] {
  const rows = residentColumns(columns[0]!.length, columns.length);
  for (const [t, row] of rows.entries()) for (let i = 0; i < row.length; i++) row[i] = columns[i]![t]!;
  return rows;
}

/**
 * Portfolio moments under Ledoit-Wolf without an N × N matrix: σ² = (1−δ)·var_T(R·x) + δμ·x'x, the same shrinkage as
 * `estimateCovariance`. `delta` is reported beside them.
 */
export function ledoitWolfMoments(
  columns: readonly Float64Array[],
  exposures: Float64Array,
): PortfolioMoments & { readonly delta: number } {
  const centred = centredColumns(columns);
  const count = centred[0]!.length;
  const delta = shrinkage(centred, centred.length <= count ? crossProducts(centred, 1 / count) : gram(centred));
  const pnl = portfolioPnl(centred, exposures);
  let mu = 0;
  for (const column of centred) for (const value of column) mu += (value * value) / count / centred.length;
  const sample = projections(centred, pnl, 1 / count);
  const gradient = sample.map((product, i) => (1 - delta) * product + delta * mu * exposures[i]!);
  const means = columnMeans(columns);
  let [variance, portfolioMean] = [0, 0];
  for (let i = 0; i < gradient.length; i++) {
    variance += exposures[i]! * gradient[i]!;
    portfolioMean += exposures[i]! * means[i]!;
  }
  const sigma = Math.sqrt(Math.max(0, variance));
  return { mean: portfolioMean, sigma, gradient, means, observationCount: count, delta };
}

/** λmax/λmin, from the matrix and, through the factor, from its inverse: O(N²) a step, no eigenvalue solver. */
function conditionNumber(matrix: Float64Array, factor: Float64Array, n: number): number {
  const product = new Float64Array(n);
  const largest = largestEigenvalue(n, (vector) => {
    for (let i = 0; i < n; i++) product[i] = dot(matrix, i * n, vector, 0, n);
    return product;
  });
  return Math.max(1, largest * largestEigenvalue(n, (vector) => choleskySolve(factor, n, vector)));
}
