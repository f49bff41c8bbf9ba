import { horizonMethod, overlappingReturns, portfolioPnl } from '../../../src/quant/returns.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('returns', () => {
  it('compound over overlapping windows: 10 %, −10 %, 20 % over two days', () => {
    const windows = overlappingReturns(Float64Array.of(0.1, -0.1, 0.2), 2);
    expect(windows.length).toBe(2);
    expect(windows[0]).toBeCloseTo(-0.01, 15); // 1.1 · 0.9 − 1
    expect(windows[1]).toBeCloseTo(0.08, 15); // 0.9 · 1.2 − 1
  });

  it('overlap where T/h is at least 25, else the horizon is reached by √h', () => {
    expect(horizonMethod(250, 10)).toBe('overlapping');
    expect(horizonMethod(249, 10)).toBe('square_root');
    expect(horizonMethod(60, 1)).toBe('one_day');
    expect(() => horizonMethod(60, 0)).toThrow(code('invalid_argument'));
  });
});

describe('portfolioPnl', () => {
  it.each([1, 2, 3, 4, 5, 9])('adds %d positions', (size) => {
    // Position i has exposure i + 1 and returns 0.5 and −0.25: Σ (i + 1) = n(n + 1)/2.
    const columns = Array.from({ length: size }, () => Float64Array.of(0.5, -0.25, 0.5, -0.25, 0.5));
    const total = (size * (size + 1)) / 2;
    const exposures = Float64Array.from({ length: size }, (_, i) => i + 1);
    expect(Array.from(portfolioPnl(columns, exposures))).toEqual([0.5, -0.25, 0.5, -0.25, 0.5].map((r) => r * total));
  });

  it('refuses no position and columns of different lengths', () => {
    expect(() => portfolioPnl([], new Float64Array(0))).toThrow(code('insufficient_data'));
    expect(() => portfolioPnl([new Float64Array(2), new Float64Array(3)], new Float64Array(2))).toThrow(
      code('invalid_argument'),
    );
  });
});
