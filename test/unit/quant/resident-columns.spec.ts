import fc from 'fast-check';
import { projections } from '../../../src/quant/moments.js';
import { memoryOf, residentColumns } from '../../../src/quant/resident-columns.js';
import { portfolioPnl } from '../../../src/quant/returns.js';

/** Doubles of every size, −0, infinities and NaN among them. */
const any = fc.double();
const books = fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 0, max: 19 })).chain(([size, count]) => {
  const numbers = (length: number) => fc.float64Array({ minLength: length, maxLength: length });
  return fc.record({
    columns: fc.array(numbers(count), { minLength: size, maxLength: size }),
    exposures: numbers(size),
    series: numbers(count),
  });
});

function resident(columns: readonly Float64Array[]): Float64Array[] {
  const copies = residentColumns(columns.length, columns[0]!.length);
  for (const [i, column] of columns.entries()) copies[i]!.set(column);
  return copies;
}

describe('columns that lie in one memory', () => {
  it('give the P&L of the plain loop to the bit, for every number and length of columns', () => {
    fc.assert(
      fc.property(books, ({ columns, exposures }) => {
        const pnl = portfolioPnl(resident(columns), exposures);
        expect(pnl).toEqual(portfolioPnl(columns, exposures));
      }),
      { numRuns: 500 },
    );
  });

  it('give the products of the plain loop to the bit', () => {
    fc.assert(
      fc.property(books, any, ({ columns, series }, scale) => {
        expect(projections(resident(columns), series, scale)).toEqual(projections(columns, series, scale));
      }),
      { numRuns: 500 },
    );
  });

  it('may be taken in part, in any order and more than once', () => {
    const columns = Array.from({ length: 6 }, (_, i) =>
      Float64Array.from({ length: 9 }, (_, t) => Math.sin(i + 7 * t)),
    );
    const pick = (from: readonly Float64Array[]) => [5, 0, 3, 3, 1].map((i) => from[i]!.subarray(2));
    const exposures = Float64Array.of(1, -2, 3, 4, 5);
    const picked = pick(resident(columns));
    expect(memoryOf(picked)).toBeDefined();
    expect(portfolioPnl(picked, exposures)).toEqual(portfolioPnl(pick(columns), exposures));
  });

  it('do the same where another thread reads them, beside others, and where there are more than were placed', () => {
    const columns = resident([Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
    const elsewhere = [
      structuredClone(columns),
      [columns[0]!, Float64Array.from(columns[1]!)],
      [...columns, columns[0]!],
      [new Float64Array(columns[0]!.buffer)],
    ];
    for (const others of elsewhere) {
      expect(memoryOf(others)).toBeUndefined();
      const weights = new Float64Array(others.length).fill(2);
      const plain = others.map((column) => Float64Array.from(column));
      expect(portfolioPnl(others, weights)).toEqual(portfolioPnl(plain, weights));
    }
  });

  it('leave their input and earlier answers alone', () => {
    const columns = resident([Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
    const first = portfolioPnl(columns, Float64Array.of(1, 1));
    portfolioPnl(columns, Float64Array.of(9, 9));
    projections(columns, Float64Array.of(9, 9, 9), 1);
    expect(first).toEqual(Float64Array.of(5, 7, 9));
    expect(columns).toEqual([Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
  });
});
