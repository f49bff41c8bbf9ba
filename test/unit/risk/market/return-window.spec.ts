import fc from 'fast-check';
import { RiskError } from '../../../../src/risk/errors.js';
import type { PriceSeries } from '../../../../src/risk/market/price-book.js';
import { closeAsOf, returnWindow, type WindowRequest } from '../../../../src/risk/market/return-window.js';
import { aSeries, closesOf, FIRST_DAY, finish, without } from '../../../support/price-series.js';

const build = (request: Partial<WindowRequest> & { series: readonly PriceSeries[] }) =>
  finish(
    returnWindow({
      symbols: request.series.map((_, i) => `S${i}`),
      lookbackDays: 60,
      warmUpDays: 0,
      ...request,
    }),
  );

function refusal(request: Parameters<typeof build>[0]): RiskError {
  try {
    build(request);
  } catch (error) {
    if (error instanceof RiskError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** Returns ±2 %, and those of a stock that moves 1.5 times as much plus 2 % a day: +5 %, −1 %. */
const market = Array.from({ length: 120 }, (_, t) => (t % 2 === 0 ? 0.02 : -0.02));
const stock = market.map((move) => 1.5 * move + 0.02);
const ramp = (count: number) => Array.from({ length: count }, (_, i) => 100 + i);

describe('the window of returns', () => {
  it('holds the last lookback_days simple returns, dated by their second close', () => {
    // Closes 100 … 199 on days 0 … 99; the last return is 199/198 − 1 on day 99, the first of 60 that of day 40.
    const window = build({ series: [aSeries(ramp(100))] });
    expect(window.days).toHaveLength(60);
    expect(window.days[0]).toBe(FIRST_DAY + 40);
    expect(window.days.at(-1)).toBe(FIRST_DAY + 99);
    expect(window.columns[0]![0]).toBeCloseTo(140 / 139 - 1, 15);
    expect(window.columns[0]![59]).toBeCloseTo(199 / 198 - 1, 15);
    expect(window).toMatchObject({ asOfDay: FIRST_DAY + 99, calendarCount: 60, droppedCount: 0, proxied: [] });
    expect(Array.from(window.calendarIndex)).toEqual(Array.from({ length: 60 }, (_, t) => t));
  });

  it('ends at as_of, whatever is stored after it', () => {
    const window = build({ series: [aSeries(ramp(100))], endDay: FIRST_DAY + 80 });
    expect([window.days[0], window.days.at(-1), window.asOfDay]).toEqual([21, 80, 80].map((day) => FIRST_DAY + day));
    // A close that changes after as_of changes nothing.
    const later = ramp(100).map((close, i) => (i > 80 ? close * 5 : close));
    expect(build({ series: [aSeries(later)], endDay: FIRST_DAY + 80 })).toEqual(window);
  });

  it('ends at the last stored date where as_of lies beyond the data', () => {
    const window = build({ series: [aSeries(ramp(100))], endDay: FIRST_DAY + 5_000 });
    expect(window.asOfDay).toBe(FIRST_DAY + 99);
  });

  it('starts at start_date, the date of its first return', () => {
    const series = [aSeries(ramp(200))];
    const window = build({ series, startDay: FIRST_DAY + 30, endDay: FIRST_DAY + 130, lookbackDays: 252 });
    expect([window.days[0], window.days.at(-1)]).toEqual([FIRST_DAY + 30, FIRST_DAY + 130]);
    expect(window.days).toHaveLength(101);
    expect(window.columns[0]![0]).toBeCloseTo(130 / 129 - 1, 15);
  });

  it('starts on the next trading date where start_date is none', () => {
    const closes = without(ramp(200), 30, 31); // two days on which nobody trades
    expect(build({ series: [aSeries(closes)], startDay: FIRST_DAY + 30 }).days[0]).toBe(FIRST_DAY + 32);
  });

  it('is shorter than asked where the history is, down to 60 returns', () => {
    const window = build({ series: [aSeries(ramp(61))], lookbackDays: 252 });
    expect([window.days.length, window.calendarCount]).toEqual([60, 60]);
  });

  it.each([
    ['60 closes make 59 returns', { series: [aSeries(ramp(60))] }, 59],
    ['the history begins after as_of', { series: [aSeries(ramp(100))], endDay: FIRST_DAY - 1 }, 0],
    ['as_of lies on the first close', { series: [aSeries(ramp(100))], endDay: FIRST_DAY }, 0],
    ['start_date lies beyond the data', { series: [aSeries(ramp(100))], startDay: FIRST_DAY + 100 }, 0],
    ['start_date leaves 59 returns', { series: [aSeries(ramp(100))], startDay: FIRST_DAY + 41 }, 59],
    ['there is no close at all', { series: [aSeries([])] }, 0],
  ])('is refused with have and need where %s', (_, request, have) => {
    const { code, details, message } = refusal(request);
    expect({ code, ...details.members }).toEqual({ code: 'insufficient_data', have, need: 60, symbols: ['S0'] });
    expect(message).toBe(`have ${have} daily returns in the window, need at least 60`);
  });

  it('yields between symbols, so that a caller may share the event loop', () => {
    const series = [1, 2, 3].map((scale) => aSeries(ramp(100).map((close) => close * scale)));
    const work = returnWindow({ symbols: ['A', 'B', 'C'], series, lookbackDays: 60, warmUpDays: 0 });
    let yields = 0;
    while (!work.next().done) yields++;
    expect(yields).toBeGreaterThanOrEqual(6);
  });

  it('is placed where the caller says', () => {
    const lengths: number[] = [];
    const allocate = (length: number) => {
      lengths.push(length);
      return new Float64Array(new SharedArrayBuffer(length * 8));
    };
    const window = build({ series: [aSeries(ramp(100)), aSeries(ramp(100))], allocate });
    expect(lengths).toEqual([60, 60]);
    expect(window.columns.every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
  });
});

describe('without a benchmark', () => {
  const whole = aSeries(ramp(100));

  it('the calendar is every date of any held symbol', () => {
    // A trades on even days, B on odd ones: together every day, and no day has a return of both.
    const closes = ramp(400);
    const even = aSeries(closes.map((close, i) => (i % 2 === 0 ? close : null)));
    const odd = aSeries(closes.map((close, i) => (i % 2 === 1 ? close : null)));
    const { details } = refusal({ series: [even, odd], lookbackDays: 300 });
    expect(details.members).toEqual({ have: 0, need: 60, symbols: ['S0', 'S1'] });
  });

  it('a missing close takes two returns, also the one across the gap, and both dates are dropped and counted', () => {
    // S1 has no close on day 70: no return on day 70 (no close) nor on day 71 (no close the day before).
    const window = build({ series: [whole, aSeries(without(ramp(100), 70))], lookbackDays: 80 });
    expect(window).toMatchObject({ calendarCount: 80, droppedCount: 2, proxied: [] });
    expect(window.days).toHaveLength(78);
    expect(window.days).not.toContain(FIRST_DAY + 70);
    expect(window.days).not.toContain(FIRST_DAY + 71);
    expect(window.columns.map((column) => column.length)).toEqual([78, 78]);
    // Neighbours across the drop are 3 calendar dates apart: 69, then 72.
    const at = window.days.indexOf(FIRST_DAY + 72);
    expect(window.calendarIndex[at]! - window.calendarIndex[at - 1]!).toBe(3);
    // The return of day 72 is that of one day.
    expect(window.columns[1]![at]).toBeCloseTo(172 / 171 - 1, 15);
  });

  it('the last date stays as_of even where it is dropped', () => {
    const window = build({ series: [whole, aSeries(ramp(99))], lookbackDays: 80 });
    expect(window.asOfDay).toBe(FIRST_DAY + 99);
    expect(window.days.at(-1)).toBe(FIRST_DAY + 98);
    expect(window.droppedCount).toBe(1);
  });

  it('never more than lookback_days dates are looked at: dropped ones are not replaced by older ones', () => {
    const window = build({ series: [whole, aSeries(without(ramp(100), 80))], lookbackDays: 70 });
    expect([window.days.length, window.days[0]]).toEqual([68, FIRST_DAY + 30]);
  });

  it('too few common dates are refused, naming only the symbols that have gaps', () => {
    // A share listed on day 45 has 54 returns, on days 46 … 99.
    const young = aSeries(ramp(100).map((close, i) => (i < 45 ? null : close)));
    const error = refusal({ symbols: ['KO', 'NEW', 'XOM'], series: [whole, young, whole], lookbackDays: 90 });
    expect(error.details.members).toEqual({ have: 54, need: 60, symbols: ['NEW'] });
    expect(error.message).toBe('have 54 daily returns that all symbols share (gaps in NEW), need at least 60');
  });
});

describe('with a benchmark', () => {
  const benchmark = aSeries(closesOf(market));
  const closes = closesOf(stock);

  it('the calendar is that of the benchmark', () => {
    // The stock also trades on a day on which the benchmark does not: that close counts for nothing.
    const gapped = aSeries(without(closesOf(market), 100));
    const window = build({ series: [aSeries(closes)], benchmark: gapped, lookbackDays: 100 });
    expect(window.days).not.toContain(FIRST_DAY + 100);
    expect(window).toMatchObject({ calendarCount: 100, droppedCount: 0, proxied: [] });
    // The return on the date after leads from the calendar date before: two days in one.
    const at = window.days.indexOf(FIRST_DAY + 101);
    expect(window.columns[0]![at]).toBeCloseTo((1 + stock[99]!) * (1 + stock[100]!) - 1, 12);
  });

  it('ends where the benchmark ends', () => {
    const window = build({ series: [aSeries(closes)], benchmark: aSeries(closesOf(market).slice(0, 100)) });
    expect(window.asOfDay).toBe(FIRST_DAY + 99);
  });

  it('a missing return, also one across the gap, is β·benchmark without the stock’s own drift', () => {
    // stock = 1.5·market + 2 %, so OLS gives β = 1.5 exactly; day 90 is missing: the returns of days 90 and 91 are gone.
    const window = build({ series: [aSeries(without(closes, 90))], benchmark, lookbackDays: 100 });
    expect(window.proxied).toEqual([{ index: 0, count: 2, beta: expect.closeTo(1.5, 9) }]);
    expect(window).toMatchObject({ calendarCount: 100, droppedCount: 0 });
    const at = (day: number) => window.columns[0]![window.days.indexOf(FIRST_DAY + day)];
    expect(at(90)).toBeCloseTo(1.5 * -0.02, 9); // return 90 has index 89: odd, the market fell
    expect(at(91)).toBeCloseTo(1.5 * 0.02, 9);
    expect(at(92)).toBeCloseTo(1.5 * -0.02 + 0.02, 12);
  });

  it('β is a regression slope: noise that has nothing to do with the market does not move it', () => {
    // In fours (+,+,−,−) with noise (+1,−1,+1,−1) %: Σ noise·market = 0, slope = 1.5. 60 common returns, 4 proxied.
    const four = Array.from({ length: 64 }, (_, t) => (t % 4 < 2 ? 0.02 : -0.02));
    const noisy = four.map((move, t) => 1.5 * move + (t % 2 === 0 ? 0.01 : -0.01));
    const series = [aSeries(closesOf(noisy).map((close, i) => (i < 4 ? null : close)))]; // returns on days 5 … 64
    const window = build({ series, benchmark: aSeries(closesOf(four)), lookbackDays: 64 });
    expect(window.proxied).toEqual([{ index: 0, count: 4, beta: expect.closeTo(1.5, 9) }]);
    expect(Array.from(window.columns[0]!.subarray(0, 4))).toEqual(
      [0.03, 0.03, -0.03, -0.03].map((move) => expect.closeTo(move, 9)),
    );
  });

  it('β needs 60 common returns, else the symbol is refused by name, and all such symbols at once', () => {
    const last = (count: number) => aSeries(closes.map((close, i) => (i < closes.length - count ? null : close)));
    const asked = { benchmark, lookbackDays: 100 };
    expect(build({ ...asked, series: [last(61)] }).proxied).toMatchObject([{ count: 40 }]);
    const error = refusal({
      ...asked,
      symbols: ['IPO', 'KO', 'SPAC'],
      series: [last(60), aSeries(closes), last(31)],
    });
    expect(error.code).toBe('insufficient_data');
    expect(error.details.members).toEqual({ have: 30, need: 60, symbols: ['IPO', 'SPAC'] });
    expect(error.message).toBe('have 30 daily returns of IPO, SPAC, need at least 60');
  });

  it('that never moves can fill nothing', () => {
    const flat = aSeries(Array(121).fill(100));
    expect(refusal({ series: [aSeries(without(closes, 90))], benchmark: flat, lookbackDays: 100 }).code).toBe(
      'zero_variance',
    );
    expect(build({ series: [aSeries(closes)], benchmark: flat }).proxied).toEqual([]); // nothing to fill
  });
});

describe('the returns before the window', () => {
  it('are those right before it', () => {
    const window = build({ series: [aSeries(ramp(200))], warmUpDays: 50 });
    expect(window.days[0]).toBe(FIRST_DAY + 140);
    expect(window.warmUp[0]).toHaveLength(50);
    expect(window.warmUp[0]![0]).toBeCloseTo(190 / 189 - 1, 15); // day 90
    expect(window.warmUp[0]![49]).toBeCloseTo(239 / 238 - 1, 15); // day 139
  });

  it('leave the window itself as it is', () => {
    const series = [aSeries(ramp(200)), aSeries(without(ramp(200), 120, 150))];
    const { warmUp, ...window } = build({ series, warmUpDays: 50, lookbackDays: 80 });
    const { warmUp: none, ...same } = build({ series, lookbackDays: 80 });
    expect(window).toEqual(same);
    expect([warmUp[0]!.length, none[0]!.length]).toEqual([50, 0]);
  });

  it('are fewer where the history is short, and none where it is all in the window', () => {
    expect(build({ series: [aSeries(ramp(100))], warmUpDays: 50 }).warmUp[0]).toHaveLength(39); // 99 returns − 60
    expect(build({ series: [aSeries(ramp(61))], warmUpDays: 50 }).warmUp[0]).toHaveLength(0);
  });

  it('are filled by β of the window and not reported as missing in it', () => {
    const benchmark = aSeries(closesOf(market));
    const series = [aSeries(without(closesOf(stock), 20))];
    const window = build({ series, benchmark, warmUpDays: 50, lookbackDays: 80 });
    // Window days 41 … 120, warm-up days 1 … 40; day 20 is index 19: the market rises on even indices, falls on odd.
    expect(window.proxied).toEqual([]);
    expect(window.warmUp[0]![19]).toBeCloseTo(1.5 * -0.02, 9);
  });

  it('have no say in β', () => {
    // The stock moved three times as much as the market up to day 40, the end of the warm-up, and 1.5 times since.
    const changed = market.map((move, t) => (t < 40 ? 3 * move : 1.5 * move));
    const series = [aSeries(without(closesOf(changed), 90))];
    const window = build({ series, benchmark: aSeries(closesOf(market)), warmUpDays: 50, lookbackDays: 80 });
    expect(window.proxied).toEqual([{ index: 0, count: 2, beta: expect.closeTo(1.5, 9) }]);
  });
});

describe('the order of the symbols', () => {
  const holes = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 4 });
  const moves = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 99, maxLength: 99 });
  const histories = fc.array(fc.record({ moves, holes }), { minLength: 3, maxLength: 3 });

  it.each([true, false])('changes the order of the columns and nothing else (benchmark: %s)', (withBenchmark) => {
    fc.assert(
      fc.property(histories, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (made, order) => {
        const series = made.map((one) => aSeries(without(closesOf(one.moves), ...one.holes)));
        const rest = withBenchmark ? { benchmark: aSeries(closesOf(market)) } : {};
        const plain = build({ series, lookbackDays: 90, warmUpDays: 5, ...rest });
        const permuted = build({ series: order.map((i) => series[i]!), lookbackDays: 90, warmUpDays: 5, ...rest });
        const { columns, warmUp, proxied, ...shared } = permuted;
        const { columns: plainColumns, warmUp: plainWarmUp, proxied: plainProxied, ...plainShared } = plain;
        expect(shared).toEqual(plainShared);
        expect(columns).toEqual(order.map((i) => plainColumns[i]));
        expect(warmUp).toEqual(order.map((i) => plainWarmUp[i]));
        const bySymbol = plainProxied.map((one) => ({ ...one, index: order.indexOf(one.index) }));
        expect(proxied).toEqual(bySymbol.sort((a, b) => a.index - b.index));
      }),
      { numRuns: 40 },
    );
  });
});

describe('the close as of a date', () => {
  const series = aSeries([10, null, 12]);

  it.each([
    [FIRST_DAY, FIRST_DAY, 10],
    [FIRST_DAY + 1, FIRST_DAY, 10], // the last one before
    [FIRST_DAY + 2, FIRST_DAY + 2, 12],
    [FIRST_DAY + 99, FIRST_DAY + 2, 12],
  ])('is the last at or before it (%#)', (asked, day, close) => {
    expect(closeAsOf(series, asked)).toEqual({ day, close });
  });

  it('does not exist before the first', () => {
    expect(closeAsOf(series, FIRST_DAY - 1)).toBeUndefined();
  });
});
