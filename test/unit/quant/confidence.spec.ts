import { tailBasisPoints, tailCount } from '../../../src/quant/confidence.js';

describe('tailBasisPoints', () => {
  it.each([
    [0.95, 500],
    [0.99, 100],
    [0.975, 250],
    [0.9999, 1],
    [0.5001, 4999],
  ])('a confidence of %d is a tail of %d basis points', (confidence, bp) => {
    expect(tailBasisPoints(confidence)).toBe(bp);
  });

  it.each([95, 1, 0.5, 0, -0.95, 0.99999, 0.95000001, Number.NaN])('refuses %d', (confidence) => {
    expect(() => tailBasisPoints(confidence)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('tailCount', () => {
  it('is exact where a·T is a whole number, and the next one otherwise', () => {
    expect(tailCount(500, 500)).toBe(25); // in doubles (1 − 0.95)·500 rounds up to 26
    expect(tailCount(505, 500)).toBe(26); // 25.25
    expect(tailCount(253, 100)).toBe(3); // 2.53
    expect(tailCount(1, 500)).toBe(1);
    expect(tailCount(5_000_000, 1)).toBe(500);
  });
});
