import { chiSquareQuantile, type Distribution, normalQuantile, tailMultipliers } from './distributions.js';
import { QuantError, requireCount, requireFinite } from './errors.js';
import { ewmaWeights } from './ewma.js';
import { columnMeans, mean, type PortfolioMoments, projections } from './moments.js';
import { type ConfidenceInterval, INTERVAL_LEVEL } from './order-statistic-interval.js';
import { portfolioPnl, requireHorizon } from './returns.js';
import type { TailRisk } from './tail-risk.js';

export interface ParametricOptions {
  /** Standard deviation of the daily P&L (or return), positive. */
  readonly sigma: number;
  /** Daily mean; 0 unless the request says `include_mean`. */
  readonly mean?: number;
  readonly basisPoints: number;
  readonly distribution: Distribution;
  readonly horizonDays?: number;
}

export interface ParametricTailRisk extends TailRisk {
  /** Multiplier of σ√h in VaR, and in ES. */
  readonly z: number;
  readonly esMultiplier: number;
}

/**
 * Parametric VaR and ES: multiplier·σ·√h − mean·h, positive = loss, in the unit of sigma (docs/conventions.md §9, §10). For Student-t
 * the unit-variance shape is kept at the horizon. Throws `zero_variance` for sigma 0: no shape, no VaR.
 */
export function parametricTailRisk(options: ParametricOptions): ParametricTailRisk {
  const { sigma, mean: drift = 0, basisPoints, distribution, horizonDays = 1 } = options;
  requireHorizon(horizonDays);
  requireSigma(sigma);
  const multipliers = tailMultipliers(distribution, basisPoints);
  const scale = sigma * Math.sqrt(horizonDays);
  return {
    valueAtRisk: multipliers.valueAtRisk * scale - drift * horizonDays,
    expectedShortfall: multipliers.expectedShortfall * scale - drift * horizonDays,
    z: multipliers.valueAtRisk,
    esMultiplier: multipliers.expectedShortfall,
  };
}

function requireSigma(sigma: number): void {
  if (!Number.isFinite(sigma)) throw new QuantError('not_finite', `sigma is ${sigma}`);
  if (sigma < 0) throw new QuantError('invalid_argument', `sigma must be positive, got ${sigma}`);
  if (sigma === 0) throw new QuantError('zero_variance', 'the portfolio has zero variance');
}

/**
 * Sampling error of a parametric VaR through sigma (the mean is taken as given). Normal: exact χ² interval with
 * `effectiveCount` − 1 degrees of freedom, standard error VaR_σ/√(2(n−1)). Student-t: delta method with the kurtosis
 * 3 + 6/(ν−4); null for ν ≤ 4, where the variance of the variance is infinite. VaR_σ is the part z·σ·√h.
 */
export function parametricError(
  options: ParametricOptions,
  effectiveCount: number,
): { readonly standardError: number | null; readonly interval: ConfidenceInterval } {
  requireCount(effectiveCount, 2, 'parametric interval');
  const { valueAtRisk, z } = parametricTailRisk(options);
  const volatilityPart = z * options.sigma * Math.sqrt(options.horizonDays ?? 1);
  const drift = valueAtRisk - volatilityPart;
  const outside = (1 - INTERVAL_LEVEL) / 2;
  const degrees = effectiveCount - 1;
  if (options.distribution.kind === 'normal') {
    const bound = (p: number) => drift + volatilityPart * Math.sqrt(degrees / chiSquareQuantile(p, degrees));
    return {
      standardError: volatilityPart / Math.sqrt(2 * degrees),
      interval: { level: INTERVAL_LEVEL, lower: bound(1 - outside), upper: bound(outside) },
    };
  }
  const nu = options.distribution.degreesOfFreedom;
  if (nu <= 4) return { standardError: null, interval: { level: INTERVAL_LEVEL, lower: null, upper: null } };
  const standardError = volatilityPart * Math.sqrt((2 + 6 / (nu - 4)) / (4 * degrees));
  const reach = -normalQuantile(outside) * standardError;
  return {
    standardError,
    interval: { level: INTERVAL_LEVEL, lower: valueAtRisk - reach, upper: valueAtRisk + reach },
  };
}

export interface ParametricContributions {
  readonly componentVar: Float64Array;
  readonly componentEs: Float64Array;
}

/** Euler split xᵢ(Σx)ᵢ/σ·multiplier·√h − xᵢ·meanᵢ·h: adds up to VaR and ES (docs/conventions.md §19). `means` only with the mean. */
export function parametricContributions(
  exposures: Float64Array,
  gradient: Float64Array,
  risk: ParametricTailRisk,
  options: { readonly sigma: number; readonly horizonDays?: number; readonly means?: Float64Array },
): ParametricContributions {
  const { sigma, horizonDays = 1, means } = options;
  requireSigma(sigma);
  const part = (multiplier: number) =>
    exposures.map((exposure, i) => {
      const perSigma = (gradient[i]! / sigma) * multiplier * Math.sqrt(horizonDays);
      return exposure * (perSigma - (means ? means[i]! * horizonDays : 0)) + 0;
    });
  return { componentVar: part(risk.z), componentEs: part(risk.esMultiplier) };
}

/**
 * Portfolio moments with EWMA volatility: σ² is the forecast of the portfolio's own series p = R·x (mean 0, seed r₀²,
 * docs/conventions.md §12), the gradient Σ_t w_t·r_it·p_t has the same weights, so Σ xᵢ·gradientᵢ = σ². `effectiveCount` = 1/Σw² is the
 * sample size for `parametricError`.
 */
export function ewmaMoments(
  columns: readonly Float64Array[],
  exposures: Float64Array,
  decay = 0.94,
): PortfolioMoments & { readonly effectiveCount: number } {
  const pnl = portfolioPnl(columns, exposures);
  requireFinite(pnl, 'EWMA moments');
  const weights = ewmaWeights(pnl.length, decay);
  let variance = 0;
  let squaredWeights = 0;
  for (let t = 0; t < pnl.length; t++) {
    variance += weights[t]! * pnl[t]! ** 2;
    squaredWeights += weights[t]! ** 2;
  }
  return {
    mean: mean(pnl),
    sigma: Math.sqrt(variance),
    gradient: projections(
      columns,
      pnl.map((value, t) => weights[t]! * value),
      1,
    ),
    get means() {
      return columnMeans(columns);
    },
    observationCount: pnl.length,
    effectiveCount: 1 / squaredWeights,
  };
}
