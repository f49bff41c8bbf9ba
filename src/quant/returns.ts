import { QuantError, requireCount, requireSameLength } from './errors.js';

/** T/h from which overlapping windows are used; below, √h (RISK-CONVENTIONS row 17). */
export const OVERLAPPING_RATIO_MIN = 25;

/**
 * Simple returns P(t)/P(t−1) − 1: T + 1 prices give T returns. A missing price is NaN and makes the returns on both
 * of its sides NaN: the move across a gap is not a one-day return. Throws `invalid_argument` for a price ≤ 0.
 */
export function simpleReturns(prices: Float64Array): Float64Array {
  requireCount(prices.length, 2, 'returns');
  for (let t = 0; t < prices.length; t++) {
    if (prices[t]! <= 0 || prices[t] === Number.POSITIVE_INFINITY) {
      throw new QuantError('invalid_argument', `price ${t} must be positive, got ${prices[t]}`, { index: t });
    }
  }
  const returns = new Float64Array(prices.length - 1);
  for (let t = 0; t < returns.length; t++) returns[t] = prices[t + 1]! / prices[t]! - 1;
  return returns;
}

/** Overlapping h-day simple returns Π(1 + r) − 1 = P(t)/P(t−h) − 1: T one-day returns give T − h + 1 windows. */
export function overlappingReturns(returns: Float64Array, horizonDays: number): Float64Array {
  requireHorizon(horizonDays);
  requireCount(returns.length, horizonDays, 'overlapping returns');
  const windows = new Float64Array(returns.length - horizonDays + 1);
  for (let t = 0; t < windows.length; t++) {
    let growth = 1;
    for (let d = 0; d < horizonDays; d++) growth *= 1 + returns[t + d]!;
    windows[t] = growth - 1;
  }
  return windows;
}

/** How a horizon is reached from T one-day returns: overlapping windows where T/h ≥ 25, else √h with a warning. */
export function horizonMethod(
  observationCount: number,
  horizonDays: number,
): 'one_day' | 'overlapping' | 'square_root' {
  requireHorizon(horizonDays);
  if (horizonDays === 1) return 'one_day';
  return observationCount >= OVERLAPPING_RATIO_MIN * horizonDays ? 'overlapping' : 'square_root';
}

export function requireHorizon(horizonDays: number): void {
  if (!(Number.isInteger(horizonDays) && horizonDays >= 1)) {
    throw new QuantError('invalid_argument', `horizon must be a whole number of days from 1, got ${horizonDays}`);
  }
}

/**
 * P&L of today's positions on past moves: p(t) = Σ xᵢ·rᵢ(t), in the currency of `exposures` (signed market values).
 * `columns[i]` is the return series of position i. Eight columns a pass, so that p is loaded and stored less often.
 */
export function portfolioPnl(columns: readonly Float64Array[], exposures: Float64Array): Float64Array {
  requireSameLength(columns, exposures, 'portfolio P&L');
  requireCount(columns.length, 1, 'portfolio P&L positions');
  const count = columns[0]!.length;
  for (const column of columns) requireSameLength(columns[0]!, column, 'portfolio P&L columns');
  const pnl = new Float64Array(count);
  let i = 0;
  for (; i + 8 <= columns.length; i += 8) addEight(columns, exposures, i, pnl);
  for (; i < columns.length; i++) {
    const column = columns[i]!;
    const exposure = exposures[i]!;
    for (let t = 0; t < count; t++) pnl[t] = pnl[t]! + exposure * column[t]!;
  }
  return pnl;
}

function addEight(columns: readonly Float64Array[], exposures: Float64Array, i: number, pnl: Float64Array): void {
  const a = columns[i]!;
  const b = columns[i + 1]!;
  const c = columns[i + 2]!;
  const d = columns[i + 3]!;
  const e = columns[i + 4]!;
  const f = columns[i + 5]!;
  const g = columns[i + 6]!;
  const h = columns[i + 7]!;
  const xa = exposures[i]!;
  const xb = exposures[i + 1]!;
  const xc = exposures[i + 2]!;
  const xd = exposures[i + 3]!;
  const xe = exposures[i + 4]!;
  const xf = exposures[i + 5]!;
  const xg = exposures[i + 6]!;
  const xh = exposures[i + 7]!;
  const count = pnl.length;
  for (let t = 0; t < count; t++) {
    const first = xa * a[t]! + xb * b[t]! + (xc * c[t]! + xd * d[t]!);
    const second = xe * e[t]! + xf * f[t]! + (xg * g[t]! + xh * h[t]!);
    pnl[t] = pnl[t]! + (first + second);
  }
}
