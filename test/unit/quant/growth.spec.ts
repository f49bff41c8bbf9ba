import { growth } from '../../../src/quant/growth.js';

describe('growth', () => {
  it('is Math.expm1 for small, middling and large log-returns', () => {
    for (const x of [1e-9, 0.001, 0.02, 0.1249, 0.1251, 0.3, 0.4999, 0.51, 2, 30]) {
      expect(growth(x) / Math.expm1(x)).toBeCloseTo(1, 12);
      expect(growth(-x) / Math.expm1(-x)).toBeCloseTo(1, 12);
    }
    expect(growth(0)).toBe(0);
  });

  it('stays finite for any log-return, so that a book of thousands has a P&L', () => {
    expect(growth(1e6)).toBe(Math.exp(500) - 1);
    expect(growth(-1e6)).toBe(-1);
  });
});
