import fc from 'fast-check';
import { tailRisk, worstValues } from '../../../src/quant/tail-risk.js';

const refused = expect.objectContaining({ code: 'not_finite' });
const ramp = (count: number) => Float64Array.from({ length: count }, (_, i) => i + 1);

describe('tailRisk', () => {
  it.each([undefined, -30, 3, 1e9, -1e9, Number.NaN])('is right whatever the hint, here %p', (hint) => {
    // P&L 1 … 500 backwards: the 25th worst is 25, the mean of the 25 worst 13.
    const risk = tailRisk(ramp(500).reverse(), 500, hint);
    expect(risk).toEqual({ valueAtRisk: -25, expectedShortfall: -13 });
  });

  it('equals a full sort for every length, tail and hint', () => {
    const money = fc.double({ min: -100, max: 100, noNaN: true });
    const vectors = fc
      .integer({ min: 1, max: 400 })
      .chain((length) => fc.float64Array({ min: -50, max: 50, noNaN: true, minLength: length, maxLength: length }));
    fc.assert(
      fc.property(vectors, fc.integer({ min: 1, max: 4999 }), fc.option(money), (pnl, bp, hint) => {
        const k = Math.ceil((pnl.length * bp) / 10_000);
        const sorted = pnl.toSorted();
        const { valueAtRisk, expectedShortfall } = tailRisk(pnl, bp, hint ?? undefined);
        expect(valueAtRisk).toBe(-sorted[k - 1]! + 0);
        const excess = sorted.subarray(0, k).reduce((sum, value) => sum + (sorted[k - 1]! - value), 0);
        expect(expectedShortfall).toBeCloseTo((excess * 10_000) / (pnl.length * bp) - sorted[k - 1]!, 9);
        // Adding 0 leaves no −0, which equals 0 and may stand for it.
        const unsigned = (values: Float64Array) => values.map((value) => value + 0).sort();
        expect(unsigned(worstValues(pnl, k))).toEqual(unsigned(sorted.subarray(0, k)));
      }),
      { numRuns: 1000 },
    );
  });

  it('sees every place of the vector', () => {
    for (let at = 0; at < 200; at++) {
      // A third are losses, so that a hint holds a tail even if one place were passed over.
      const pnl = Float64Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? -1 : 1));
      pnl[at] = -5;
      for (const hint of [undefined, 0.5]) expect(tailRisk(pnl, 50, hint).valueAtRisk).toBe(5);
      pnl[at] = Number.NaN;
      for (const hint of [undefined, 0.5]) expect(() => tailRisk(pnl, 50, hint)).toThrow(refused);
    }
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
