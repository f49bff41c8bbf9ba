/** What every VaR method computes from: plain numbers, so that a worker thread can take them. */
export interface ScenarioInput {
  /** One-day returns per symbol, each of length T, oldest first. */
  readonly columns: readonly Float64Array[];
  /** Returns per symbol on the dates before the window. */
  readonly warmUp: readonly Float64Array[];
  /** Position of each observation in the calendar; a step over 1 is a dropped date. */
  readonly calendarIndex: Int32Array;
  /** Signed market value per symbol, in one currency. */
  readonly exposures: Float64Array;
}

/** How h days were reached from one-day returns (docs/conventions.md §17). */
export type HorizonMethod = 'one_day' | 'overlapping' | 'square_root';

/** Euler split of a measure per symbol; each sums to its total. */
export interface Contributions {
  readonly valueAtRisk: Float64Array;
  readonly expectedShortfall: Float64Array;
}
