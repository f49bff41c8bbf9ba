import {
  ageWeightedTailRisk,
  ageWeights,
  historicalTailRisk,
  scenarioContributions,
} from '../../../src/quant/historical.js';
import { valueAtRiskInterval } from '../../../src/quant/order-statistic-interval.js';
import { tailRisk } from '../../../src/quant/tail-risk.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('historicalTailRisk', () => {
  it('names the scenarios worst first, equal losses by date', () => {
    // T = 40, 90 % confidence: k = 4; losses 9, 7, 7, 5.
    const pnl = new Float64Array(40);
    pnl.set([-7, 0, -9, 0, -5, -7], 10);
    expect(Array.from(historicalTailRisk(pnl, 1000).tailIndices)).toEqual([12, 10, 15, 14]);
  });

  it('one observation is its own VaR and ES', () => {
    expect(historicalTailRisk(Float64Array.of(-3), 500)).toMatchObject({ valueAtRisk: 3, expectedShortfall: 3 });
    expect(tailRisk(Float64Array.of(-3), 500)).toEqual({ valueAtRisk: 3, expectedShortfall: 3 });
    expect(ageWeightedTailRisk(Float64Array.of(-3), 500)).toMatchObject({ valueAtRisk: 3, expectedShortfall: 3 });
  });

  it('a book that never moves has a VaR of 0, not −0', () => {
    expect(Object.is(historicalTailRisk(new Float64Array(100), 500).valueAtRisk, 0)).toBe(true);
    expect(Object.is(tailRisk(new Float64Array(100), 500).expectedShortfall, 0)).toBe(true);
  });

  it('refuses an empty vector and a missing value', () => {
    const gap = new Float64Array(100);
    gap[50] = Number.NaN;
    for (const measure of [tailRisk, historicalTailRisk, ageWeightedTailRisk]) {
      expect(() => measure(new Float64Array(0), 500)).toThrow(code('insufficient_data'));
      expect(() => measure(gap, 500)).toThrow(code('not_finite'));
    }
  });
});

describe('ageWeightedTailRisk', () => {
  it('cumulates the weights from the worst loss and takes the rest of the tail from the last', () => {
    // λ = 0.5, T = 3: weights 1/7, 2/7, 4/7 from the oldest. Tail 40 %: loss 30 has 2/7 = 0.2857, then loss 20 (1/7)
    // reaches 0.4286 ≥ 0.4. ES = (0.2857·30 + 0.1143·20)/0.4 = 27.142857.
    expect(Array.from(ageWeights(3, 0.5), (weight) => weight * 7)).toEqual([1, 2, 4].map((w) => expect.closeTo(w, 12)));
    const risk = ageWeightedTailRisk(Float64Array.of(-20, -30, -10), 4000, 0.5);
    expect(risk.valueAtRisk).toBe(20);
    expect(risk.expectedShortfall).toBeCloseTo(27.142857, 6);
  });

  it('refuses a decay outside (0, 1)', () => {
    expect(() => ageWeights(10, 1)).toThrow(code('invalid_argument'));
    expect(() => ageWeights(10, 0)).toThrow(code('invalid_argument'));
  });
});

describe('scenarioContributions', () => {
  it('scales each scenario by its volatility factor', () => {
    // Position 100 loses 10 % · factor 2 in the one scenario: 20. The short of −50 gains 10 % · 2: −10.
    const columns = [Float64Array.of(0, -0.1), Float64Array.of(0, -0.1)];
    const scenarios = { indices: Int32Array.of(1), weights: Float64Array.of(1) };
    const parts = scenarioContributions(columns, Float64Array.of(100, -50), scenarios, Float64Array.of(1, 2));
    expect(Array.from(parts)).toEqual([20, -10]);
  });
});

describe('valueAtRiskInterval', () => {
  it('has an upper bound of null where the sample cannot give one', () => {
    const pnl = Float64Array.from({ length: 253 }, (_, i) => -i);
    const interval = valueAtRiskInterval(pnl, 100);
    expect(interval.upper).toBeNull();
    expect(interval.lower).toBe(246); // rank 7: P(N ≤ 6) = 0.987 ≥ 0.975 > P(N ≤ 5) = 0.957; the 7th of 252, 251, …
  });
});
