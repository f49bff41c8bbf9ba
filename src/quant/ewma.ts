import { QuantError, requireCount, requireFinite } from './errors.js';
import { requireDecay } from './historical.js';

/** Returns that seed the EWMA before the first scaled one (docs/conventions.md §13). */
export const WARM_UP_COUNT = 50;

/**
 * EWMA variance forecasts σ²_{t+1} = λσ²_t + (1−λ)r_t², mean 0, σ²_0 = r_0². Element t is the forecast made before
 * day t; the last of the T + 1 elements is the forecast for the day after the window. Source: RiskMetrics (1996).
 */
export function ewmaVariancePath(returns: Float64Array, decay = 0.94): Float64Array {
  requireDecay(decay);
  requireCount(returns.length, 1, 'EWMA variance');
  requireFinite(returns, 'EWMA variance');
  const path = new Float64Array(returns.length + 1);
  path[0] = returns[0]! ** 2;
  for (let t = 0; t < returns.length; t++) path[t + 1] = decay * path[t]! + (1 - decay) * returns[t]! ** 2;
  return path;
}

/**
 * Weights of r_t² in the EWMA forecast after the window, oldest first: the seed σ²_0 = r_0² gives the first return
 * λ^T on top of its own (1−λ)λ^(T−1). They sum to 1.
 */
export function ewmaWeights(count: number, decay = 0.94): Float64Array {
  requireDecay(decay);
  requireCount(count, 1, 'EWMA weights');
  const weights = new Float64Array(count);
  for (let t = 0; t < count; t++) weights[t] = (1 - decay) * decay ** (count - 1 - t);
  weights[0] = weights[0]! + decay ** count;
  return weights;
}

export interface VolatilityScaled {
  /** r_s·σ_{T+1}/σ_s for every scenario used, oldest first. */
  readonly scaled: Float64Array;
  /** σ_{T+1}/σ_s: the factor that scales each position's own P&L of that scenario, for contributions. */
  readonly factors: Float64Array;
  /** Scenarios of the window lost to the warm-up: 0, or 50 where no earlier history was given. Say so in the reply. */
  readonly droppedCount: number;
  /** σ_{T+1}, in the unit of the series. */
  readonly forecastSigma: number;
}

/**
 * Filtered (volatility-scaled) scenarios of a portfolio's return or P&L series: r_s·σ_{T+1}/σ_s, σ_s the EWMA forecast
 * made before day s. `before` holds the returns ahead of the window, oldest first; its last 50 seed the EWMA. With
 * fewer, the first 50 of the window do and are dropped. Throws `zero_variance` where a forecast is 0.
 * Source: Hull & White (1998).
 */
export function volatilityScaled(window: Float64Array, before: Float64Array, decay = 0.94): VolatilityScaled {
  const hasHistory = before.length >= WARM_UP_COUNT;
  const droppedCount = hasHistory ? 0 : WARM_UP_COUNT;
  requireCount(window.length, droppedCount + 1, 'volatility-scaled returns');
  const warmUp = hasHistory ? before.subarray(before.length - WARM_UP_COUNT) : new Float64Array(0);
  const series = new Float64Array(warmUp.length + window.length);
  series.set(warmUp);
  series.set(window, warmUp.length);
  const variances = ewmaVariancePath(series, decay);
  const forecastVariance = variances[series.length]!;
  const used = series.subarray(WARM_UP_COUNT);
  const factors = new Float64Array(used.length);
  for (let s = 0; s < used.length; s++) {
    const variance = variances[WARM_UP_COUNT + s]!;
    if (!(variance > 0)) throw new QuantError('zero_variance', 'all returns are 0: nothing to scale', { index: s });
    factors[s] = Math.sqrt(forecastVariance / variance);
  }
  const scaled = Float64Array.from(used, (value, s) => value * factors[s]!);
  return { scaled, factors, droppedCount, forecastSigma: Math.sqrt(forecastVariance) };
}
