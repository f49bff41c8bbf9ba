import { ewmaVariancePath, ewmaWeights, volatilityScaled } from '../../../src/quant/ewma.js';

describe('ewmaVariancePath', () => {
  it('starts at the square of the first return', () => {
    // λ = 0.9: 4; 0.9·4 + 0.1·4 = 4; 0.9·4 + 0.1·9 = 4.5.
    expect(Array.from(ewmaVariancePath(Float64Array.of(2, -3), 0.9))).toEqual([4, 4, expect.closeTo(4.5, 12)]);
  });

  it('is the sum of the squares with the weights', () => {
    const returns = Float64Array.of(0.02, -0.01, 0.03, 0);
    const weights = ewmaWeights(4);
    const weighted = returns.reduce((sum, value, t) => sum + weights[t]! * value * value, 0);
    expect(weighted).toBeCloseTo(ewmaVariancePath(returns)[4]!, 18);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
  });
});

describe('volatilityScaled', () => {
  it('uses the last 50 returns before the window and drops none of it', () => {
    // A constant size of 1 % keeps sigma at 1 %: every factor is 1.
    const before = new Float64Array(80).fill(5).fill(0.01, 30);
    const result = volatilityScaled(Float64Array.of(-0.01, 0.01, -0.01), before);
    expect(result.droppedCount).toBe(0);
    expect(Array.from(result.factors)).toEqual([1, 1, 1].map((one) => expect.closeTo(one, 12)));
    expect(result.forecastSigma).toBeCloseTo(0.01, 14);
  });

  it('has no answer for returns that are all zero or too few', () => {
    expect(() => volatilityScaled(new Float64Array(60), new Float64Array(60))).toThrow(
      expect.objectContaining({ code: 'zero_variance' }),
    );
    expect(() => volatilityScaled(new Float64Array(50), new Float64Array(0))).toThrow(
      expect.objectContaining({ code: 'insufficient_data', details: { have: 50, need: 51 } }),
    );
  });
});
