import { volatilityScaled } from '../../quant/ewma.js';
import {
  ageWeightedTailRisk,
  type HistoricalQuantile,
  type HistoricalTailRisk,
  historicalTailRisk,
  scenarioContributions,
} from '../../quant/historical.js';
import { type ConfidenceInterval, valueAtRiskInterval } from '../../quant/order-statistic-interval.js';
import { horizonMethod, OVERLAPPING_RATIO_MIN, overlappingReturns, portfolioPnl } from '../../quant/returns.js';
import type { Contributions, HorizonMethod, ScenarioInput } from './scenario-input.js';

export interface HistoricalOptions {
  readonly method: 'plain' | 'age_weighted' | 'volatility_scaled';
  readonly quantile: HistoricalQuantile;
  /** Of the method; unused by `plain`. */
  readonly decay: number;
  readonly horizonDays: number;
  /** Tails as integer basis points, one result each. */
  readonly tails: readonly number[];
  readonly contributions: boolean;
}

export interface TailScenario {
  /** First and last observation of the scenario; equal for one day. */
  readonly from: number;
  readonly to: number;
  readonly pnl: number;
  /** Share in the expected shortfall. */
  readonly weight: number;
}

export interface HistoricalResult {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  readonly interval: ConfidenceInterval | null;
  readonly tail: readonly TailScenario[];
  readonly contributions: Contributions | null;
}

export interface HistoricalVar {
  readonly horizon: HorizonMethod;
  /** Scenarios behind the numbers. */
  readonly scenarioCount: number;
  /** Observations spent on seeding the volatility, because no earlier ones were stored. */
  readonly warmUpDropped: number;
  /** All scenarios lose exactly nothing. */
  readonly flat: boolean;
  readonly results: readonly HistoricalResult[];
}

/** P&L per scenario and how a scenario leads back to returns. */
interface Scenarios {
  readonly pnl: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Scale of each scenario's returns; 1 when absent. */
  readonly factors?: Float64Array;
  /** Last observation of each scenario. */
  readonly to: (scenario: number) => number;
  readonly daysEach: number;
  /** Independent scenarios bound the VaR by order statistics. */
  readonly independent: boolean;
}

/**
 * Historical VaR and ES of today's positions on past moves, in the currency of `exposures`, loss positive
 * (docs/conventions.md §3, 4, 13, 14, 17). Tail scenarios are worst first. Throws QuantError.
 */
export function historicalVar(input: ScenarioInput, options: HistoricalOptions): HistoricalVar {
  const horizon = horizonOf(input, options);
  const scenarios = horizon === 'overlapping' ? overlapping(input, options.horizonDays) : oneDay(input, options);
  const scale = horizon === 'square_root' ? Math.sqrt(options.horizonDays) : 1;
  return {
    horizon,
    scenarioCount: scenarios.pnl.length,
    warmUpDropped:
      input.columns[0]!.length - (horizon === 'overlapping' ? input.columns[0]!.length : scenarios.pnl.length),
    flat: scenarios.pnl.every((pnl) => pnl === 0),
    results: options.tails.map((tail) => result(scenarios, input.exposures, { ...options, tail, scale })),
  };
}

/** Windows that T/h = 25 gives where no date is dropped: fewer, for dropped dates, are too few as well. */
const windowCountMin = (horizonDays: number) => (OVERLAPPING_RATIO_MIN - 1) * horizonDays + 1;

/** A volatility-scaled day cannot be chained to longer windows: its horizon is always √h. */
function horizonOf({ calendarIndex }: ScenarioInput, { method, horizonDays }: HistoricalOptions): HorizonMethod {
  const horizon = horizonMethod(calendarIndex.length, horizonDays);
  if (horizon !== 'overlapping') return horizon;
  const enough = windowEnds(calendarIndex, horizonDays).length >= windowCountMin(horizonDays);
  return enough && method !== 'volatility_scaled' ? 'overlapping' : 'square_root';
}

function oneDay({ columns, warmUp, exposures }: ScenarioInput, { method, decay }: HistoricalOptions): Scenarios {
  const pnl = portfolioPnl(columns, exposures);
  const independent = method !== 'age_weighted';
  if (method !== 'volatility_scaled') return { pnl, columns, to: (s) => s, daysEach: 1, independent };
  const { scaled, factors, droppedCount } = volatilityScaled(pnl, portfolioPnl(warmUp, exposures), decay);
  const used = columns.map((column) => column.subarray(droppedCount));
  return { pnl: scaled, columns: used, factors, to: (s) => s + droppedCount, daysEach: 1, independent };
}

/** Last observation of every window of h observations between which no date was dropped. */
function windowEnds(calendarIndex: Int32Array, horizonDays: number): number[] {
  const last = horizonDays - 1;
  const ends: number[] = [];
  for (let t = last; t < calendarIndex.length; t++) {
    if (calendarIndex[t]! - calendarIndex[t - last]! === last) ends.push(t);
  }
  return ends;
}

function overlapping({ columns, calendarIndex, exposures }: ScenarioInput, horizonDays: number): Scenarios {
  const last = horizonDays - 1;
  const ends = windowEnds(calendarIndex, horizonDays);
  const windows = columns.map((column) => {
    const all = overlappingReturns(column, horizonDays);
    return Float64Array.from(ends, (end) => all[end - last]!);
  });
  return {
    pnl: portfolioPnl(windows, exposures),
    columns: windows,
    to: (s) => ends[s]!,
    daysEach: horizonDays,
    independent: false,
  };
}

interface ResultOptions extends HistoricalOptions {
  readonly tail: number;
  readonly scale: number;
}

function result(scenarios: Scenarios, exposures: Float64Array, options: ResultOptions): HistoricalResult {
  const { tail, scale, method, quantile, decay } = options;
  const risk =
    method === 'age_weighted'
      ? ageWeightedTailRisk(scenarios.pnl, tail, decay)
      : historicalTailRisk(scenarios.pnl, tail, quantile);
  const interval = scenarios.independent ? valueAtRiskInterval(scenarios.pnl, tail) : null;
  const split = (of: HistoricalTailRisk['varScenarios']) =>
    scenarioContributions(scenarios.columns, exposures, of, scenarios.factors).map((part) => part * scale);
  return {
    valueAtRisk: risk.valueAtRisk * scale,
    expectedShortfall: risk.expectedShortfall * scale,
    interval: interval && {
      level: interval.level,
      lower: interval.lower === null ? null : interval.lower * scale,
      upper: interval.upper === null ? null : interval.upper * scale,
    },
    tail: tailScenarios(scenarios, risk, scale),
    contributions: options.contributions
      ? { valueAtRisk: split(risk.varScenarios), expectedShortfall: split(risk.esScenarios) }
      : null,
  };
}

function tailScenarios({ pnl, to, daysEach }: Scenarios, risk: HistoricalTailRisk, scale: number): TailScenario[] {
  return Array.from(risk.tailIndices, (scenario, rank) => ({
    from: to(scenario) - daysEach + 1,
    to: to(scenario),
    pnl: pnl[scenario]! * scale,
    weight: risk.esScenarios.weights[rank]!,
  }));
}
