import { QuantError, requireCount, requireSameLength } from './errors.js';

export interface Regression {
  readonly beta: number;
  readonly alpha: number;
  /** Standard error of beta; null below three observations. */
  readonly standardError: number | null;
  /** Share of the variance explained; null when `y` never moves. */
  readonly rSquared: number | null;
  readonly observationCount: number;
}

/**
 * Ordinary least squares y = α + βx over the observations where neither is NaN. Throws `insufficient_data` below two
 * of them and `zero_variance` when x never moves.
 */
export function olsBeta(y: Float64Array, x: Float64Array): Regression {
  requireSameLength(y, x, 'regression');
  const common: number[] = [];
  for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]) && !Number.isNaN(x[t])) common.push(t);
  const count = common.length;
  requireCount(count, 2, 'regression');
  let [meanX, meanY] = [0, 0];
  for (const t of common) {
    meanX += x[t]!;
    meanY += y[t]!;
  }
  meanX /= count;
  meanY /= count;
  let [sxx, sxy, syy] = [0, 0, 0];
  let moves = false;
  for (const t of common) {
    moves ||= x[t] !== x[common[0]!];
    sxx += (x[t]! - meanX) ** 2;
    sxy += (x[t]! - meanX) * (y[t]! - meanY);
    syy += (y[t]! - meanY) ** 2;
  }
  if (!moves || sxx === 0) throw new QuantError('zero_variance', 'regression: the explaining series never moves');
  const beta = sxy / sxx;
  const residual = Math.max(0, syy - beta * sxy);
  return {
    beta,
    alpha: meanY - beta * meanX,
    standardError: count > 2 ? Math.sqrt(residual / (count - 2) / sxx) : null,
    rSquared: syy > 0 ? 1 - residual / syy : null,
    observationCount: count,
  };
}
