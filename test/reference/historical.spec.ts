import { tailBasisPoints } from '../../src/quant/confidence.js';
import { volatilityScaled } from '../../src/quant/ewma.js';
import { ageWeightedTailRisk, historicalTailRisk, scenarioContributions } from '../../src/quant/historical.js';
import { intervalRanks } from '../../src/quant/order-statistic-interval.js';
import { quantile } from '../../src/quant/quantile.js';
import { overlappingReturns, portfolioPnl } from '../../src/quant/returns.js';
import { tailRisk } from '../../src/quant/tail-risk.js';
import { crisis, crisisColumns, EQUAL_WEIGHTS, golden, SYMBOLS } from './us20.js';

const pnl = portfolioPnl(crisisColumns, EQUAL_WEIGHTS);
const losses1to500 = Float64Array.from({ length: 500 }, (_, i) => -((i * 263) % 500) - 1);

describe('historical value at risk against values computed elsewhere', () => {
  // Published values of docs/conventions.md: eight US stocks, 2008-01-02 … 2009-12-31.
  it.each([
    [0.95, 26, 0.0381265914, 0.0618472723],
    [0.975, 13, 0.0582714266, 0.0769198663],
    [0.99, 6, 0.0770385876, 0.0901939],
  ])('equal weight at %d: k = %d, VaR %d, ES %d', (confidence, k, valueAtRisk, expectedShortfall) => {
    const bp = tailBasisPoints(confidence);
    const risk = historicalTailRisk(pnl, bp);
    expect(pnl.length).toBe(505);
    expect(risk.tailCount).toBe(k);
    expect(risk.valueAtRisk).toBeCloseTo(valueAtRisk, 9);
    expect(risk.expectedShortfall).toBeCloseTo(expectedShortfall, 9);
    expect(tailRisk(pnl, bp).valueAtRisk).toBe(risk.valueAtRisk);
    expect(tailRisk(pnl, bp).expectedShortfall).toBeCloseTo(risk.expectedShortfall, 15);
  });

  it('type 7 interpolates to 0.0380400461', () => {
    expect(historicalTailRisk(pnl, 500, 'type7').valueAtRisk).toBeCloseTo(0.0380400461, 9);
  });

  it.each([
    ['type5', 'hazen'],
    ['type6', 'weibull'],
    ['type7', 'linear'],
  ] as const)('%s is the %s method of numpy', (type, method) => {
    [500, 250, 100].forEach((bp, i) => {
      expect(historicalTailRisk(pnl, bp, type).valueAtRisk).toBeCloseTo(golden.numpy_quantiles[method][i], 14);
    });
  });

  it('filtered with the warm-up before the window: VaR95 0.0145247486, VaR99 0.0246574313', () => {
    const before = portfolioPnl(
      SYMBOLS.map((symbol) => crisis(symbol, 60).subarray(0, 60)),
      EQUAL_WEIGHTS,
    );
    const { scaled, droppedCount } = volatilityScaled(pnl, before);
    expect([scaled.length, droppedCount]).toEqual([505, 0]);
    expect(historicalTailRisk(scaled, 500).valueAtRisk).toBeCloseTo(0.0145247486, 9);
    expect(historicalTailRisk(scaled, 100).valueAtRisk).toBeCloseTo(0.0246574313, 9);
  });

  it('filtered with the first 50 of the window dropped: VaR99 0.0251170240', () => {
    const { scaled, droppedCount } = volatilityScaled(pnl, new Float64Array(49));
    expect([scaled.length, droppedCount]).toEqual([455, 50]);
    expect(historicalTailRisk(scaled, 100).valueAtRisk).toBeCloseTo(0.025117024, 9);
  });

  it('overlapping ten-day windows: VaR99 0.1974645846, VaR95 0.1258640394', () => {
    const tenDays = portfolioPnl(
      crisisColumns.map((column) => overlappingReturns(column, 10)),
      EQUAL_WEIGHTS,
    );
    expect(tenDays.length).toBe(496); // 505 − 10 + 1
    expect(historicalTailRisk(tenDays, 100).valueAtRisk).toBeCloseTo(0.1974645846, 9);
    expect(historicalTailRisk(tenDays, 500).valueAtRisk).toBeCloseTo(0.1258640394, 9);
  });

  it('age-weighted with 0.98: VaR99 0.0376938648', () => {
    expect(ageWeightedTailRisk(pnl, 100).valueAtRisk).toBeCloseTo(0.0376938648, 9);
  });

  it('splits ES99 over the eight stocks', () => {
    const { esScenarios, expectedShortfall } = historicalTailRisk(pnl, 100);
    const parts = scenarioContributions(crisisColumns, EQUAL_WEIGHTS, esScenarios);
    const published = [
      0.0106255436, 0.0267599988, 0.0104483208, 0.0203185184, 0.0041658339, 0.007057142, 0.0042180004, 0.0066005421,
    ];
    published.forEach((value, i) => {
      expect(parts[i]).toBeCloseTo(value, 9);
    });
    expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(expectedShortfall, 12);
  });

  it('a long-short book at 95, 97.5, 99 and 99.99 % equals a full sort in numpy', () => {
    const book = portfolioPnl(crisisColumns, Float64Array.from(golden.hedged.exposures));
    for (const bp of [500, 250, 100, 1]) {
      const [valueAtRisk, expectedShortfall, k] = golden.hedged.tail[bp];
      const risk = historicalTailRisk(book, bp);
      expect(risk.tailCount).toBe(k);
      expect(risk.valueAtRisk).toBeCloseTo(valueAtRisk, 11);
      expect(risk.expectedShortfall).toBeCloseTo(expectedShortfall, 11);
    }
  });
});

describe('historical value at risk by hand', () => {
  it('losses 1 … 500 at 95 %: VaR 476, ES 488', () => {
    // aT = 25 exactly, k = 25: the 25th worst of 1 … 500 is 476; mean of 476 … 500 is 488.
    expect(tailRisk(losses1to500, 500)).toEqual({ valueAtRisk: 476, expectedShortfall: 488 });
    expect(historicalTailRisk(losses1to500, 500).tailCount).toBe(25);
  });

  it('gives the k-th scenario only its fraction in ES', () => {
    // T = 30, a = 5 %: aT = 1.5, k = 2; ES = (100 + 0.5·40)/1.5 = 80.
    const book = new Float64Array(30).fill(1);
    book[7] = -100;
    book[21] = -40;
    expect(tailRisk(book, 500).valueAtRisk).toBe(40);
    expect(tailRisk(book, 500).expectedShortfall).toBeCloseTo(80, 12);
  });

  it('a book that gains in every scenario has a negative VaR', () => {
    expect(
      tailRisk(
        losses1to500.map((x) => x + 1000),
        500,
      ),
    ).toEqual({ valueAtRisk: -524, expectedShortfall: -512 });
  });

  it('quantile type 7 of [1, 81 … 85] and [1, 3, 2, 4]', () => {
    const values = Float64Array.of(1, 81, 82, 83, 84, 85);
    expect(quantile(values, 0.1)).toBeCloseTo(41, 12); // 1 + 0.5·(81 − 1)
    expect(quantile(values, 0.2)).toBeCloseTo(81, 12);
    expect(quantile(values, 0.3)).toBeCloseTo(81.5, 12);
    expect(quantile(Float64Array.of(1, 3, 2, 4), 0.3)).toBeCloseTo(1.9, 12);
  });
});

describe('confidence interval of historical VaR', () => {
  it.each(golden.ranks as [number, number, number | null, number | null][])(
    'T = %d, tail %d bp: ranks %d and %d as scipy.stats.binom gives them',
    (count, bp, lowerRank, upperRank) => {
      expect(intervalRanks(count, bp)).toEqual({ lowerRank, upperRank });
    },
  );

  it('has no upper bound at 99 % with 253 observations', () => {
    // P(N = 0) = 0.99^253 = 0.0786 > 0.025: even the worst loss may lie below the true VaR.
    expect(intervalRanks(253, 100).upperRank).toBeNull();
  });
});
