import { readFileSync } from 'node:fs';
import { WARM_UP_COUNT } from '../../src/quant/ewma.js';
import { PriceBook, type PriceSeries } from '../../src/risk/market/price-book.js';
import { dayOf } from '../../src/risk/market/price-day.js';
import { returnWindow } from '../../src/risk/market/return-window.js';
import { exposuresAt, heldSymbols, inlineLines } from '../../src/risk/var/exposures.js';
import { type HistoricalOptions, historicalVar } from '../../src/risk/var/historical-var.js';
import { prepareSimulation, simulateRange, summariseSimulation } from '../../src/risk/var/monte-carlo-var.js';
import { type ParametricOptions, parametricVar } from '../../src/risk/var/parametric-var.js';
import type { ScenarioInput } from '../../src/risk/var/scenario-input.js';
import type { InlinePosition } from '../../src/risk/var/var-request.schema.js';
import { finish } from '../support/price-series.js';

/**
 * From the committed closes to the measures, as the service does it: values computed with numpy and scipy,
 * 125,000 in each of eight US stocks, 505 returns of 2008-01-02 … 2009-12-31. Published as ratios of 1,000,000.
 */
const SYMBOLS = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'];

const [[, ...names], ...rows] = readFileSync(new URL('../../assets/demo/closes.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(',')) as [string[], ...string[][]];
const days = Int32Array.from(rows, ([date]) => dayOf(date!)!);
const series = (name: string): PriceSeries => ({
  days,
  closes: Float64Array.from(rows, (row) => Number(row[names.indexOf(name) + 1])),
});
const book = PriceBook.empty.with(1, new Map(names.map((name) => [name, series(name)])));

const LAST_DAY = dayOf('2009-12-31')!;
const equalWeight: InlinePosition[] = SYMBOLS.map((symbol) => ({ symbol, market_value: '125000' }));

interface Asked {
  positions?: InlinePosition[];
  lookbackDays?: number;
  warmUpDays?: number;
  startDay?: number;
  benchmark?: string;
  from?: PriceBook;
}

function slice({ positions = equalWeight, lookbackDays = 505, warmUpDays = 0, from = book, ...asked }: Asked = {}) {
  const lines = inlineLines(positions, 'USD', new Map());
  const symbols = finish(heldSymbols(lines, from));
  const window = finish(
    returnWindow({
      symbols,
      series: symbols.map((symbol) => from.series(symbol)!),
      benchmark: asked.benchmark === undefined ? undefined : from.series(asked.benchmark)!,
      startDay: asked.startDay,
      endDay: LAST_DAY,
      lookbackDays,
      warmUpDays,
    }),
  );
  const { marketValues } = finish(exposuresAt(lines, { symbols, book: from, asOfDay: window.asOfDay }));
  const { columns, warmUp, calendarIndex } = window;
  const input: ScenarioInput = { columns, warmUp, calendarIndex, exposures: marketValues };
  return { window, symbols, input };
}

const CONFIDENCES = [500, 250, 100];

function historical(asked: Asked = {}, options: Partial<HistoricalOptions> = {}) {
  const defaults = { method: 'plain', quantile: 'lower', decay: 0.94, horizonDays: 1, contributions: true } as const;
  return historicalVar(slice(asked).input, { ...defaults, tails: CONFIDENCES, ...options });
}

function parametric(asked: Asked = {}, options: Partial<ParametricOptions> = {}) {
  return parametricVar(slice(asked).input, {
    distribution: 'normal',
    degreesOfFreedom: 5,
    volatility: 'sample',
    decay: 0.94,
    covariance: 'auto',
    includeMean: false,
    horizonDays: 1,
    contributions: true,
    tails: CONFIDENCES,
    ...options,
  });
}

const ratio = (amount: number) => amount / 1_000_000;
const sum = (parts: ArrayLike<number>) => Array.from(parts).reduce((total, part) => total + part, 0);

describe('eight US stocks through the crisis of 2008', () => {
  it('have 505 returns, the first on 2008-01-02', () => {
    const { window, symbols } = slice();
    expect(symbols).toEqual(SYMBOLS);
    expect([window.days.length, window.days[0], window.days.at(-1)]).toEqual([505, dayOf('2008-01-02'), LAST_DAY]);
    expect([window.droppedCount, window.proxied.length]).toEqual([0, 0]);
  });

  it('are the same window when it is named by start_date', () => {
    const byDate = slice({ startDay: dayOf('2008-01-02'), lookbackDays: 252 });
    expect(byDate.window).toEqual(slice().window);
    // 2008-01-01 is a holiday: the next trading date begins the window.
    expect(slice({ startDay: dayOf('2008-01-01') }).window).toEqual(slice().window);
  });

  it('are the same on the calendar of the index, which traded on the same days', () => {
    expect(slice({ benchmark: 'SP500' }).window).toEqual(slice().window);
  });

  it.each([
    [0, 0.0381265914, 0.0618472723, 26],
    [1, 0.0582714266, 0.0769198663, 13],
    [2, 0.0770385876, 0.0901939, 6],
  ])('historical VaR and ES (%#)', (index, valueAtRisk, expectedShortfall, tailCount) => {
    const result = historical().results[index]!;
    expect(ratio(result.valueAtRisk)).toBeCloseTo(valueAtRisk, 9);
    expect(ratio(result.expectedShortfall)).toBeCloseTo(expectedShortfall, 9);
    expect(result.tail).toHaveLength(tailCount);
  });

  it('the quantile of type 7 is 0.0380400461', () => {
    expect(ratio(historical({}, { quantile: 'type7' }).results[0]!.valueAtRisk)).toBeCloseTo(0.0380400461, 9);
  });

  it('the tail at 95 % names 2008-10-15, the day the S&P 500 lost 9 %', () => {
    const { window } = slice();
    const dates = historical().results[0]!.tail.map(({ to }) => window.days[to]);
    expect(dates).toContain(dayOf('2008-10-15'));
  });

  it('ES99 splits over the eight stocks as published', () => {
    const { contributions, expectedShortfall } = historical().results[2]!;
    const published = [
      0.0106255436, 0.0267599988, 0.0104483208, 0.0203185184, 0.0041658339, 0.007057142, 0.0042180004, 0.0066005421,
    ];
    expect(Array.from(contributions!.expectedShortfall, ratio)).toEqual(
      published.map((part) => expect.closeTo(part, 9)),
    );
    expect(ratio(sum(contributions!.expectedShortfall) - expectedShortfall)).toBeCloseTo(0, 9);
  });

  it('normal VaR95 0.0434577172, ES99 0.0704160686, standard deviation 0.0264204160772', () => {
    const { sigma, estimator, results } = parametric();
    expect(estimator).toBe('sample'); // 505 ≥ 10·8
    expect(ratio(sigma)).toBeCloseTo(0.0264204160772, 12);
    expect(ratio(results[0]!.valueAtRisk)).toBeCloseTo(0.0434577172, 9);
    expect(ratio(results[2]!.expectedShortfall)).toBeCloseTo(0.0704160686, 9);
  });

  it('Student-t with five degrees of freedom: row 10 times σ', () => {
    const { results } = parametric({}, { distribution: 'student_t' });
    expect(ratio(results[0]!.valueAtRisk)).toBeCloseTo(1.560849758 * 0.0264204160772, 9);
    expect(ratio(results[2]!.expectedShortfall)).toBeCloseTo(3.44883676 * 0.0264204160772, 9);
  });

  it('ten days: overlapping windows say 19.74645846 % where √10 times one day says 24.36 %', () => {
    // docs/conventions.md §17, VaR99: √10·7.70385876 % = 24.36 %.
    const scaled = Math.sqrt(10) * historical().results[2]!.valueAtRisk;
    expect(ratio(scaled)).toBeCloseTo(0.2436, 4);
    const { horizon, scenarioCount, results } = historical({}, { horizonDays: 10 });
    expect([horizon, scenarioCount]).toEqual(['overlapping', 496]); // 505 − 10 + 1
    expect(ratio(results[2]!.valueAtRisk)).toBeCloseTo(0.1974645846, 9);
    expect(ratio(results[0]!.valueAtRisk)).toBeCloseTo(0.1258640394, 9);
  });

  it('a shorter window falls back to √h', () => {
    // 249 returns: 249/10 < 25.
    const { horizon, results } = historical({ lookbackDays: 249 }, { horizonDays: 10 });
    expect(horizon).toBe('square_root');
    const oneDay = historical({ lookbackDays: 249 }).results[2]!.valueAtRisk;
    expect(results[2]!.valueAtRisk).toBe(oneDay * Math.sqrt(10));
  });

  it('EWMA forecast sigma 0.0083708342, seeded in the window', () => {
    const { sigma, results, estimator } = parametric({}, { volatility: 'ewma' });
    expect(ratio(sigma)).toBeCloseTo(0.0083708342, 9);
    expect(ratio(results[0]!.valueAtRisk)).toBeCloseTo(1.644853626951 * 0.0083708342, 9);
    expect(estimator).toBeNull();
  });

  it('filtered, warmed up before the window: VaR95 0.0145247486, VaR99 0.0246574313', () => {
    const computed = historical({ warmUpDays: WARM_UP_COUNT }, { method: 'volatility_scaled' });
    expect([computed.warmUpDropped, computed.scenarioCount]).toEqual([0, 505]);
    expect(ratio(computed.results[0]!.valueAtRisk)).toBeCloseTo(0.0145247486, 9);
    expect(ratio(computed.results[2]!.valueAtRisk)).toBeCloseTo(0.0246574313, 9);
  });

  it('filtered, with nothing stored before: the first 50 are dropped, VaR99 0.0251170240', () => {
    // A store that begins with the close of 2007-12-31, the one before the first return.
    const start = rows.findIndex(([date]) => date === '2007-12-31');
    const cut = names.map((name) => {
      const { days: all, closes } = series(name);
      return [name, { days: all.subarray(start), closes: closes.subarray(start) }] as const;
    });
    const young = PriceBook.empty.with(1, new Map(cut));
    const computed = historical({ from: young, warmUpDays: WARM_UP_COUNT }, { method: 'volatility_scaled' });
    expect([computed.warmUpDropped, computed.scenarioCount]).toEqual([50, 455]);
    expect(ratio(computed.results[2]!.valueAtRisk)).toBeCloseTo(0.025117024, 9);
  });

  it('age-weighted with 0.98: VaR99 0.0376938648', () => {
    const { results } = historical({}, { method: 'age_weighted', decay: 0.98 });
    expect(ratio(results[2]!.valueAtRisk)).toBeCloseTo(0.0376938648, 9);
    expect(results[2]!.interval).toBeNull();
  });

  it('do not depend on the order of the positions, to the bit', () => {
    const reversed = { positions: [...equalWeight].reverse() };
    expect(historical(reversed)).toEqual(historical());
    expect(parametric(reversed)).toEqual(parametric());
    expect(historical(reversed, { horizonDays: 10 })).toEqual(historical({}, { horizonDays: 10 }));
  });

  it('do not depend on how a position is cut into lots', () => {
    // 125,000 = 100,000 + 50,000 − 25,000 in whole numbers: exact.
    const lots = equalWeight.flatMap(({ symbol }) =>
      ['-25000', '100000', '50000'].map((market_value) => ({ symbol, market_value })),
    );
    expect(historical({ positions: lots })).toEqual(historical());
  });

  it('sold short lose what they gained: the best days are the worst', () => {
    const short = equalWeight.map(({ symbol }) => ({ symbol, market_value: '-125000' }));
    const pnl = slice().input.columns;
    const gains = Array.from(pnl[0]!, (_, t) => sum(pnl.map((column) => 125_000 * column[t]!))).sort((x, y) => y - x);
    // k = 26 of 505 at 95 %: the 26th best day of the long book.
    expect(historical({ positions: short }).results[0]!.valueAtRisk).toBeCloseTo(gains[25]!, 6);
    expect(parametric({ positions: short }).results[0]!.valueAtRisk).toBeCloseTo(
      parametric().results[0]!.valueAtRisk,
      6,
    );
  });

  it('simulated, have the closed form of the parametric method and come near it', () => {
    const { input } = slice();
    const prepared = prepareSimulation(input, {
      simulations: 10_000,
      seed: 42,
      distribution: 'normal',
      degreesOfFreedom: 5,
      sampling: 'sobol',
      returns: 'simple',
      covariance: 'auto',
      includeMean: false,
      horizonDays: 1,
    });
    const pnl = new Float64Array(10_000);
    simulateRange(prepared.model, { firstPath: 0, lastPath: 10_000 }, pnl);
    const { valueAtRisk, closedForm, contributions } = summariseSimulation(prepared.model, pnl, {
      tail: 500,
      contributions: true,
    });
    expect(ratio(closedForm!.valueAtRisk)).toBeCloseTo(0.0434577172, 9);
    // Row 27: RMS error of 10,000 scrambled points 0.45 % at 95 %; four times that.
    expect(Math.abs(valueAtRisk / closedForm!.valueAtRisk - 1)).toBeLessThan(0.018);
    expect(ratio(sum(contributions!.valueAtRisk) - valueAtRisk)).toBeCloseTo(0, 9);
  });
});

describe('a stock with holes in its history', () => {
  it('is filled by β·SP500, the rest of the window staying what it is', () => {
    // BAC without its closes of 2008-10-15 and 2008-10-16: three returns are gone (15th, 16th and across, the 17th).
    const holes = new Set(['2008-10-15', '2008-10-16'].map((date) => dayOf(date)));
    const bac = book.series('BAC')!;
    const kept = [...bac.days.keys()].filter((i) => !holes.has(bac.days[i]!));
    const gapped = book.with(
      2,
      new Map([
        [
          'BAC',
          { days: Int32Array.from(kept, (i) => bac.days[i]!), closes: Float64Array.from(kept, (i) => bac.closes[i]!) },
        ],
      ]),
    );
    const { window, symbols } = slice({ from: gapped, benchmark: 'SP500' });
    const whole = slice().window;
    const index = symbols.indexOf('BAC');
    expect(window.proxied).toMatchObject([{ index, count: 3 }]);
    // Slope by hand over the 502 returns that are left: Σ(x − x̄)(y − ȳ)/Σ(x − x̄)².
    const index500 = slice({ positions: [{ symbol: 'SP500', market_value: '1' }] }).window.columns[0]!;
    const gone = new Set(['2008-10-15', '2008-10-16', '2008-10-17'].map((date) => whole.days.indexOf(dayOf(date)!)));
    const common = [...whole.days.keys()].filter((t) => !gone.has(t));
    const mean = (column: Float64Array) => sum(common.map((t) => column[t]!)) / common.length;
    const [x, y] = [index500, whole.columns[index]!];
    const [mx, my] = [mean(x), mean(y)];
    const beta = sum(common.map((t) => (x[t]! - mx) * (y[t]! - my))) / sum(common.map((t) => (x[t]! - mx) ** 2));
    expect(window.proxied[0]!.beta).toBeCloseTo(beta, 12);
    for (const t of whole.days.keys()) {
      expect(window.columns[index]![t]).toBeCloseTo(gone.has(t) ? beta * x[t]! : y[t]!, 12);
    }
    expect(window.columns.filter((_, i) => i !== index)).toEqual(whole.columns.filter((_, i) => i !== index));
  });
});
