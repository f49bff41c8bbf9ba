import fc from 'fast-check';
import { QuantError } from '../../../../src/quant/errors.js';
import { type HistoricalOptions, historicalVar } from '../../../../src/risk/var/historical-var.js';
import type { ScenarioInput } from '../../../../src/risk/var/scenario-input.js';

interface Book {
  returns: readonly (readonly number[])[];
  exposures: readonly number[];
  warmUp?: readonly (readonly number[])[];
  calendar?: readonly number[];
}

function scenarios({ returns, exposures, warmUp, calendar }: Book): ScenarioInput {
  return {
    columns: returns.map((column) => Float64Array.from(column)),
    warmUp: (warmUp ?? returns.map(() => [])).map((column) => Float64Array.from(column)),
    calendarIndex: Int32Array.from(calendar ?? returns[0]!.map((_, t) => t)),
    exposures: Float64Array.from(exposures),
  };
}

function measure(book: Book, options: Partial<HistoricalOptions> = {}) {
  return historicalVar(scenarios(book), {
    method: 'plain',
    quantile: 'lower',
    decay: 0.94,
    horizonDays: 1,
    tails: [500],
    contributions: true,
    ...options,
  });
}
const only = (book: Book, options: Partial<HistoricalOptions> = {}) => measure(book, options).results[0]!;
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** Losses 1 … 500 in a mixed order, each once: 263 and 500 have no common divisor. Exposure 1024 keeps them exact. */
const losses = Array.from({ length: 500 }, (_, t) => ((t * 263) % 500) + 1);
const falling = { returns: [losses.map((loss) => -loss / 1024)], exposures: [1024] };
const quiet = (count: number) => Array<number>(count).fill(0);
const placed = (count: number, at: Record<number, number>) => quiet(count).map((zero, t) => at[t] ?? zero);

describe('historical value at risk of losses 1 … 500', () => {
  it('is 476 at 95 %, the 25th worst, and the shortfall 488, the mean of the 25 worst', () => {
    // aT = 0.05 × 500 = 25 exactly (26 in doubles); (476 + … + 500)/25 = 488.
    const { valueAtRisk, expectedShortfall, tail } = only(falling);
    expect([valueAtRisk, expectedShortfall]).toEqual([476, 488]);
    expect(tail).toHaveLength(25);
  });

  it('is one result for each level, in the order asked', () => {
    // 99 %: aT = 5, VaR 496, ES (496 + … + 500)/5 = 498; 97.5 %: aT = 12.5, k = 13: VaR 488,
    // ES = (500 + … + 489 + 0.5·488)/12.5 = (12·494.5 + 244)/12.5 = 494.24.
    const { results } = measure(falling, { tails: [100, 250, 500] });
    expect(results.map(({ valueAtRisk }) => valueAtRisk)).toEqual([496, 488, 476]);
    expect(results.map(({ expectedShortfall }) => expectedShortfall)).toEqual(
      [498, 494.24, 488].map((value) => expect.closeTo(value, 10)),
    );
  });

  it('interpolates where a quantile type is asked for, the shortfall staying what it is', () => {
    // On losses 1 … n the sample quantile is its own position. Type 7: 1 + 499·0.95 = 475.05; type 6: 501·0.95 =
    // 475.95; type 5: 500·0.95 + 0.5 = 475.5.
    const of = (quantile: HistoricalOptions['quantile']) => only(falling, { quantile });
    expect(of('type7').valueAtRisk).toBeCloseTo(475.05, 10);
    expect(of('type6').valueAtRisk).toBeCloseTo(475.95, 10);
    expect(of('type5').valueAtRisk).toBeCloseTo(475.5, 10);
    expect(of('type7').expectedShortfall).toBe(488);
  });

  it('lists the tail worst first, each scenario with its day and its weight in the shortfall', () => {
    const { tail } = only(falling, { tails: [250] }); // aT = 12.5: twelve whole scenarios and half of the 13th
    expect(tail.map(({ pnl }) => pnl)).toEqual(
      [500, 499, 498, 497, 496, 495, 494, 493, 492, 491, 490, 489, 488].map((l) => -l),
    );
    for (const { from, to, pnl } of tail) expect([from, losses[to]]).toEqual([to, -pnl]);
    expect(tail.slice(0, 12).every(({ weight }) => Math.abs(weight - 1 / 12.5) < 1e-15)).toBe(true);
    expect(tail[12]!.weight).toBeCloseTo(0.5 / 12.5, 15);
  });

  it('has a 95 % interval from binomial ranks', () => {
    // scipy.stats.binom(500, 0.05): ranks 36 and 16 from the worst (test/reference/golden.json), so 465 and 485.
    expect(only(falling).interval).toEqual({ level: 0.95, lower: 465, upper: 485 });
    expect(only(falling, { tails: [100] }).interval).toEqual({ level: 0.95, lower: 490, upper: 500 }); // 11 and 1
    expect(only(falling, { tails: [1] }).interval).toMatchObject({ upper: null });
  });
});

describe('the sign', () => {
  it('of a short position turns: it loses where the price rises', () => {
    const rises = { returns: [losses.map((loss) => loss / 1024)], exposures: [-1024] };
    expect(only(rises)).toMatchObject({ valueAtRisk: 476, expectedShortfall: 488 });
    // Long in a market that only rises: the 25th smallest gain, 25, is the VaR; the mean of 1 … 25 is 13.
    expect(only({ ...rises, exposures: [1024] })).toMatchObject({ valueAtRisk: -25, expectedShortfall: -13 });
  });

  it('of a hedged book that gains in every scenario is negative, never floored at 0', () => {
    // Long A, short B, A always 1/64 ahead of B: +1024/64 = +16 every day.
    const b = losses.map((loss) => -loss / 1024);
    const book = { returns: [b.map((move) => move + 1 / 64), b], exposures: [1024, -1024] };
    expect(only(book)).toMatchObject({ valueAtRisk: -16, expectedShortfall: expect.closeTo(-16, 10) });
  });

  it('of no exposure is nothing: 0, said to be flat', () => {
    const book = { returns: falling.returns, exposures: [0] };
    expect(measure(book)).toMatchObject({ flat: true, results: [{ valueAtRisk: 0, expectedShortfall: 0 }] });
    expect(Object.is(only(book).valueAtRisk, 0)).toBe(true);
    expect(measure(falling).flat).toBe(false);
  });

  it('of prices that never move is nothing as well, except that there is no volatility to scale', () => {
    const flat = { returns: [quiet(100)], exposures: [5000] };
    expect(measure(flat)).toMatchObject({ flat: true, results: [{ valueAtRisk: 0 }] });
    expect(only(flat, { method: 'age_weighted', decay: 0.98 }).valueAtRisk).toBe(0);
    expect(() => measure(flat, { method: 'volatility_scaled' })).toThrow(QuantError);
  });
});

describe('a horizon of several days', () => {
  // 60 quiet days with two falls of 10 % in a row, on days 10 and 11.
  const falls = { returns: [placed(60, { 10: -0.1, 11: -0.1 })], exposures: [1000] };

  it('chains overlapping windows where T/h ≥ 25', () => {
    // 60/2 = 30: 59 windows, aT = 2.95, k = 3. Worst: 0.9·0.9 − 1 = −19 % (days 10, 11), then −10 % twice.
    // ES = (190 + 100 + 0.95·100)/2.95 = 385/2.95 = 130.508474576.
    const { horizon, scenarioCount, results } = measure(falls, { horizonDays: 2 });
    expect([horizon, scenarioCount]).toEqual(['overlapping', 59]);
    expect(results[0]!.valueAtRisk).toBeCloseTo(100, 10);
    expect(results[0]!.expectedShortfall).toBeCloseTo(130.508474576, 8);
    expect(results[0]!.tail.map(({ from, to }) => [from, to])).toEqual([
      [10, 11],
      [9, 10],
      [11, 12],
    ]);
    expect(results[0]!.tail[0]!.pnl).toBeCloseTo(-190, 10);
    expect(results[0]!.interval).toBeNull(); // windows that share days are no independent sample
  });

  it('never chains across a dropped date', () => {
    // A date lies between days 10 and 11, so no scenario of two days holds both falls: 58 windows, aT = 2.9, k = 3,
    // ES = (100 + 100 + 0.9·0)/2.9 = 68.965517241.
    const calendar = quiet(60).map((_, t) => (t <= 10 ? t : t + 1));
    const { scenarioCount, results } = measure({ ...falls, calendar }, { horizonDays: 2 });
    expect(scenarioCount).toBe(58);
    expect(results[0]!.valueAtRisk).toBeCloseTo(0, 10);
    expect(results[0]!.expectedShortfall).toBeCloseTo(200 / 2.9, 8);
    expect(results[0]!.tail.map(({ from, to }) => [from, to]).slice(0, 2)).toEqual([
      [9, 10],
      [11, 12],
    ]);
  });

  it('is √h of one day where T/h < 25, interval, tail and split included', () => {
    // 60/4 = 15 < 25: everything doubles.
    const book = { returns: [losses.slice(0, 60).map((loss) => -loss / 1024)], exposures: [1024] };
    const [one, four] = [only(book), measure(book, { horizonDays: 4 })];
    expect(four.horizon).toBe('square_root');
    const [scaled] = four.results;
    expect(scaled!.valueAtRisk).toBe(2 * one.valueAtRisk);
    expect(scaled!.expectedShortfall).toBe(2 * one.expectedShortfall);
    expect(scaled!.interval!.lower).toBe(2 * one.interval!.lower!);
    expect(scaled!.tail[0]!.pnl).toBe(2 * one.tail[0]!.pnl);
    expect(scaled!.contributions!.expectedShortfall[0]).toBe(2 * one.contributions!.expectedShortfall[0]!);
  });

  it.each([
    [50, 2, 'overlapping'],
    [49, 2, 'square_root'],
    [250, 10, 'overlapping'],
    [249, 10, 'square_root'],
    [60, 1, 'one_day'],
  ])('of T = %d and h = %d is %3$s', (count, horizonDays, horizon) => {
    const book = { returns: [losses.slice(0, count).map((loss) => -loss / 1024)], exposures: [1] };
    expect(measure(book, { horizonDays: horizonDays as number }).horizon).toBe(horizon);
  });

  it('of the filtered method is always √h', () => {
    const book = { returns: [losses.map((loss) => -loss / 1024)], exposures: [1] };
    expect(measure(book, { method: 'volatility_scaled', horizonDays: 2 }).horizon).toBe('square_root');
  });
});

describe('age-weighted', () => {
  it('gives the newest scenario the most weight', () => {
    // λ = 0.5, T = 4: weights 1/15, 2/15, 4/15, 8/15, oldest first. Losses 40, 30, 20, 10 (newest 10). At 95 % the worst
    // (weight 1/15 = 6.67 %) alone fills the tail: VaR = ES = 40. At 90 %: 1/15 < 0.1 ≤ 3/15: VaR 30,
    // ES = (40/15 + (0.1 − 1/15)·30)/0.1 = (2.6667 + 1)/0.1 = 36.6667.
    const book = { returns: [[-0.4, -0.3, -0.2, -0.1]], exposures: [100] };
    const { results } = measure(book, { method: 'age_weighted', decay: 0.5, tails: [500, 1000] });
    expect(results[0]).toMatchObject({ valueAtRisk: 40, expectedShortfall: expect.closeTo(40, 10), interval: null });
    expect(results[1]!.valueAtRisk).toBe(30);
    expect(results[1]!.expectedShortfall).toBeCloseTo(110 / 3, 10);
  });

  it('forgets a crash that an unweighted window remembers', () => {
    // The three worst of 60 days are the three oldest: plain k = 3 is −30 %, and λ = 0.9 leaves them 0.9^57 ≈ 0.2 % each.
    const book = { returns: [placed(60, { 0: -0.5, 1: -0.4, 2: -0.3, 59: -0.01 })], exposures: [100] };
    expect(only(book).valueAtRisk).toBeCloseTo(30, 10);
    expect(only(book, { method: 'age_weighted', decay: 0.9 }).valueAtRisk).toBeCloseTo(1, 10);
  });
});

describe('volatility-scaled', () => {
  /** Moves of ±size, the variance of each being size². */
  const even = (count: number, size: number) => Array.from({ length: count }, (_, t) => (t % 2 === 0 ? -size : size));

  it('is the plain one where the volatility never changes', () => {
    // All r² equal: every σ_s and the forecast are equal, every factor 1.
    const book = { returns: [even(100, 0.01)], exposures: [1000], warmUp: [even(50, 0.01)] };
    const { warmUpDropped, scenarioCount, results } = measure(book, { method: 'volatility_scaled' });
    expect([warmUpDropped, scenarioCount]).toEqual([0, 100]);
    expect(results[0]!.valueAtRisk).toBeCloseTo(10, 9);
  });

  it('scales by σ_{T+1}/σ_s, seeded before the window', () => {
    // 50 quiet returns of 1 % seed σ² = 1e-4 for day 0. Day 0 falls by 3 %: σ² = 0.94·1e-4 + 0.06·9e-4 = 1.48e-4 before day
    // 1, which rises by 1 %: σ² = 0.94·1.48e-4 + 0.06·1e-4 = 1.4512e-4 is the forecast.
    // Day 0 scaled: 30·√(1.4512/1) = 36.13972882; day 1: −10·√(1.4512/1.48) = −9.902… k = 1, aT = 0.1: VaR = day 0.
    const book = { returns: [[-0.03, 0.01]], exposures: [1000], warmUp: [even(50, 0.01)] };
    const { valueAtRisk, tail } = only(book, { method: 'volatility_scaled' });
    expect(valueAtRisk).toBeCloseTo(30 * Math.sqrt(1.4512), 9);
    expect(tail).toMatchObject([{ from: 0, to: 0 }]);
  });

  it('drops the first 50 of the window where nothing is stored before it, and says so', () => {
    // The worst day is among those that seed the volatility: it cannot be a scenario.
    const book = { returns: [placed(110, { ...even(110, 0.01), 3: -0.9, 100: -0.05 })], exposures: [1000] };
    const { warmUpDropped, scenarioCount, results } = measure(book, { method: 'volatility_scaled' });
    expect([warmUpDropped, scenarioCount]).toEqual([50, 60]);
    expect(results[0]!.tail.every(({ to }) => to >= 50)).toBe(true);
    expect(results[0]!.tail.some(({ to }) => to === 100)).toBe(true); // dated in the window, not in what is left of it
  });
});

describe('the split of the measures', () => {
  const move = fc.double({ min: -0.2, max: 0.2, noNaN: true });
  const book = fc
    .record({ symbols: fc.integer({ min: 1, max: 5 }), days: fc.integer({ min: 60, max: 120 }) })
    .chain(({ symbols, days }) =>
      fc.record({
        returns: fc.array(fc.array(move, { minLength: days, maxLength: days }), {
          minLength: symbols,
          maxLength: symbols,
        }),
        exposures: fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), {
          minLength: symbols,
          maxLength: symbols,
        }),
        warmUp: fc.array(fc.array(move, { minLength: 50, maxLength: 50 }), { minLength: symbols, maxLength: symbols }),
      }),
    );
  const options = fc.record({
    method: fc.constantFrom('plain' as const, 'age_weighted' as const),
    quantile: fc.constantFrom('lower' as const, 'type5' as const, 'type6' as const, 'type7' as const),
    horizonDays: fc.constantFrom(1, 2, 5),
    tails: fc.constantFrom([500], [250, 100], [1]),
  });

  it('adds up to VaR and to ES, for every method, quantile and horizon', () => {
    fc.assert(
      fc.property(book, options, (one, asked) => {
        const gross = sum(one.exposures.map(Math.abs)) || 1;
        for (const { valueAtRisk, expectedShortfall, contributions } of measure(one, { ...asked, decay: 0.98 })
          .results) {
          expect(Math.abs(sum(contributions!.valueAtRisk) - valueAtRisk) / gross).toBeLessThan(1e-9);
          expect(Math.abs(sum(contributions!.expectedShortfall) - expectedShortfall) / gross).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('adds up for the filtered method too, whose scenarios are scaled, with and without returns before the window', () => {
    fc.assert(
      fc.property(book, fc.constantFrom(1, 4), fc.boolean(), (made, horizonDays, stored) => {
        fc.pre(made.exposures.some((exposure) => exposure !== 0));
        const one = stored ? made : { ...made, warmUp: made.warmUp.map(() => []) };
        const gross = sum(one.exposures.map(Math.abs));
        const { valueAtRisk, expectedShortfall, contributions } = only(one, {
          method: 'volatility_scaled',
          horizonDays,
        });
        expect(Math.abs(sum(contributions!.valueAtRisk) - valueAtRisk) / gross).toBeLessThan(1e-9);
        expect(Math.abs(sum(contributions!.expectedShortfall) - expectedShortfall) / gross).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('is each position’s own P&L in the scenario of the VaR', () => {
    // Worst days: B falls 20 % on day 7 (−200), A 10 % on day 3 (−100 of A, +20 of B): totals −200 and −80.
    const returns = [placed(60, { 3: -0.1 }), placed(60, { 3: 0.02, 7: -0.2 })];
    const { valueAtRisk, contributions } = only({ returns, exposures: [1000, 1000] }, { tails: [300] }); // aT = 1.8, k = 2
    expect(valueAtRisk).toBeCloseTo(80, 10);
    expect(Array.from(contributions!.valueAtRisk)).toEqual([expect.closeTo(100, 10), expect.closeTo(-20, 10)]);
    // ES: (day 7 + 0.8·day 3)/1.8 → A 80/1.8 = 44.44, B (200 − 16)/1.8 = 102.22.
    expect(Array.from(contributions!.expectedShortfall)).toEqual([
      expect.closeTo(80 / 1.8, 10),
      expect.closeTo(184 / 1.8, 10),
    ]);
  });

  it('is left out where nobody asked', () => {
    expect(only(falling, { contributions: false }).contributions).toBeNull();
  });

  it('ES is never below VaR, and twice the book has twice the risk to the bit', () => {
    fc.assert(
      fc.property(book, fc.constantFrom(500, 250, 100, 1), (one, tail) => {
        const [once] = measure(one, { tails: [tail] }).results;
        const [twice] = measure({ ...one, exposures: one.exposures.map((x) => 2 * x) }, { tails: [tail] }).results;
        expect(once!.expectedShortfall).toBeGreaterThanOrEqual(once!.valueAtRisk);
        expect([twice!.valueAtRisk, twice!.expectedShortfall]).toEqual([
          2 * once!.valueAtRisk,
          2 * once!.expectedShortfall,
        ]);
      }),
      { numRuns: 60 },
    );
  });
});

it('ES is never below VaR by a rounding, where the worst losses are equal', () => {
  const asked = fc.record({
    method: fc.constantFrom('plain' as const, 'age_weighted' as const),
    quantile: fc.constantFrom('lower' as const, 'type5' as const, 'type6' as const, 'type7' as const),
    tails: fc.constantFrom([500, 100], [333], [1250]),
    horizonDays: fc.constantFrom(1, 10),
  });
  const move = fc.double({ min: -0.2, max: -0.01, noNaN: true });
  fc.assert(
    fc.property(move, fc.integer({ min: 60, max: 300 }), asked, (worst, days, options) => {
      for (const { valueAtRisk, expectedShortfall } of measure(
        { returns: [Array<number>(days).fill(worst)], exposures: [1_000_003] },
        { ...options, decay: 0.98, contributions: false },
      ).results) {
        expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk);
      }
    }),
    { numRuns: 200 },
  );
});

it('leaves its input alone, so that a cached window can be shared', () => {
  const input = scenarios({ ...falling, warmUp: [losses.slice(0, 50)] });
  const before = structuredClone(input);
  for (const method of ['plain', 'age_weighted', 'volatility_scaled'] as const) {
    for (const horizonDays of [1, 10, 100]) {
      historicalVar(input, {
        method,
        quantile: 'lower',
        decay: 0.94,
        horizonDays,
        tails: [500, 100],
        contributions: true,
      });
    }
  }
  expect(input).toEqual(before);
});

describe('overlapping windows across dropped dates', () => {
  it('fall back to the square root of time where too few are left', () => {
    // 60 returns, one date dropped after every 5: no window of 2 days crosses a gap, 4 of 5 pairs remain: 48 of 59.
    const calendarIndex = Int32Array.from({ length: 60 }, (_, t) => t + Math.floor(t / 5));
    const columns = [Float64Array.from({ length: 60 }, (_, t) => (t - 30) / 1000)];
    const input = { columns, warmUp: [new Float64Array(0)], calendarIndex, exposures: Float64Array.of(1000) };
    const options = {
      method: 'plain' as const,
      quantile: 'lower' as const,
      decay: 1,
      horizonDays: 2,
      tails: [500],
      contributions: false,
    };
    // 24 · 2 + 1 = 49 windows would be enough.
    expect(historicalVar(input, options)).toMatchObject({ horizon: 'square_root', scenarioCount: 60 });
    const whole = { ...input, calendarIndex: Int32Array.from({ length: 60 }, (_, t) => t) };
    expect(historicalVar(whole, options)).toMatchObject({ horizon: 'overlapping', scenarioCount: 59 });
  });
});
