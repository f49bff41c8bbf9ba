import { QuantError, requireCount, requireSameLength } from './errors.js';
import { memoryOf } from './resident-columns.js';

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
  const memory = memoryOf(columns);
  if (memory) return memory.weightedSum(columns, exposures);
  const pnl = new Float64Array(count);
  for (let i = 0; i < columns.length; i++) addColumn(pnl, columns[i]!, exposures[i]!);
  return pnl;
}

function addColumn(pnl: Float64Array, column: Float64Array, exposure: number): void {
  for (let t = 0; t < pnl.length; t++) pnl[t] = pnl[t]! + exposure * column[t]!;
}
