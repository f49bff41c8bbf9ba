import { QuantError, requireCount, requireSameLength } from './errors.js';

/** T/h from which overlapping windows are used; below, √h (docs/conventions.md §17). */
export const OVERLAPPING_RATIO_MIN = 25;

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
 * `columns[i]` is the return series of position i.
 */
export function portfolioPnl(columns: readonly Float64Array[], exposures: Float64Array): Float64Array {
  requireSameLength(columns, exposures, 'portfolio P&L');
  requireCount(columns.length, 1, 'portfolio P&L positions');
  const count = columns[0]!.length;
  for (const column of columns) requireSameLength(columns[0]!, column, 'portfolio P&L columns');
  const pnl = new Float64Array(count);
  let i = 0;
  for (; i + 3 <= columns.length; i += 3) addThree(columns, exposures, i, pnl);
  for (; i < columns.length; i++) {
    const column = columns[i]!;
    const exposure = exposures[i]!;
    for (let t = 0; t < count; t++) pnl[t] = pnl[t]! + exposure * column[t]!;
  }
  return pnl;
}

/**
 * Adds positions i … i + 2. Every read of a typed array is checked against its length: three columns and the P&L, each
 * with address and length, and four times just fill the registers, which is what makes this size the fastest.
 */
function addThree(columns: readonly Float64Array[], exposures: Float64Array, i: number, pnl: Float64Array): void {
  const a = columns[i]!;
  const b = columns[i + 1]!;
  const c = columns[i + 2]!;
  const xa = exposures[i]!;
  const xb = exposures[i + 1]!;
  const xc = exposures[i + 2]!;
  const count = pnl.length;
  let t = 0;
  for (; t + 4 <= count; t += 4) {
    const p0 = xa * a[t]! + xb * b[t]! + xc * c[t]!;
    const p1 = xa * a[t + 1]! + xb * b[t + 1]! + xc * c[t + 1]!;
    const p2 = xa * a[t + 2]! + xb * b[t + 2]! + xc * c[t + 2]!;
    const p3 = xa * a[t + 3]! + xb * b[t + 3]! + xc * c[t + 3]!;
    pnl[t] = pnl[t]! + p0;
    pnl[t + 1] = pnl[t + 1]! + p1;
    pnl[t + 2] = pnl[t + 2]! + p2;
    pnl[t + 3] = pnl[t + 3]! + p3;
  }
  for (; t < count; t++) pnl[t] = pnl[t]! + (xa * a[t]! + xb * b[t]! + xc * c[t]!);
}
