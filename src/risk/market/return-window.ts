import { QuantError } from '../../quant/errors.js';
import { olsBeta } from '../../quant/regression.js';
import { RiskError } from '../errors.js';
import { lowerBound, type PriceSeries } from './price-book.js';
import type { Day } from './price-day.js';

/**
 * The scenario window of value at risk (docs/conventions.md §18): simple one-day returns of the held symbols on the
 * last dates of a calendar. The calendar is the benchmark's dates, or without one all dates of the held symbols. A
 * return is missing where a close is missing on the date or on the calendar date before. A missing return is never
 * zero: with a benchmark it is β·benchmark, without one the date is dropped and counted.
 */
export interface ReturnWindow {
  /** Date of each observation, ascending; length T. */
  readonly days: Int32Array;
  /** Position of each observation in the calendar: neighbours that differ by more than 1 have dropped dates between. */
  readonly calendarIndex: Int32Array;
  /** Returns per symbol in the order of the request, each of length T. */
  readonly columns: readonly Float64Array[];
  /** Returns on the dates right before the window, for methods that warm up; may be shorter than asked. */
  readonly warmUp: readonly Float64Array[];
  /** Last date of the calendar: what the window is as of, even if that date was dropped. */
  readonly asOfDay: Day;
  /** Dates of the calendar in the window, before dropping. */
  readonly calendarCount: number;
  readonly droppedCount: number;
  /** The stored dates begin only after the start that was asked for. */
  readonly startsLate: boolean;
  /** Missing returns per symbol; filled by β·benchmark where there is one. */
  readonly proxied: readonly ProxiedReturns[];
}

export interface ProxiedReturns {
  readonly index: number;
  readonly count: number;
  readonly beta: number;
}

export interface WindowRequest {
  readonly symbols: readonly string[];
  readonly series: readonly PriceSeries[];
  readonly benchmark?: PriceSeries;
  /** Last date of the window at the latest; the last stored one when absent. */
  readonly endDay?: Day;
  /** Date of the first return at the earliest; otherwise `lookbackDays` tells the length. */
  readonly startDay?: Day;
  readonly lookbackDays: number;
  /** Returns wanted before the window. */
  readonly warmUpDays: number;
  /** Where the columns are placed: shared memory when a worker is to read them. */
  readonly allocate?: (length: number) => Float64Array;
}

export const OBSERVATIONS_MIN = 60;

/** Builds the window; yields between symbols, so that a caller can share the event loop during a large one. */
export function* returnWindow(request: WindowRequest): Generator<void, ReturnWindow> {
  const calendar = yield* tradingCalendar(request);
  const range = windowRange(calendar, request);
  // The first price belongs to the date before the first return.
  const dates = calendar.subarray(range.first - range.warmUp - 1, range.end);
  const benchmark = request.benchmark && alignedReturns(request.benchmark, dates);
  const aligned: Float64Array[] = [];
  const proxied: ProxiedReturns[] = [];
  const present: number[] = [];
  const complete = new Uint8Array(dates.length - 1).fill(1);
  for (const [index, series] of request.series.entries()) {
    const returns = alignedReturns(series, dates, request.allocate);
    aligned.push(returns);
    present.push(presentCount(returns.subarray(range.warmUp)));
    if (!benchmark) for (let t = 0; t < returns.length; t++) if (Number.isNaN(returns[t])) complete[t] = 0;
    if (benchmark && present[index]! >= OBSERVATIONS_MIN) {
      proxied.push(...proxyMissing(returns, benchmark, range.warmUp, index));
    }
    yield;
  }
  if (benchmark) requireProxies(present, request.symbols);
  else requireCommonDates(complete.subarray(range.warmUp), present, request.symbols);
  return yield* keepComplete(aligned, complete, { dates, ...range, proxied });
}

/** All dates of the benchmark, or of the held symbols together, up to `endDay`. */
function* tradingCalendar({ series, benchmark, endDay }: WindowRequest): Generator<void, Int32Array> {
  const sources = benchmark ? [benchmark] : series;
  const first = Math.min(...sources.map(({ days }) => days[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...sources.map(({ days }) => days.at(-1) ?? Number.NEGATIVE_INFINITY));
  const end = Math.min(last, endDay ?? last);
  if (!(end >= first)) return new Int32Array(0);
  const traded = new Uint8Array(end - first + 1);
  for (const { days } of sources) {
    for (let i = 0; i < days.length && days[i]! <= end; i++) traded[days[i]! - first] = 1;
    yield;
  }
  const calendar = new Int32Array(traded.reduce((sum, flag) => sum + flag, 0));
  for (let offset = 0, next = 0; offset < traded.length; offset++)
    if (traded[offset]) calendar[next++] = first + offset;
  return calendar;
}

/** Positions in the calendar: the returns at first … end − 1, and how many before them there are to warm up. */
function windowRange(calendar: Int32Array, { startDay, lookbackDays, warmUpDays, symbols }: WindowRequest) {
  const end = calendar.length;
  const wanted = startDay === undefined ? end - lookbackDays : calendar.findIndex((day) => day >= startDay);
  const first = Math.max(1, wanted < 0 && startDay !== undefined ? end : wanted);
  requireObservations(Math.max(0, end - first), symbols, 'in the window');
  const startsLate = startDay !== undefined && wanted === 0 && calendar[0]! > startDay;
  return { first, end, warmUp: Math.min(warmUpDays, first - 1), startsLate };
}

function requireObservations(have: number, symbols: readonly string[], what: string): void {
  if (have < OBSERVATIONS_MIN) throw tooFew(have, symbols, what);
}

/** β needs enough returns of each symbol. */
function requireProxies(present: readonly number[], symbols: readonly string[]): void {
  const short = symbols.filter((_, index) => present[index]! < OBSERVATIONS_MIN);
  if (short.length > 0) throw tooFew(Math.min(...present), short, `of ${named(short)}`);
}

/** Without a benchmark a date counts only where every symbol has a return. */
function requireCommonDates(complete: Uint8Array, present: readonly number[], symbols: readonly string[]): void {
  const common = complete.reduce((sum, flag) => sum + flag, 0);
  const gappy = symbols.filter((_, index) => present[index]! < complete.length);
  requireObservations(common, gappy, `that all symbols share (gaps in ${named(gappy)})`);
}

function tooFew(have: number, symbols: readonly string[], what: string): RiskError {
  const need = OBSERVATIONS_MIN;
  return new RiskError('insufficient_data', `have ${have} daily returns ${what}, need at least ${need}`, {
    members: { have, need, symbols: [...symbols] },
  });
}

function named(symbols: readonly string[]): string {
  return `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ', …' : ''}`;
}

/** Simple returns on `dates[1…]`; NaN where one of its two closes is missing. */
export function alignedReturns(
  { days, closes }: PriceSeries,
  dates: Int32Array,
  allocate: WindowRequest['allocate'] = (length) => new Float64Array(length),
): Float64Array {
  const returns = allocate(dates.length - 1).fill(Number.NaN);
  let at = lowerBound(days, dates[0]!);
  let previous = Number.NaN;
  for (let t = 0; t < dates.length; t++) {
    while (at < days.length && days[at]! < dates[t]!) at++;
    const close = at < days.length && days[at] === dates[t] ? closes[at]! : Number.NaN;
    if (t > 0) returns[t - 1] = close / previous - 1;
    previous = close;
  }
  return returns;
}

function presentCount(returns: Float64Array): number {
  return returns.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
}

/** Fills the missing returns of one symbol in place, β taken from the window, and reports how many lie in it. */
function proxyMissing(returns: Float64Array, benchmark: Float64Array, warmUp: number, index: number): ProxiedReturns[] {
  if (!returns.some(Number.isNaN)) return [];
  const inWindow = returns.subarray(warmUp);
  const count = inWindow.length - presentCount(inWindow);
  const beta = betaTo(benchmark.subarray(warmUp), inWindow);
  for (let t = 0; t < returns.length; t++) if (Number.isNaN(returns[t])) returns[t] = beta * benchmark[t]!;
  return count > 0 ? [{ index, count, beta }] : [];
}

function betaTo(benchmark: Float64Array, returns: Float64Array): number {
  try {
    return olsBeta(returns, benchmark).beta;
  } catch (error) {
    if (!(error instanceof QuantError && error.code === 'zero_variance')) throw error;
    throw new RiskError('zero_variance', 'the benchmark never moves, so that no β can fill the missing returns');
  }
}

interface Aligned {
  /** One date more than there are returns. */
  dates: Int32Array;
  /** Number of returns that lie before the window. */
  warmUp: number;
  startsLate: boolean;
  proxied: readonly ProxiedReturns[];
}

/** Splits warm-up and window, keeping the dates on which every symbol has a return; the columns are closed up in place. */
function* keepComplete(
  aligned: readonly Float64Array[],
  complete: Uint8Array,
  { dates, warmUp, startsLate, proxied }: Aligned,
): Generator<void, ReturnWindow> {
  const kept = Int32Array.from([...complete.keys()].filter((t) => complete[t] === 1));
  const split = lowerBound(kept, warmUp);
  const inside = kept.subarray(split);
  const before: Float64Array[] = [];
  const columns: Float64Array[] = [];
  for (const returns of aligned) {
    before.push(Float64Array.from(kept.subarray(0, split), (t) => returns[t]!));
    for (let t = 0; t < inside.length; t++) returns[t] = returns[inside[t]!]!;
    columns.push(returns.subarray(0, inside.length));
    yield;
  }
  const calendarCount = dates.length - 1 - warmUp;
  return {
    days: Int32Array.from(inside, (t) => dates[t + 1]!),
    calendarIndex: Int32Array.from(inside, (t) => t - warmUp),
    columns,
    warmUp: before,
    asOfDay: dates.at(-1)!,
    calendarCount,
    droppedCount: calendarCount - inside.length,
    startsLate,
    proxied,
  };
}

/** Last close at or before a date, with its date. */
export function closeAsOf({ days, closes }: PriceSeries, day: Day): { day: Day; close: number } | undefined {
  const after = lowerBound(days, day + 1);
  return after > 0 ? { day: days[after - 1]!, close: closes[after - 1]! } : undefined;
}
