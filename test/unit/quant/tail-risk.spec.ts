import { tailRisk, worstValues } from '../../../src/quant/tail-risk.js';

const refused = expect.objectContaining({ code: 'not_finite' });
const ramp = (count: number) => Float64Array.from({ length: count }, (_, i) => i + 1);

describe('tailRisk', () => {
  it.each([undefined, -30, 3, 1e9, -1e9, Number.NaN])('is right whatever the hint, here %p', (hint) => {
    // P&L 1 … 500 backwards: the 25th worst is 25, the mean of the 25 worst 13.
    const risk = tailRisk(ramp(500).reverse(), 500, hint);
    expect(risk).toEqual({ valueAtRisk: -25, expectedShortfall: -13 });
  });

  it('finds the tail beyond an outlier that leaves all others in one bucket', () => {
    const pnl = ramp(500);
    pnl[7] = -1e12;
    expect(tailRisk(pnl, 500).valueAtRisk).toBe(-25);
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuses %p wherever it stands', (bad) => {
    for (const count of [3, 70, 500]) {
      for (const at of [0, 1, count - 1]) {
        const pnl = ramp(count);
        pnl[at] = bad;
        for (const hint of [undefined, -2, 1e9]) expect(() => tailRisk(pnl, 500, hint)).toThrow(refused);
      }
    }
  });

  it('counts a boundless gain as a gain, but has no VaR where that is the k-th', () => {
    const pnl = ramp(500);
    pnl[499] = Number.POSITIVE_INFINITY;
    for (const hint of [undefined, Number.NEGATIVE_INFINITY]) expect(tailRisk(pnl, 500, hint).valueAtRisk).toBe(-25);
    expect(() => tailRisk(Float64Array.of(Number.POSITIVE_INFINITY), 500)).toThrow(refused);
  });
});

describe('worstValues', () => {
  it('holds ties with the last as often as the tail does', () => {
    expect(worstValues(Float64Array.of(5, 1, 2, 2, 2, 9), 3).sort()).toEqual(Float64Array.of(1, 2, 2));
  });
});
