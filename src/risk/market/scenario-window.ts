import type { ScenariosInput } from '../../book/inputs.js';
import { lowerBound, type PriceBook, type PriceSeries } from './price-book.js';
import type { Day } from './price-day.js';
import { alignedReturns } from './return-window.js';

/** Returns of the what-if VaR of an order: a year of trading days. */
export const SCENARIOS = 252;
const DAY_MS = 86_400_000;

/**
 * The scenarios of the order book: simple daily returns of the last {@link SCENARIOS} trading days of the store. A
 * trading day is a date on which more than half of the symbols that are quoted around it have a close, so that one symbol
 * with dates of its own does not spoil the others. A symbol without a close on one of these days is left out, which
 * refuses to open positions in it; undefined where the store has too few days. Yields between symbols.
 */
export function* scenarioWindow(book: PriceBook): Generator<void, ScenariosInput | undefined> {
  const series = book.symbols().map((symbol) => [symbol, book.series(symbol)!] as const);
  const dates = tradingDays(series.map(([, one]) => one));
  if (dates.length <= SCENARIOS) return undefined;
  const window = dates.slice(-SCENARIOS - 1);
  const returns = new Map<string, Float64Array>();
  for (const [symbol, one] of series) {
    const column = alignedReturns(one, window);
    if (column.every(Number.isFinite)) returns.set(symbol, column);
    yield;
  }
  return { observationCount: SCENARIOS, asOf: window.at(-1)! * DAY_MS, returns };
}

/** Ascending; the search goes back from the last close until the window is full, or to the first close. */
function tradingDays(series: readonly PriceSeries[]): Int32Array {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { days } of series) {
    first = Math.min(first, days[0]!);
    last = Math.max(last, days.at(-1)!);
  }
  let found: Day[] = [];
  // A year of trading days is about 365 days.
  for (let until = last + 1, span = SCENARIOS * 2; found.length <= SCENARIOS && until > first; span *= 2) {
    const from = Math.max(first, until - span);
    found = [...daysWithin(series, from, until), ...found];
    until = from;
  }
  return Int32Array.from(found);
}

/** Trading days from `from` to before `until`. */
function daysWithin(series: readonly PriceSeries[], from: Day, until: Day): Day[] {
  const closes = new Int32Array(until - from);
  const quoted = new Int32Array(until - from + 1);
  for (const { days } of series) {
    const [first, last] = [days[0]!, days.at(-1)!];
    if (last < from || first >= until) continue;
    quoted[Math.max(first, from) - from]!++;
    quoted[Math.min(last + 1, until) - from]!--;
    for (let i = lowerBound(days, from); i < days.length && days[i]! < until; i++) closes[days[i]! - from]!++;
  }
  const traded: Day[] = [];
  let alive = 0;
  for (let offset = 0; offset < closes.length; offset++) {
    alive += quoted[offset]!;
    if (closes[offset]! * 2 > alive) traded.push(from + offset);
  }
  return traded;
}
