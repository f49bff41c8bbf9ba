import fc from 'fast-check';
import { ageWeightedTailRisk, historicalTailRisk, scenarioContributions } from '../../src/quant/historical.js';
import { portfolioMoments } from '../../src/quant/moments.js';
import { valueAtRiskInterval } from '../../src/quant/order-statistic-interval.js';
import { parametricContributions, parametricTailRisk } from '../../src/quant/parametric.js';
import { portfolioPnl } from '../../src/quant/returns.js';
import { tailRisk } from '../../src/quant/tail-risk.js';

const money = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pnls = fc.array(money, { minLength: 1, maxLength: 600 }).map((values) => Float64Array.from(values));
/** Few distinct values: ties everywhere. */
const tiedPnls = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 300 })
  .map((v) => Float64Array.from(v));
const anyPnl = fc.oneof(pnls, tiedPnls);
const tails = fc.integer({ min: 1, max: 4999 });
const types = fc.constantFrom('lower', 'type5', 'type6', 'type7') as fc.Arbitrary<
  'lower' | 'type5' | 'type6' | 'type7'
>;
const books = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 5, max: 80 }))
  .chain(([size, count]) =>
    fc.record({
      exposures: fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: size, maxLength: size }),
      rows: fc.array(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: count, maxLength: count }),
        { minLength: size, maxLength: size },
      ),
    }),
  )
  .map(({ exposures, rows }) => ({
    exposures: Float64Array.from(exposures),
    columns: rows.map((row) => Float64Array.from(row)),
  }));

/** Equal to rounding of numbers up to `scale`. */
const near = (a: number, b: number, scale: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(scale, 1e-3));

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const gross = (values: Float64Array) => values.reduce((total, value) => total + Math.abs(value), 0);

describe('properties of every tail measure', () => {
  it('ES is at least VaR, for every quantile type and for age weights', () => {
    fc.assert(
      fc.property(anyPnl, tails, types, (pnl, bp, type) => {
        const risk = historicalTailRisk(pnl, bp, type);
        expect(risk.expectedShortfall).toBeGreaterThanOrEqual(risk.valueAtRisk - 1e-6);
        const aged = ageWeightedTailRisk(pnl, bp, 0.97);
        expect(aged.expectedShortfall).toBeGreaterThanOrEqual(aged.valueAtRisk - 1e-6);
      }),
    );
  });

  it('VaR and ES rise with the confidence', () => {
    fc.assert(
      fc.property(anyPnl, tails, tails, types, (pnl, one, other, type) => {
        const sharp = historicalTailRisk(pnl, Math.min(one, other), type);
        const mild = historicalTailRisk(pnl, Math.max(one, other), type);
        expect(sharp.valueAtRisk).toBeGreaterThanOrEqual(mild.valueAtRisk - 1e-6);
        expect(sharp.expectedShortfall).toBeGreaterThanOrEqual(mild.expectedShortfall - 1e-6);
      }),
    );
  });

  it('double the book is double the risk, and cash moves it one for one', () => {
    fc.assert(
      fc.property(pnls, tails, types, money, (pnl, bp, type, cash) => {
        const risk = historicalTailRisk(pnl, bp, type);
        const doubled = historicalTailRisk(
          pnl.map((x) => 2 * x),
          bp,
          type,
        );
        near(doubled.valueAtRisk, 2 * risk.valueAtRisk, 2e6);
        near(doubled.expectedShortfall, 2 * risk.expectedShortfall, 2e6);
        const shifted = historicalTailRisk(
          pnl.map((x) => x + cash),
          bp,
          type,
        );
        near(shifted.valueAtRisk, risk.valueAtRisk - cash, 2e6);
        near(shifted.expectedShortfall, risk.expectedShortfall - cash, 2e6);
      }),
    );
  });

  it('the fast path equals a full sort, with any hint and without changing its input', () => {
    fc.assert(
      fc.property(anyPnl, tails, fc.option(money), (pnl, bp, hint) => {
        const before = Float64Array.from(pnl);
        const sorted = Float64Array.from(pnl).sort();
        const product = pnl.length * bp;
        const k = (product - (product % 10_000)) / 10_000 + (product % 10_000 > 0 ? 1 : 0);
        const risk = tailRisk(pnl, bp, hint ?? undefined);
        expect(risk.valueAtRisk).toBe(-sorted[k - 1]! + 0);
        expect(risk).toEqual(tailRisk(pnl, bp));
        near(risk.expectedShortfall, historicalTailRisk(pnl, bp).expectedShortfall, 1e6);
        expect(pnl).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('the interval encloses the k-th worst loss', () => {
    fc.assert(
      fc.property(pnls, tails, (pnl, bp) => {
        const { lower, upper } = valueAtRiskInterval(pnl, bp);
        const { valueAtRisk } = tailRisk(pnl, bp);
        if (lower !== null) expect(lower).toBeLessThanOrEqual(valueAtRisk);
        if (upper !== null) expect(upper).toBeGreaterThanOrEqual(valueAtRisk);
      }),
    );
  });
});

describe('properties of books', () => {
  it('contributions add up to VaR and ES', () => {
    fc.assert(
      fc.property(books, tails, types, ({ columns, exposures }, bp, type) => {
        const pnl = portfolioPnl(columns, exposures);
        for (const risk of [historicalTailRisk(pnl, bp, type), ageWeightedTailRisk(pnl, bp)]) {
          near(sum(scenarioContributions(columns, exposures, risk.varScenarios)), risk.valueAtRisk, gross(exposures));
          near(
            sum(scenarioContributions(columns, exposures, risk.esScenarios)),
            risk.expectedShortfall,
            gross(exposures),
          );
        }
      }),
    );
  });

  it('the Euler split of the parametric measures adds up, with the mean too', () => {
    fc.assert(
      fc.property(books, tails, fc.integer({ min: 1, max: 20 }), ({ columns, exposures }, bp, horizonDays) => {
        const moments = portfolioMoments(columns, exposures);
        fc.pre(moments.sigma > 1e-6 * gross(exposures));
        const { sigma, means } = moments;
        const distribution = { kind: 'student_t', degreesOfFreedom: 5 } as const;
        const risk = parametricTailRisk({ sigma, mean: moments.mean, basisPoints: bp, distribution, horizonDays });
        const parts = parametricContributions(exposures, moments.gradient, risk, { sigma, horizonDays, means });
        near(sum(parts.componentVar), risk.valueAtRisk, 100 * gross(exposures));
        near(sum(parts.componentEs), risk.expectedShortfall, 100 * gross(exposures));
        expect(risk.expectedShortfall).toBeGreaterThan(risk.valueAtRisk);
      }),
    );
  });

  it('the order of the positions changes nothing', () => {
    fc.assert(
      fc.property(books, tails, ({ columns, exposures }, bp) => {
        const risk = historicalTailRisk(portfolioPnl(columns, exposures), bp);
        const turned = historicalTailRisk(portfolioPnl(columns.toReversed(), exposures.toReversed()), bp);
        near(turned.valueAtRisk, risk.valueAtRisk, gross(exposures));
        near(turned.expectedShortfall, risk.expectedShortfall, gross(exposures));
        const sigma = portfolioMoments(columns, exposures).sigma;
        near(portfolioMoments(columns.toReversed(), exposures.toReversed()).sigma, sigma, gross(exposures));
      }),
    );
  });
});
