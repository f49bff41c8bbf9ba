import { PriceBook } from '../../../../src/risk/market/price-book.js';
import type { ReturnWindow } from '../../../../src/risk/market/return-window.js';
import { historicalResults } from '../../../../src/risk/var/historical-reply.js';
import { type HistoricalOptions, historicalVar } from '../../../../src/risk/var/historical-var.js';
import { monteCarloResults } from '../../../../src/risk/var/monte-carlo-reply.js';
import { prepareSimulation, simulateRange, summariseSimulation } from '../../../../src/risk/var/monte-carlo-var.js';
import { parametricResults } from '../../../../src/risk/var/parametric-reply.js';
import { type ParametricOptions, parametricVar } from '../../../../src/risk/var/parametric-var.js';
import { horizonWarnings, type PortfolioWindow, VarReplies } from '../../../../src/risk/var/var-reply.js';
import { historicalVarReply } from '../../../../src/risk/var/var-reply.schema.js';
import { FIRST_DAY, finish } from '../../../support/price-series.js';

/** Losses 1 … 100 of an exposure of 1024, each once, in a mixed order (37 and 100 have no common divisor). */
const losses = Array.from({ length: 100 }, (_, t) => ((t * 37) % 100) + 1);

function aWindow(fields: Partial<ReturnWindow> = {}): ReturnWindow {
  return {
    days: Int32Array.from(losses, (_, t) => FIRST_DAY + t),
    calendarIndex: Int32Array.from(losses.keys()),
    columns: [Float64Array.from(losses, (loss) => -loss / 1024)],
    warmUp: [new Float64Array(0)],
    asOfDay: FIRST_DAY + 99,
    calendarCount: 100,
    droppedCount: 0,
    startsLate: false,
    proxied: [],
    ...fields,
  };
}

interface Made extends Partial<Omit<PortfolioWindow, 'exposures'>> {
  symbols?: string[];
  values?: number[];
  stale?: [string, string][];
}

function aPortfolio({ symbols = ['AAPL'], values = [1024], stale = [], ...fields }: Made = {}): PortfolioWindow {
  return {
    holdings: null,
    listed: symbols,
    currency: 'USD',
    exposures: { symbols, marketValues: Float64Array.from(values), stale: new Map(stale) },
    window: aWindow(),
    benchmark: null,
    lookbackDays: 100,
    asOf: '2020-04-09', // day 99 after 2020-01-01
    book: PriceBook.empty,
    valuation: { basis: 'closes', oldest: '2020-04-09', newest: '2020-04-09' },
    equity: null,
    ...fields,
  };
}

const anAccountWith = (equity: string | null): Made => ({
  equity,
  holdings: { accountId: 'acc_1', currency: 'USD', equity, positions: [], positionsVersion: '1' },
});
const inputOf = ({ columns, warmUp, calendarIndex }: ReturnWindow, values = [1024]) => ({
  columns,
  warmUp,
  calendarIndex,
  exposures: Float64Array.from(values),
});
const levelsOf = (tails: readonly number[]) => ({ tails, levels: tails.map((tail) => (10_000 - tail) / 10_000) });
const codes = (portfolio: PortfolioWindow) => new VarReplies(portfolio).dataWarnings().map(({ code }) => code);

describe('the base of the ratios', () => {
  it('is the equity where there is one', () => {
    const replies = new VarReplies(aPortfolio({ equity: '2048' }));
    expect([replies.ratioBase, replies.ratio(512)]).toEqual(['equity', 0.25]);
  });

  it.each([null, '0', '-5'])('is gross market value where the equity is %p: long and short count alike', (equity) => {
    // |300| + |−100| = 400.
    const replies = new VarReplies(aPortfolio({ equity, symbols: ['A', 'B'], values: [300, -100] }));
    expect([replies.ratioBase, replies.ratio(100)]).toEqual(['gross_market_value', 0.25]);
    expect(replies.envelope()).toMatchObject({
      portfolio_value: '200.00',
      gross_market_value: '400.00',
      ratio_base: 'gross_market_value',
    });
  });

  it('is said to be unusable where an account’s equity is, not where positions came without one', () => {
    expect(codes(aPortfolio(anAccountWith('-5')))).toEqual(['equity_unusable']);
    expect(codes(aPortfolio(anAccountWith(null)))).toEqual(['equity_unusable']);
    expect(codes(aPortfolio(anAccountWith('5')))).toEqual([]);
    expect(codes(aPortfolio())).toEqual([]);
  });

  it('gives 0 for a book of no exposure', () => {
    const replies = new VarReplies(aPortfolio({ values: [0] }));
    expect(replies.ratio(0)).toBe(0);
    expect(new VarReplies(aPortfolio({ values: [0], equity: '100' })).ratio(0)).toBe(0);
  });
});

describe('money in a reply', () => {
  it.each([
    ['USD', 2.345, '2.34'], // half even: a tie goes to the even digit
    ['USD', 2.355, '2.36'],
    ['USD', -0.001, '0.00'],
    ['JPY', 2.5, '2'],
    ['JPY', 3.5, '4'],
    ['KWD', 2.3455, '2.346'],
    ['KWD', 2.3445, '2.344'],
  ])('of %s: %d is %s', (currency, amount, text) => {
    expect(new VarReplies(aPortfolio({ currency })).money(amount)).toBe(text);
  });

  it('is rounded, the ratio beside it is not', () => {
    const replies = new VarReplies(aPortfolio({ equity: '1000' }));
    expect(replies.measures({ valueAtRisk: 1.005, expectedShortfall: 2 / 3 })).toEqual({
      var_value: '1.00',
      expected_shortfall: '0.67',
      var_ratio: 1.005 / 1000,
      expected_shortfall_ratio: 2 / 3 / 1000,
    });
  });

  it('keeps an open bound open', () => {
    const replies = new VarReplies(aPortfolio());
    expect(replies.interval({ level: 0.95, lower: 512, upper: null })).toEqual({
      level: 0.95,
      lower: '512.00',
      upper: null,
      lower_ratio: 0.5,
      upper_ratio: null,
    });
    expect(replies.interval(null)).toBeNull();
  });
});

describe('contributions in a reply', () => {
  it('stand in the order in which the positions were listed, whatever order the numbers have', () => {
    const replies = new VarReplies(
      aPortfolio({ symbols: ['AAPL', 'GE'], listed: ['GE', 'AAPL'], values: [100, -300] }),
    );
    const parts = { valueAtRisk: Float64Array.of(10, -20), expectedShortfall: Float64Array.of(12, -8) };
    expect(finish(replies.contributions(parts))).toEqual([
      {
        symbol: 'GE',
        market_value: '-300.00',
        component_var: '-20.00',
        component_var_ratio: -0.05,
        component_es: '-8.00',
        component_es_ratio: -0.02,
      },
      {
        symbol: 'AAPL',
        market_value: '100.00',
        component_var: '10.00',
        component_var_ratio: 0.025,
        component_es: '12.00',
        component_es_ratio: 0.03,
      },
    ]);
    expect(finish(replies.contributions(null))).toBeNull();
  });
});

describe('what a reply says of its data', () => {
  it('is the window, what was filled in it, and how much of the portfolio rests on real returns', () => {
    const window = aWindow({ proxied: [{ index: 1, count: 20, beta: 1.5 }] });
    const portfolio = aPortfolio({ symbols: ['AAPL', 'NEW'], values: [300, -100], window, benchmark: 'SP500' });
    expect(new VarReplies(portfolio).envelope().data).toEqual({
      first_date: '2020-01-01',
      last_date: '2020-04-09',
      observation_count: 100,
      excluded: [],
      proxied: [{ symbol: 'NEW', missing: 20, beta: 1.5 }],
      dropped_dates: 0,
      coverage: expect.closeTo(0.95, 15), // 1 − 100/400 × 20/100
      benchmark: 'SP500',
      valuation: { basis: 'closes', oldest: '2020-04-09', newest: '2020-04-09' },
      price_version: 0,
    });
  });

  it.each<[string, Made, string]>([
    ['short_history', { lookbackDays: 252 }, '100 of 252 daily returns are there (at least 60 are needed)'],
    [
      'dates_dropped',
      { window: aWindow({ droppedCount: 3 }) },
      '3 dates lack a close of some symbol and were dropped; a benchmark would fill them',
    ],
    [
      'returns_proxied',
      { window: aWindow({ proxied: [{ index: 0, count: 2, beta: 1 }] }) },
      'missing returns were filled by β·benchmark',
    ],
    ['stale_price', { stale: [['AAPL', '2020-04-01']] }, 'valued at an older close than asked: AAPL 2020-04-01'],
    ['data_ends_before_as_of', { asOf: '2020-04-10' }, 'the last stored close is of 2020-04-09, as_of is 2020-04-10'],
    ['equity_unusable', anAccountWith('0'), 'equity is 0: ratios are relative to gross market value'],
  ])('warns %s', (code, made, message) => {
    expect(new VarReplies(aPortfolio(made)).dataWarnings()).toMatchObject([{ code, message }]);
  });

  it('has nothing to warn of on a full window', () => {
    expect(codes(aPortfolio())).toEqual([]);
  });

  it('warns of everything at once', () => {
    const window = aWindow({ droppedCount: 3, proxied: [{ index: 0, count: 2, beta: 1 }] });
    const made = { ...anAccountWith('0'), window, stale: [['AAPL', '2020-04-01']] as [string, string][] };
    expect(codes(aPortfolio({ ...made, lookbackDays: 252, asOf: '2020-12-31' }))).toEqual([
      'short_history',
      'dates_dropped',
      'returns_proxied',
      'stale_price',
      'data_ends_before_as_of',
      'equity_unusable',
    ]);
  });

  it('says how several days were reached', () => {
    expect(horizonWarnings('one_day', 1)).toEqual([]);
    expect(horizonWarnings('overlapping', 10).map(({ code }) => code)).toEqual(['interval_unavailable']);
    expect(horizonWarnings('square_root', 10).map(({ code }) => code)).toEqual(['horizon_scaled']);
  });
});

describe('the results of a historical reply', () => {
  const options: HistoricalOptions = {
    method: 'plain',
    quantile: 'lower',
    decay: 1,
    horizonDays: 1,
    tails: [500],
    contributions: true,
  };
  function reply(made: Made = {}, asked: Partial<typeof options> = {}) {
    const portfolio = aPortfolio(made);
    const computed = historicalVar(inputOf(portfolio.window, made.values), { ...options, ...asked });
    const horizonDays = asked.horizonDays ?? 1;
    const { method, tails } = { ...options, ...asked };
    const question = { ...levelsOf(tails), horizonDays, method };
    return finish(historicalResults(computed, portfolio.window.days, new VarReplies(portfolio), question));
  }

  it('lists the tail worst first, with date, P&L and weight', () => {
    // Losses 100 … 96 on the days t with 37·t ≡ 99 … 95 (mod 100): 73 is the inverse of 37 (2701), so t = 73·(loss − 1).
    const [result] = reply({ equity: '1024' }).results;
    const days = [99, 98, 97, 96, 95].map((rest) => (73 * rest) % 100); // 27, 54, 81, 8, 35
    expect(days).toEqual([27, 54, 81, 8, 35]);
    expect(result).toMatchObject({
      confidence_level: 0.95,
      time_horizon: 1,
      var_value: '96.00',
      expected_shortfall: '98.00', // (100 + … + 96)/5
      var_ratio: 96 / 1024,
    });
    expect(result!.tail).toEqual([
      { date: '2020-01-28', pnl: '-100.00', pnl_ratio: -100 / 1024, weight: expect.closeTo(0.2, 15) }, // day 27
      { date: '2020-02-24', pnl: '-99.00', pnl_ratio: -99 / 1024, weight: expect.closeTo(0.2, 15) }, // day 54
      { date: '2020-03-22', pnl: '-98.00', pnl_ratio: -98 / 1024, weight: expect.closeTo(0.2, 15) }, // day 81
      { date: '2020-01-09', pnl: '-97.00', pnl_ratio: -97 / 1024, weight: expect.closeTo(0.2, 15) }, // day 8
      { date: '2020-02-05', pnl: '-96.00', pnl_ratio: -96 / 1024, weight: expect.closeTo(0.2, 15) }, // day 35
    ]);
  });

  it('dates a scenario of several days by its first and last', () => {
    // Two falls in a row on days 10 and 11 (2020-01-11, 2020-01-12); T/h = 100/2 ≥ 25.
    const columns = [Float64Array.from(losses, (_, t) => (t === 10 || t === 11 ? -0.1 : 0))];
    const { results, warnings } = reply({ window: aWindow({ columns }) }, { horizonDays: 2 });
    expect(results[0]!.tail[0]).toMatchObject({ start_date: '2020-01-11', date: '2020-01-12' });
    expect(results[0]!.confidence_interval).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(['interval_unavailable']);
  });

  it('says that a book which never moves has a VaR of exactly 0', () => {
    const { results, warnings } = reply({ window: aWindow({ columns: [new Float64Array(100)] }) });
    expect(results[0]).toMatchObject({ var_value: '0.00', var_ratio: 0, expected_shortfall: '0.00' });
    expect(warnings.map(({ code }) => code)).toEqual(['zero_variance']);
  });

  it('says that the first 50 returns seeded the volatility', () => {
    const { warnings } = reply({}, { method: 'volatility_scaled', decay: 0.94 });
    expect(warnings).toContainEqual({
      code: 'warm_up_in_window',
      message: expect.stringContaining('the first 50 returns'),
    });
  });

  it('warns where the tail is the single worst scenario, up to a·T = 1, naming the levels', () => {
    // T = 100: a·T is 0.01 at 99.99 %, 1 at 99 %, and 1.01 at 98.99 %, where a second scenario has a part.
    const { results, warnings } = reply({}, { tails: [1, 100, 101] });
    expect(results.map(({ tail }) => tail.length)).toEqual([1, 1, 2]);
    const message =
      'the worst of 100 scenarios alone is the tail at confidence 0.9999 (a·T = 0.01), 0.99 (a·T = 1): the result rests on that one loss';
    expect(warnings).toContainEqual({ code: 'thin_tail', message });
    expect(reply({}, { tails: [101] }).warnings.map(({ code }) => code)).not.toContain('thin_tail');
  });

  it('warns where the sample bounds the loss on one side only', () => {
    // P(N ≤ 0) = 0.99^100 = 0.366 > 0.025 for N ~ Bin(100, 1 %): no upper bound. At 95 % it is 0.0059: there is one.
    const { results, warnings } = reply({}, { tails: [100, 500] });
    expect(results.map(({ confidence_interval }) => confidence_interval?.upper === null)).toEqual([true, false]);
    expect(warnings).toContainEqual({
      code: 'interval_open',
      message: '100 scenarios are too few to bound the loss on both sides at confidence 0.99',
    });
  });

  it('warns where the age weight of the worst scenario alone is the tail, and that there is no interval', () => {
    // The newest of 100 has the weight 0.02/(1 − 0.98^100) = 2.31 %: all of a tail of 2 %, not of one of 2.5 %.
    const columns = [Float64Array.from(losses, (_, t) => (t === 99 ? -0.5 : 0.01))];
    const aged = { method: 'age_weighted' as const, decay: 0.98 };
    const warnings = (tails: number[]) => reply({ window: aWindow({ columns }) }, { ...aged, tails }).warnings;
    expect(warnings([250]).map(({ code }) => code)).toEqual(['interval_unavailable']);
    expect(warnings([200, 250])).toMatchObject([
      { code: 'interval_unavailable', message: expect.stringContaining('unequal weight') },
      { code: 'thin_tail', message: expect.stringContaining('at confidence 0.98 (its weight is at least a):') },
    ]);
  });

  it('lists at most 500 scenarios of the tail; the measures rest on all', () => {
    // 1,100 losses 1 … 1100 at a tail of 49 %: aT = 539, VaR 562, ES (562 + … + 1100)/539 = 831.
    const many = Array.from({ length: 1100 }, (_, t) => t + 1);
    const window = aWindow({
      days: Int32Array.from(many, (t) => FIRST_DAY + t),
      calendarIndex: Int32Array.from(many, (t) => t - 1),
      columns: [Float64Array.from(many, (loss) => -loss / 1024)],
    });
    const [result] = reply({ window }, { tails: [4900] }).results;
    expect(result!.tail).toHaveLength(500);
    expect(result).toMatchObject({ var_value: '562.00', expected_shortfall: '831.00' });
  });

  it('are what the schema of the reply says', () => {
    const replies = new VarReplies(aPortfolio());
    const whole = {
      method: 'historical',
      ...replies.envelope(),
      ...reply(),
      parameters: {},
      input_hash: 'sha256:0',
      calculated_at: '2020-04-09T00:00:00Z',
      cache: 'miss',
      cache_age_ms: 0,
    };
    expect(historicalVarReply.safeParse(whole).error).toBeUndefined();
  });
});

describe('the results of a parametric reply', () => {
  const options: ParametricOptions = {
    distribution: 'normal',
    degreesOfFreedom: 5,
    volatility: 'sample',
    decay: 0.94,
    covariance: 'auto',
    includeMean: false,
    horizonDays: 1,
    tails: [500],
    contributions: true,
  };
  function reply(asked: Partial<ParametricOptions> = {}) {
    const portfolio = aPortfolio({ equity: '1024' });
    const { tails, horizonDays } = { ...options, ...asked };
    const computed = parametricVar(inputOf(portfolio.window), { ...options, ...asked });
    return finish(parametricResults(computed, new VarReplies(portfolio), { ...levelsOf(tails), horizonDays }));
  }

  it('give σ as ratio, z, the diagnostic as money and ratio, and how several days were reached', () => {
    const { results, covariance, degrees_of_freedom, warnings } = reply({ horizonDays: 4 });
    // Losses 1 … 100: variance (100² − 1)/12·100/99 = 100·101/12 = 841.667; σ = 29.0115 of 1024.
    const sigma = Math.sqrt((100 * 101) / 12) / 1024;
    expect(results[0]!.sigma).toBeCloseTo(sigma, 12);
    expect(results[0]!.z).toBeCloseTo(1.644853626951, 11);
    expect(results[0]!.var_ratio).toBeCloseTo(2 * 1.644853626951 * sigma, 11);
    expect(results[0]!.var_value).toBe('95.44'); // 2 · 1.644853627 · 29.0114920…
    // A uniform distribution: skewness 0, excess −6/5·(n² + 1)/(n² − 1) = −1.2002400.
    expect(results[0]!.cornish_fisher).toMatchObject({
      valid: false,
      skewness: expect.closeTo(0, 9),
      excess_kurtosis: expect.closeTo((-6 / 5) * (10_001 / 9999), 9),
    });
    expect(covariance).toEqual({ estimator: 'sample', shrinkage: 0, condition_number: null, repaired: false });
    expect(degrees_of_freedom).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(['horizon_scaled']);
  });

  it('say why there is no interval: too few degrees of freedom, or a decay that forgets at once', () => {
    const studentT = (degreesOfFreedom: number) => reply({ distribution: 'student_t', degreesOfFreedom });
    // The variance of the sample variance takes a fourth moment, which a Student-t has from ν > 4 on.
    expect(studentT(4).results[0]!.confidence_interval).toMatchObject({ lower: null, upper: null });
    expect(studentT(4).warnings).toMatchObject([
      { code: 'interval_unavailable', message: expect.stringContaining('with 4 degrees of freedom') },
    ]);
    expect(studentT(4.5).warnings).toEqual([]);
    // EWMA counts (1 + λ)/(1 − λ) observations: 1.5 for λ = 0.2, 3 for λ = 0.5.
    const ewma = (decay: number) => reply({ volatility: 'ewma', decay });
    expect(ewma(0.2).results[0]!.confidence_interval).toBeNull();
    expect(ewma(0.2).warnings).toMatchObject([
      { code: 'interval_unavailable', message: expect.stringContaining('fewer than two effective observations') },
    ]);
    expect(ewma(0.5).warnings).toEqual([]);
  });
});

describe('the results of a simulation', () => {
  it('warn where the tail is the single worst path', () => {
    const portfolio = aPortfolio();
    const asked = { distribution: 'normal', degreesOfFreedom: 5, covariance: 'auto', includeMean: false } as const;
    const model = { simulations: 200, seed: 1, sampling: 'pseudo', returns: 'simple', horizonDays: 1 } as const;
    const prepared = prepareSimulation(inputOf(portfolio.window), { ...asked, ...model });
    const pnl = new Float64Array(200);
    simulateRange(prepared.model, { firstPath: 0, lastPath: 200 }, pnl);
    const warningsAt = (tails: number[]) => {
      const computed = tails.map((tail) => summariseSimulation(prepared.model, pnl, { tail, contributions: false }));
      const question = { ...levelsOf(tails), horizonDays: 1 };
      return finish(monteCarloResults(prepared, computed, new VarReplies(portfolio), question)).warnings;
    };
    const message =
      'the worst of 200 paths alone is the tail at confidence 0.9999 (a·T = 0.02), 0.995 (a·T = 1): the result rests on that one loss';
    expect(warningsAt([1, 50, 51])).toEqual([{ code: 'thin_tail', message }]);
    expect(warningsAt([51])).toEqual([]);
  });
});
