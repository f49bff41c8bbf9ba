import { inSlices } from '../../../../src/risk/in-slices.js';
import { PriceBook, type PriceSeries } from '../../../../src/risk/market/price-book.js';
import { SCENARIOS, scenarioWindow } from '../../../../src/risk/market/scenario-window.js';

const LAST = 20_000;
const DAY_MS = 86_400_000;

/** Closes 100, 101, 102 … on these days. */
const series = (days: readonly number[]): PriceSeries => ({
  days: Int32Array.from(days),
  closes: Float64Array.from(days, (_, i) => 100 + i),
});
/** The last `count` days, but for those that are left out. */
const daily = (count: number, without: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => LAST - count + 1 + i).filter((day) => !without.includes(day));

const windowOf = (symbols: Record<string, PriceSeries>) =>
  inSlices(scenarioWindow(PriceBook.empty.with(1, new Map(Object.entries(symbols)))));

describe('the scenarios of the order book', () => {
  it('are the returns of the last 252 trading days, as of the last', async () => {
    const window = await windowOf({ A: series(daily(300)), B: series(daily(253)) });
    expect([window!.observationCount, window!.asOf]).toEqual([SCENARIOS, LAST * DAY_MS]);
    expect([...window!.returns.keys()]).toEqual(['A', 'B']);
    expect(window!.returns.get('B')![0]).toBeCloseTo(101 / 100 - 1, 15);
    expect(window!.returns.get('A')![251]).toBeCloseTo(399 / 398 - 1, 15);
  });

  it('leave out a symbol that lacks a close on one of the days, and nobody else', async () => {
    const full = series(daily(260));
    const window = await windowOf({ A: full, B: full, C: series(daily(260, [LAST - 5])), D: series(daily(252)) });
    expect([...window!.returns.keys()]).toEqual(['A', 'B']);
  });

  it('do not take the dates of a few for trading days: one that is quoted at weekends spoils nobody', async () => {
    const isWeekend = (day: number) => day % 7 > 4;
    const week = series(daily(400).filter((day) => !isWeekend(day)));
    const window = await windowOf({ A: week, B: week, C: series(daily(400)) });
    expect([...window!.returns.keys()]).toEqual(['A', 'B', 'C']);
    // Of C, too, from trading day to trading day.
    const closes = daily(400);
    const [after, before] = [LAST, LAST - 1].map((day) => 100 + closes.indexOf(day));
    if (!isWeekend(LAST) && !isWeekend(LAST - 1)) {
      expect(window!.returns.get('C')![251]).toBeCloseTo(after! / before! - 1, 15);
    }
  });

  it('do not exist where the store has too few days, or nothing', async () => {
    expect(await windowOf({ A: series(daily(252)) })).toBeUndefined();
    expect(await windowOf({})).toBeUndefined();
  });
});
