import fc from 'fast-check';
import { QuantError } from '../../../../src/quant/errors.js';
import { type ParametricOptions, parametricVar } from '../../../../src/risk/var/parametric-var.js';

// docs/conventions.md §9 and 10.
const Z95 = 1.644853626951;
const ES95 = 2.062712807507;
const Z99 = 2.326347874041;
const T5_VAR95 = 1.560849758;
const T5_ES95 = 2.238684255;

function measure(
  returns: readonly (readonly number[])[],
  exposures: readonly number[],
  options: Partial<ParametricOptions> = {},
) {
  const columns = returns.map((column) => Float64Array.from(column));
  const input = {
    columns,
    warmUp: columns.map(() => new Float64Array(0)),
    calendarIndex: Int32Array.from(columns[0]!.keys()),
    exposures: Float64Array.from(exposures),
  };
  return parametricVar(input, {
    distribution: 'normal',
    degreesOfFreedom: 5,
    volatility: 'sample',
    decay: 0.94,
    covariance: 'auto',
    includeMean: false,
    horizonDays: 1,
    tails: [500],
    contributions: true,
    ...options,
  });
}
const only = (...args: Parameters<typeof measure>) => measure(...args).results[0]!;
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** ±1 % in turn, around `mean`: sample standard deviation 0.01·√(T/(T−1)). */
const even = (count: number, mean = 0, size = 0.01) =>
  Array.from({ length: count }, (_, t) => mean + (t % 2 === 0 ? size : -size));
const SIGMA = 1_000_000 * 0.01 * Math.sqrt(100 / 99);

describe('normal value at risk', () => {
  it('is z·σ, and the shortfall φ(z)/a·σ', () => {
    const { sigma, results } = measure([even(100)], [1_000_000], { tails: [500, 100] });
    expect(sigma).toBeCloseTo(SIGMA, 6); // 10,050.378
    expect(results[0]!.valueAtRisk).toBeCloseTo(Z95 * SIGMA, 5);
    expect(results[0]!.expectedShortfall).toBeCloseTo(ES95 * SIGMA, 5);
    expect(results[1]!.valueAtRisk).toBeCloseTo(Z99 * SIGMA, 5);
    expect(results.map(({ z }) => z)).toEqual([expect.closeTo(Z95, 11), expect.closeTo(Z99, 11)]);
  });

  it('is the same for a short: a normal loss is symmetric', () => {
    expect(only([even(100)], [-1_000_000]).valueAtRisk).toBeCloseTo(Z95 * SIGMA, 5);
  });

  it('ignores the mean unless asked, σ being taken around it all the same', () => {
    expect(only([even(100, 0.002)], [1_000_000]).valueAtRisk).toBeCloseTo(Z95 * SIGMA, 5);
    const withMean = only([even(100, 0.002)], [1_000_000], { includeMean: true });
    expect(withMean.valueAtRisk).toBeCloseTo(Z95 * SIGMA - 2000, 5); // 0.2 % of 1,000,000 a day
    expect(withMean.expectedShortfall).toBeCloseTo(ES95 * SIGMA - 2000, 5);
  });

  it('is negative where the mean outweighs the risk: never floored', () => {
    // Mean +5 %, σ 1 %: 1.645·1.005 % − 5 % < 0.
    expect(only([even(100, 0.05)], [1_000_000], { includeMean: true }).valueAtRisk).toBeCloseTo(
      Z95 * SIGMA - 50_000,
      5,
    );
  });

  it('grows with √h, the mean with h', () => {
    expect(only([even(100)], [1_000_000], { horizonDays: 4 }).valueAtRisk).toBeCloseTo(2 * Z95 * SIGMA, 5);
    const options = { horizonDays: 9, includeMean: true };
    expect(only([even(100, 0.002)], [1_000_000], options).valueAtRisk).toBeCloseTo(3 * Z95 * SIGMA - 9 * 2000, 5);
  });

  it('has a χ² interval around it', () => {
    // scipy.stats.chi2(99): 2.5 % → 73.36108, 97.5 % → 128.42199. VaR·√(99/χ²).
    const { valueAtRisk, interval } = only([even(100)], [1_000_000]);
    expect(interval!.level).toBe(0.95);
    expect(interval!.lower! / valueAtRisk).toBeCloseTo(Math.sqrt(99 / 128.42199), 6);
    expect(interval!.upper! / valueAtRisk).toBeCloseTo(Math.sqrt(99 / 73.36108), 6);
  });
});

describe('Student-t value at risk', () => {
  it('is that of unit variance times σ, five degrees of freedom', () => {
    const { degreesOfFreedom, fitAtBound, results } = measure([even(100)], [1_000_000], { distribution: 'student_t' });
    expect([degreesOfFreedom, fitAtBound]).toEqual([5, false]);
    expect(results[0]!.valueAtRisk / SIGMA).toBeCloseTo(T5_VAR95, 8);
    expect(results[0]!.expectedShortfall / SIGMA).toBeCloseTo(T5_ES95, 8);
  });

  it('says when the fitted degrees of freedom are only the bound of the search', () => {
    // ±1 % in turn has no tails at all: the likelihood rises up to 30.
    const { degreesOfFreedom, fitAtBound } = measure([even(100)], [1_000_000], {
      distribution: 'student_t',
      degreesOfFreedom: 'ml',
    });
    expect([degreesOfFreedom, fitAtBound]).toEqual([30, true]);
  });

  it('has no degrees of freedom where the distribution is normal', () => {
    expect(measure([even(100)], [1]).degreesOfFreedom).toBeNull();
  });
});

describe('volatility', () => {
  it('by EWMA is that of the last days, without mean', () => {
    // All r² = 1e-4, so that the forecast is 1e-4 whatever λ: σ = 1 %. One last return of 5 %: 0.94·1e-4 + 0.06·25e-4.
    const ewma = { volatility: 'ewma' as const };
    expect(measure([even(100)], [1_000_000], ewma).sigma).toBeCloseTo(10_000, 6);
    const jump = measure([[...even(99), 0.05]], [1_000_000], ewma);
    expect(jump.sigma).toBeCloseTo(1_000_000 * Math.sqrt(0.94e-4 + 0.06 * 25e-4), 6);
    expect([jump.estimator, jump.shrinkage]).toEqual([null, 0]);
  });

  it('by EWMA uses the decay that is given', () => {
    const jump = [[...even(99), 0.05]];
    expect(measure(jump, [1], { volatility: 'ewma', decay: 0.5 }).sigma).toBeCloseTo(
      Math.sqrt(0.5e-4 + 0.5 * 25e-4),
      12,
    );
  });

  it.each([
    [60, 6, 'auto', 'sample'],
    [60, 7, 'auto', 'ledoit_wolf'], // 60 < 10·7
    [60, 7, 'sample', 'sample'],
    [60, 2, 'ledoit_wolf', 'ledoit_wolf'],
  ] as const)('of T = %d and N = %d with %s is estimated by %s', (days, symbols, covariance, estimator) => {
    // Series of different rhythm, none a multiple of another.
    const returns = Array.from({ length: symbols }, (_, i) =>
      Array.from({ length: days }, (__, t) => 0.01 * Math.sin((i + 1) * (t + 1))),
    );
    const computed = measure(returns, Array(symbols).fill(1000), { covariance });
    expect(computed.estimator).toBe(estimator);
    expect(computed.shrinkage > 0).toBe(estimator === 'ledoit_wolf');
  });

  it.each([
    ['prices that never move', [Array(100).fill(0)], [1000]],
    ['no exposure', [even(100)], [0]],
    ['a perfect hedge', [even(100), even(100)], [1000, -1000]],
  ])('of %s is zero, which no distribution can scale', (_, returns, exposures) => {
    for (const volatility of ['sample', 'ewma'] as const) {
      expect(() => measure(returns, exposures, { volatility })).toThrow(
        expect.objectContaining({ code: 'zero_variance' }),
      );
    }
    expect(() => measure(returns, exposures)).toThrow(QuantError);
  });
});

describe('Cornish-Fisher', () => {
  it('stands beside the answer as a diagnostic', () => {
    // ±1 % in turn: skewness 0, kurtosis 1, excess −2. z at 5 % = −1.645: z + (z³ − 3z)·(−2)/24 = −1.645 + 0.0402…,
    // and outside its domain, since K < 0.
    const { cornishFisher, valueAtRisk } = only([even(100)], [1_000_000]);
    expect(cornishFisher).toMatchObject({
      valid: false,
      skewness: expect.closeTo(0, 9),
      excessKurtosis: expect.closeTo(-2, 9),
      reason: expect.stringContaining('outside the domain'),
    });
    const z = -Z95;
    expect(cornishFisher!.valueAtRisk).toBeCloseTo(-(z + ((z ** 3 - 3 * z) * -2) / 24) * SIGMA, 4);
    expect(valueAtRisk).toBeCloseTo(Z95 * SIGMA, 5);
  });
});

describe('the split of the measures', () => {
  it('is the share of each position in the variance', () => {
    // B = 2·A: covariance with the book of 1000 A and 500 B is equal per unit of exposure × scale: A 1000·1, B 500·2.
    const { valueAtRisk, contributions } = only([even(100), even(100, 0, 0.02)], [1000, 500]);
    expect(contributions!.valueAtRisk[0]).toBeCloseTo(valueAtRisk / 2, 9);
    expect(contributions!.valueAtRisk[1]).toBeCloseTo(valueAtRisk / 2, 9);
  });

  it('of a hedge is negative', () => {
    // 3000 A against −1000 of the same: the hedge takes a third back. VaR = z·2000σ, A 3000zσ, hedge −1000zσ.
    const { valueAtRisk, contributions } = only([even(100), even(100)], [3000, -1000]);
    expect(contributions!.valueAtRisk[0]).toBeCloseTo(1.5 * valueAtRisk, 9);
    expect(contributions!.valueAtRisk[1]).toBeCloseTo(-0.5 * valueAtRisk, 9);
  });

  it('adds up to VaR and ES whatever the options', () => {
    const book = fc.integer({ min: 1, max: 8 }).chain((symbols) =>
      fc.record({
        returns: fc.array(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 60, maxLength: 60 }), {
          minLength: symbols,
          maxLength: symbols,
        }),
        exposures: fc.array(fc.integer({ min: 1000, max: 1_000_000 }), { minLength: symbols, maxLength: symbols }),
      }),
    );
    const options = fc.record({
      distribution: fc.constantFrom('normal' as const, 'student_t' as const),
      volatility: fc.constantFrom('sample' as const, 'ewma' as const),
      includeMean: fc.boolean(),
      horizonDays: fc.constantFrom(1, 10),
      tails: fc.constantFrom([500], [250, 100], [1]),
    });
    fc.assert(
      fc.property(book, options, ({ returns, exposures }, asked) => {
        fc.pre(returns.some((column) => column.some((move) => Math.abs(move) > 1e-6)));
        const gross = sum(exposures.map(Math.abs));
        for (const { valueAtRisk, expectedShortfall, contributions } of measure(returns, exposures, asked).results) {
          expect(Math.abs(sum(contributions!.valueAtRisk) - valueAtRisk) / gross).toBeLessThan(1e-9);
          expect(Math.abs(sum(contributions!.expectedShortfall) - expectedShortfall) / gross).toBeLessThan(1e-9);
          expect(expectedShortfall).toBeGreaterThan(valueAtRisk);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is left out where nobody asked', () => {
    expect(only([even(100)], [1], { contributions: false }).contributions).toBeNull();
  });
});
