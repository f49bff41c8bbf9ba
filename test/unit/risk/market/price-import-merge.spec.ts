import fc from 'fast-check';
import { chunksOf, PriceBook, type PriceSeries } from '../../../../src/risk/market/price-book.js';
import { dateOf, dayOf } from '../../../../src/risk/market/price-day.js';
import { changedChunks, mergeSeries } from '../../../../src/risk/market/price-import-merge.js';
import { ProblemList } from '../../../../src/risk/market/price-import-problems.js';
import { FileSeries } from '../../../../src/risk/market/price-import-series.js';

type Closes = Record<string, number>;

function series(closes: Closes): PriceSeries {
  const dates = Object.keys(closes).sort();
  return {
    days: Int32Array.from(dates, (date) => dayOf(date)!),
    closes: Float64Array.from(dates, (date) => closes[date]!),
  };
}

/** The first row stands on line 2. */
function file(closes: Closes): FileSeries {
  const own = new FileSeries('AAPL', 'close', () => undefined);
  for (const [index, [date, close]] of Object.entries(closes).entries()) own.add(dayOf(date)!, close, index + 2);
  own.sort();
  return own;
}

function closesOf({ days, closes }: PriceSeries): Closes {
  return Object.fromEntries(Array.from(days, (day, i) => [dateOf(day), closes[i]!]));
}

function merge(stored: PriceSeries | undefined, imported: Closes) {
  const warnings = new ProblemList();
  return { ...mergeSeries(stored, file(imported), warnings), warnings: warnings.list() };
}

describe('putting imported closes into the stored ones', () => {
  it('counts inserted, updated and unchanged closes, the file winning', () => {
    const stored = series({ '2020-01-02': 10, '2020-01-03': 11, '2020-01-06': 12 });
    const merged = merge(stored, { '2020-01-01': 9, '2020-01-03': 11.5, '2020-01-06': 12 });
    expect(closesOf(merged.series)).toEqual({
      '2020-01-01': 9,
      '2020-01-02': 10,
      '2020-01-03': 11.5,
      '2020-01-06': 12,
    });
    expect(merged).toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
    expect(closesOf(stored)).toEqual({ '2020-01-02': 10, '2020-01-03': 11, '2020-01-06': 12 });
  });

  it('gives back the stored series itself where nothing changed', () => {
    const stored = series({ '2020-01-02': 10, '2020-01-03': 11 });
    expect(merge(stored, { '2020-01-03': 11 }).series).toBe(stored);
  });

  it('writes only the years that changed', () => {
    const stored = series({ '2019-12-31': 1, '2020-01-02': 1, '2021-01-04': 1 });
    const merged = merge(stored, { '2020-01-02': 1.1, '2019-12-31': 1, '2022-01-03': 1 });
    expect(changedChunks('AAPL', merged.series, stored).map(({ year }) => year)).toEqual([2020, 2022]);
    expect(changedChunks('AAPL', merged.series, undefined).map(({ year }) => year)).toEqual([2019, 2020, 2021, 2022]);
  });

  it('is the same as writing one close after the other, and a second time changes nothing', () => {
    const closes = fc.dictionary(
      fc.integer({ min: -40_000, max: 20_000 }).map(dateOf),
      fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
      { maxKeys: 40 },
    );
    fc.assert(
      fc.property(closes, closes, (stored, imported) => {
        const before = series(stored);
        const merged = merge(before, imported);
        expect(closesOf(merged.series)).toEqual({ ...stored, ...imported });
        const again = merge(merged.series, imported);
        expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: Object.keys(imported).length });
        const book = PriceBook.empty
          .apply(1, chunksOf('AAPL', before))
          .apply(2, changedChunks('AAPL', merged.series, before));
        expect(book.series('AAPL') ? closesOf(book.series('AAPL')!) : {}).toEqual({ ...stored, ...imported });
      }),
    );
  });

  describe('suspicious jumps', () => {
    it('warns of a move of more than 50 %, naming both closes and the line', () => {
      const { warnings } = merge(undefined, { '2020-08-28': 499.23, '2020-08-31': 129.04 });
      expect(warnings).toEqual([
        {
          line: 3,
          column: 'close',
          code: 'suspicious_jump',
          detail:
            'AAPL moved by -74.2 % from 499.23 on 2020-08-28 to 129.04 on 2020-08-31; closes must be split-adjusted',
        },
      ]);
    });

    it('does not warn of exactly 50 %', () => {
      expect(merge(undefined, { '2020-01-02': 10, '2020-01-03': 15, '2020-01-06': 7.5 }).warnings).toEqual([]);
    });

    it('compares with the stored neighbours on both sides', () => {
      const stored = series({ '2020-01-02': 10, '2020-01-06': 10 });
      const lines = merge(stored, { '2020-01-03': 100 }).warnings.map(
        ({ line, detail }) => `${line} ${detail.slice(0, 22)}`,
      );
      expect(lines).toEqual(['2 AAPL moved by 900.0 % ', '2 AAPL moved by -90.0 % ']);
    });

    it('leaves jumps between stored closes alone, but not those of a file that repeats them', () => {
      const stored = series({ '2020-01-02': 10, '2020-01-03': 100, '2020-01-06': 101 });
      expect(merge(stored, { '2020-01-07': 102 }).warnings).toEqual([]);
      expect(merge(stored, { '2020-01-03': 100 }).warnings).toHaveLength(1);
    });
  });
});
