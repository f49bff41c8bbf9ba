import { BASIS_POINTS, tailCount } from './confidence.js';
import { normalQuantile, studentTTwoSided } from './distributions.js';
import { requireCount, requireSameLength } from './errors.js';
import { historicalTailRisk, worstIndices } from './historical.js';
import { sampleStandardDeviation } from './moments.js';
import { weightedPositionPnl } from './monte-carlo.js';
import { type MonteCarloModel, portfolioDrift, SCRAMBLE_COUNT } from './monte-carlo-model.js';
import { type ConfidenceInterval, INTERVAL_LEVEL, valueAtRiskInterval } from './order-statistic-interval.js';
import { type TailRisk, tailRisk, worstValues } from './tail-risk.js';

export interface MonteCarloTailRisk extends TailRisk {
  /** Standard error of VaR, null where the sample cannot bound it, and of ES, null with a single tail path. */
  readonly standardError: number | null;
  readonly expectedShortfallStandardError: number | null;
  readonly interval: ConfidenceInterval;
}

/**
 * VaR and ES of simulated P&L, positive = loss, estimated over all paths together. Pseudo-random: binomial
 * order-statistic interval, standard error of VaR from its width, of ES from the variance of the tail (Manistre &
 * Hancock 2005). Sobol: standard error from the spread of the 16 scramblings, interval with t₁₅.
 */
export function monteCarloTailRisk(
  pnl: Float64Array,
  basisPoints: number,
  sampling: 'pseudo' | 'sobol',
): MonteCarloTailRisk {
  const risk = tailRisk(pnl, basisPoints);
  return {
    ...risk,
    ...(sampling === 'sobol' ? scrambleError(pnl, basisPoints, risk) : pathError(pnl, basisPoints, risk)),
  };
}

function pathError(pnl: Float64Array, basisPoints: number, risk: TailRisk) {
  const interval = valueAtRiskInterval(pnl, basisPoints);
  const { lower, upper, level } = interval;
  const width = -2 * normalQuantile((1 - level) / 2);
  const tail = basisPoints / BASIS_POINTS;
  const k = tailCount(pnl.length, basisPoints);
  const beyond = worstValues(pnl, k);
  const spread = k > 1 ? sampleStandardDeviation(beyond) ** 2 : null;
  const excess = risk.expectedShortfall - risk.valueAtRisk;
  return {
    standardError: lower === null || upper === null ? null : (upper - lower) / width,
    expectedShortfallStandardError:
      spread === null ? null : Math.sqrt((spread + (1 - tail) * excess * excess) / (tail * pnl.length)),
    interval,
  };
}

function scrambleError(pnl: Float64Array, basisPoints: number, risk: TailRisk) {
  requireCount(pnl.length, 2 * SCRAMBLE_COUNT, 'Sobol paths');
  const estimates = Array.from({ length: SCRAMBLE_COUNT }, (_, r) => {
    const count = Math.ceil((pnl.length - r) / SCRAMBLE_COUNT);
    const own = new Float64Array(count);
    for (let i = 0; i < count; i++) own[i] = pnl[i * SCRAMBLE_COUNT + r]!;
    return tailRisk(own, basisPoints);
  });
  const error = (of: (estimate: TailRisk) => number) =>
    sampleStandardDeviation(Float64Array.from(estimates, of)) / Math.sqrt(SCRAMBLE_COUNT);
  const standardError = error((estimate) => estimate.valueAtRisk);
  const reach = studentTTwoSided(INTERVAL_LEVEL, SCRAMBLE_COUNT - 1) * standardError;
  return {
    standardError,
    expectedShortfallStandardError: error((estimate) => estimate.expectedShortfall),
    interval: { level: INTERVAL_LEVEL, lower: risk.valueAtRisk - reach, upper: risk.valueAtRisk + reach },
  };
}

export interface MonteCarloContributions {
  readonly componentVar: Float64Array;
  readonly componentEs: Float64Array;
}

/** Half width of the rank window around the k-th path, as a share of k. */
const KERNEL_RATIO = 0.1;

/**
 * Split of the simulated VaR and ES per position, positive = adds to the loss; the parts sum to `risk`. Simple returns:
 * the exact conditional expectation of an elliptical book, shareᵢ·(risk + mean P&L) − xᵢ·driftᵢ, without noise.
 * Lognormal: ES from the tail paths with the fractional weight on the k-th; VaR from the mean loss of the paths with
 * ranks k ± 10 % (Epperlein & Smillie 2006), what is missing to VaR spread by the shares, since the k-th path alone
 * says little about the others near it.
 */
export function monteCarloContributions(
  model: MonteCarloModel,
  pnl: Float64Array,
  basisPoints: number,
): MonteCarloContributions {
  requireSameLength(pnl, { length: model.simulations }, 'simulated P&L');
  if (model.returns === 'simple') {
    const risk = tailRisk(pnl, basisPoints);
    const drift = portfolioDrift(model);
    const part = (measure: number) =>
      model.shares.map((share, i) => share * (measure + drift) - model.exposures[i]! * model.drift[i]!);
    return { componentVar: part(risk.valueAtRisk), componentEs: part(risk.expectedShortfall) };
  }
  const { tailCount: k, valueAtRisk, esScenarios } = historicalTailRisk(pnl, basisPoints);
  const reach = Math.min(Math.ceil(KERNEL_RATIO * k), k - 1, pnl.length - k);
  const near = worstIndices(pnl, k + reach).subarray(k - 1 - reach);
  const kernel = positionLosses(model, near, new Float64Array(near.length).fill(1 / near.length));
  const missing = valueAtRisk - kernel.reduce((sum, loss) => sum + loss, 0);
  return {
    componentVar: kernel.map((loss, i) => loss + missing * model.shares[i]!),
    componentEs: positionLosses(model, esScenarios.indices, esScenarios.weights),
  };
}

function positionLosses(model: MonteCarloModel, paths: Int32Array, weights: Float64Array): Float64Array {
  const order = Array.from(paths.keys()).sort((a, b) => paths[a]! - paths[b]!);
  const pnl = weightedPositionPnl(
    model,
    Int32Array.from(order, (s) => paths[s]!),
    Float64Array.from(order, (s) => weights[s]!),
  );
  return pnl.map((value) => -value);
}
