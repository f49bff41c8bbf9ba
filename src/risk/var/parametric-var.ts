import { cornishFisher } from '../../quant/cornish-fisher.js';
import { type CovarianceMethod, covarianceMethod, ledoitWolfMoments } from '../../quant/covariance.js';
import type { Distribution } from '../../quant/distributions.js';
import { type PortfolioMoments, portfolioMoments, shapeMoments } from '../../quant/moments.js';
import type { ConfidenceInterval } from '../../quant/order-statistic-interval.js';
import { ewmaMoments, parametricContributions, parametricError, parametricTailRisk } from '../../quant/parametric.js';
import { portfolioPnl } from '../../quant/returns.js';
import { fitDegreesOfFreedom } from '../../quant/student-t-fit.js';
import type { Contributions, ScenarioInput } from './scenario-input.js';

export interface ParametricOptions {
  readonly distribution: 'normal' | 'student_t';
  /** Of Student-t: a number, or `ml` to fit it to the portfolio's series. */
  readonly degreesOfFreedom: number | 'ml';
  readonly volatility: 'sample' | 'ewma';
  readonly decay: number;
  readonly covariance: 'auto' | CovarianceMethod;
  readonly includeMean: boolean;
  readonly horizonDays: number;
  readonly tails: readonly number[];
  readonly contributions: boolean;
}

export interface CornishFisherDiagnostic {
  readonly valid: boolean;
  readonly reason: string | null;
  readonly skewness: number;
  readonly excessKurtosis: number;
  readonly valueAtRisk: number;
}

export interface ParametricResult {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /** Null where a small decay leaves fewer than two effective observations. */
  readonly interval: ConfidenceInterval | null;
  readonly z: number;
  readonly cornishFisher: CornishFisherDiagnostic | null;
  readonly contributions: Contributions | null;
}

export interface ParametricVar {
  /** Standard deviation of the one-day P&L, in the currency of the exposures. */
  readonly sigma: number;
  readonly degreesOfFreedom: number | null;
  /** The fitted degrees of freedom are a bound of the search, not an optimum. */
  readonly fitAtBound: boolean;
  /** Null with EWMA volatility, which has no shrinkage. */
  readonly estimator: CovarianceMethod | null;
  readonly shrinkage: number;
  readonly results: readonly ParametricResult[];
}

/**
 * Parametric VaR and ES of today's positions, in the currency of `exposures`, loss positive; the mean is 0 unless
 * asked for (docs/conventions.md §7-12, 15-17, 19). h days are √h. Throws QuantError, `zero_variance` among them.
 */
export function parametricVar(input: ScenarioInput, options: ParametricOptions): ParametricVar {
  const { moments, estimator, shrinkage, effectiveCount } = portfolioOf(input, options);
  const pnl = portfolioPnl(input.columns, input.exposures);
  const shape = shapeMoments(pnl);
  const { distribution, fitAtBound } = distributionOf(pnl, options);
  const { horizonDays, includeMean } = options;
  const mean = includeMean ? moments.mean : 0;
  const results = options.tails.map((basisPoints): ParametricResult => {
    const model = { sigma: moments.sigma, mean, basisPoints, distribution, horizonDays };
    const risk = parametricTailRisk(model);
    const corrected = shape && cornishFisher(shape, basisPoints);
    return {
      valueAtRisk: risk.valueAtRisk,
      expectedShortfall: risk.expectedShortfall,
      interval: effectiveCount < 2 ? null : parametricError(model, effectiveCount).interval,
      z: risk.z,
      cornishFisher: corrected && {
        ...shape,
        valid: corrected.valid,
        reason: corrected.reason,
        valueAtRisk: corrected.z * moments.sigma * Math.sqrt(horizonDays) - mean * horizonDays,
      },
      contributions: options.contributions ? split(input, moments, risk, options) : null,
    };
  });
  const degreesOfFreedom = distribution.kind === 'student_t' ? distribution.degreesOfFreedom : null;
  return { sigma: moments.sigma, degreesOfFreedom, fitAtBound, estimator, shrinkage, results };
}

interface Portfolio {
  moments: PortfolioMoments;
  estimator: CovarianceMethod | null;
  shrinkage: number;
  effectiveCount: number;
}

function portfolioOf({ columns, exposures }: ScenarioInput, options: ParametricOptions): Portfolio {
  if (options.volatility === 'ewma') {
    const moments = ewmaMoments(columns, exposures, options.decay);
    return { moments, estimator: null, shrinkage: 0, effectiveCount: moments.effectiveCount };
  }
  const estimator = covarianceMethod(options.covariance, columns[0]!.length, columns.length);
  if (estimator === 'sample') {
    const moments = portfolioMoments(columns, exposures);
    return { moments, estimator, shrinkage: 0, effectiveCount: moments.observationCount };
  }
  const moments = ledoitWolfMoments(columns, exposures);
  return { moments, estimator, shrinkage: moments.delta, effectiveCount: moments.observationCount };
}

function distributionOf(
  pnl: Float64Array,
  { distribution, degreesOfFreedom }: ParametricOptions,
): { distribution: Distribution; fitAtBound: boolean } {
  if (distribution === 'normal') return { distribution: { kind: 'normal' }, fitAtBound: false };
  if (degreesOfFreedom !== 'ml') return { distribution: { kind: 'student_t', degreesOfFreedom }, fitAtBound: false };
  const fit = fitDegreesOfFreedom(pnl);
  return { distribution: { kind: 'student_t', degreesOfFreedom: fit.degreesOfFreedom }, fitAtBound: fit.atBound };
}

function split(
  { exposures }: ScenarioInput,
  moments: PortfolioMoments,
  risk: ReturnType<typeof parametricTailRisk>,
  { horizonDays, includeMean }: ParametricOptions,
): Contributions {
  const { componentVar, componentEs } = parametricContributions(exposures, moments.gradient, risk, {
    sigma: moments.sigma,
    horizonDays,
    means: includeMean ? moments.means : undefined,
  });
  return { valueAtRisk: componentVar, expectedShortfall: componentEs };
}
