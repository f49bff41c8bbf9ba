import { BASIS_POINTS, tailCount } from './confidence.js';
import { QuantError, requireCount, requireFinite, requireSameLength } from './errors.js';
import { kthSmallest, type QuantileType, quantilePosition } from './quantile.js';
import type { TailRisk } from './tail-risk.js';

/** Scenarios and their weights: a measure is Σ weight·loss over them, so its split per position is exact. */
export interface WeightedScenarios {
  readonly indices: Int32Array;
  readonly weights: Float64Array;
}

/** `lower` is the k-th worst loss itself; the types interpolate between two scenarios (Hyndman & Fan 1996). */
export type HistoricalQuantile = 'lower' | QuantileType;

export interface HistoricalTailRisk extends TailRisk {
  /** k: number of scenarios the tail touches. */
  readonly tailCount: number;
  /** The k worst scenarios, worst first, equal losses by index. */
  readonly tailIndices: Int32Array;
  readonly varScenarios: WeightedScenarios;
  readonly esScenarios: WeightedScenarios;
}

/**
 * Historical VaR and ES with the scenarios behind them, positive = loss, in the unit of `pnl`. The P&L is taken as it
 * is, never demeaned. `quantile` changes VaR only; ES is always the fractional tail mean (docs/conventions.md §3, §4).
 * Throws `insufficient_data` when empty, `not_finite` for NaN. All P&L equal 0 gives 0, which is then the answer.
 */
export function historicalTailRisk(
  pnl: Float64Array,
  basisPoints: number,
  quantile: HistoricalQuantile = 'lower',
): HistoricalTailRisk {
  const count = pnl.length;
  requireCount(count, 1, 'historical value at risk');
  requireFinite(pnl, 'historical value at risk');
  const k = tailCount(count, basisPoints);
  const worst = worstIndices(pnl, Math.min(count, k + 1));
  const tailIndices = worst.slice(0, k);
  const weight = (count * basisPoints) / BASIS_POINTS;
  const esWeights = new Float64Array(k).fill(1 / weight);
  esWeights[k - 1] = (weight - (k - 1)) / weight;
  const varScenarios = varWeights(worst, count, k, basisPoints, quantile);
  const esScenarios = { indices: tailIndices, weights: esWeights };
  return {
    ...measures(pnl, varScenarios, esScenarios),
    tailCount: k,
    tailIndices,
    varScenarios,
    esScenarios,
  };
}

/** The tail seen from its worst end is the same order statistics with probability a in the place of c. */
function varWeights(worst: Int32Array, count: number, k: number, basisPoints: number, type: HistoricalQuantile) {
  if (type === 'lower') return { indices: worst.slice(k - 1, k), weights: Float64Array.of(1) };
  const { rank, fraction } = quantilePosition(count, basisPoints, type);
  if (fraction === 0) return { indices: worst.slice(rank - 1, rank), weights: Float64Array.of(1) };
  return { indices: worst.slice(rank - 1, rank + 1), weights: Float64Array.of(1 - fraction, fraction) };
}

/** Indices of the `count` worst P&L, worst first; equal values in the order of their index. */
export function worstIndices(pnl: Float64Array, count: number): Int32Array {
  const threshold = kthSmallest(pnl, count);
  const candidates: number[] = [];
  for (let i = 0; i < pnl.length; i++) if (pnl[i]! <= threshold) candidates.push(i);
  candidates.sort((i, j) => pnl[i]! - pnl[j]! || i - j);
  return Int32Array.from(candidates.slice(0, count));
}

/** ES is never below VaR: where the losses of the tail are equal, only rounding could put it there. */
function measures(pnl: Float64Array, ofVar: WeightedScenarios, ofShortfall: WeightedScenarios): TailRisk {
  const valueAtRisk = weightedLoss(pnl, ofVar);
  return { valueAtRisk, expectedShortfall: Math.max(valueAtRisk, weightedLoss(pnl, ofShortfall)) };
}

/** Σ weight·(−pnl) over the scenarios. */
export function weightedLoss(pnl: Float64Array, scenarios: WeightedScenarios): number {
  let sum = 0;
  for (let i = 0; i < scenarios.indices.length; i++) sum -= scenarios.weights[i]! * pnl[scenarios.indices[i]!]!;
  return sum + 0;
}

/** Weights λ^age(1−λ)/(1−λ^T), oldest first: the newest observation is the last and has age 0. They sum to 1. */
export function ageWeights(count: number, decay: number): Float64Array {
  requireDecay(decay);
  const weights = new Float64Array(count);
  const scale = (1 - decay) / (1 - decay ** count);
  for (let t = 0; t < count; t++) weights[t] = scale * decay ** (count - 1 - t);
  return weights;
}

export function requireDecay(decay: number): void {
  if (!(decay > 0 && decay < 1)) throw new QuantError('invalid_argument', `decay must lie in (0, 1), got ${decay}`);
}

/**
 * Age-weighted VaR and ES, positive = loss: VaR is the smallest loss at which the weights cumulated from the worst
 * reach a; ES = [Σ_{i<k} wᵢLᵢ + (a − Σ_{i<k} wᵢ)·L_k]/a. `pnl` is in time order. No confidence interval exists.
 * Source: Boudoukh, Richardson & Whitelaw (1998).
 */
export function ageWeightedTailRisk(pnl: Float64Array, basisPoints: number, decay = 0.98): HistoricalTailRisk {
  const count = pnl.length;
  requireCount(count, 1, 'age-weighted value at risk');
  requireFinite(pnl, 'age-weighted value at risk');
  const weights = ageWeights(count, decay);
  const worst = worstIndices(pnl, count);
  const tail = basisPoints / BASIS_POINTS;
  const esWeights: number[] = [];
  let cumulated = 0;
  for (let k = 1; k <= count; k++) {
    const weight = weights[worst[k - 1]!]!;
    // The sum of the weights is 1 only to rounding: the last scenario always closes the tail.
    if (cumulated + weight >= tail || k === count) {
      esWeights.push((tail - cumulated) / tail);
      break;
    }
    esWeights.push(weight / tail);
    cumulated += weight;
  }
  const k = esWeights.length;
  const varScenarios = { indices: worst.slice(k - 1, k), weights: Float64Array.of(1) };
  const esScenarios = { indices: worst.slice(0, k), weights: Float64Array.from(esWeights) };
  return {
    ...measures(pnl, varScenarios, esScenarios),
    tailCount: k,
    tailIndices: esScenarios.indices,
    varScenarios,
    esScenarios,
  };
}

/**
 * Split of a weighted-scenario measure per position, positive = adds to the loss: Σ_s weight_s·(−xᵢ·rᵢₛ·factor_s).
 * The parts add up to the total (Euler; Tasche 1999). `columns[i][s]` is the return of position i in scenario s,
 * `exposures[i]` its signed market value, `factors[s]` the volatility scaling where there is one.
 */
export function scenarioContributions(
  columns: readonly Float64Array[],
  exposures: Float64Array,
  scenarios: WeightedScenarios,
  factors?: Float64Array,
): Float64Array {
  requireSameLength(columns, exposures, 'contributions');
  const { indices, weights } = scenarios;
  return Float64Array.from(exposures, (exposure, i) => {
    const column = columns[i]!;
    let sum = 0;
    for (let j = 0; j < indices.length; j++) {
      const s = indices[j]!;
      sum -= weights[j]! * (factors ? factors[s]! : 1) * column[s]!;
    }
    return sum * exposure + 0;
  });
}
