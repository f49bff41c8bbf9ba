import { chunksOf, PriceBook, type PriceChunk } from '../../../../src/risk/market/price-book.js';
import { dateOf, dayOf, yearOf } from '../../../../src/risk/market/price-day.js';

function chunks(symbol: string, closes: Record<string, number>): PriceChunk[] {
  const days = Int32Array.from(Object.keys(closes), (date) => dayOf(date)!);
  return chunksOf(symbol, { days, closes: Float64Array.from(Object.values(closes)) });
}

const A = { '2019-12-30': 1, '2019-12-31': 2, '2020-01-02': 3 };
const B = { '2019-12-31': 5, '2020-01-03': 6, '2020-01-06': 7 };

describe('the price history in memory', () => {
  const book = PriceBook.empty.apply(1, [...chunks('B', B), ...chunks('A', A)]);

  it('puts the years of a symbol together', () => {
    expect(book.symbols()).toEqual(['A', 'B']);
    expect(Array.from(book.series('A')!.days, dateOf)).toEqual(Object.keys(A));
    expect([...book.series('A')!.closes]).toEqual([1, 2, 3]);
    expect(book.lastClose('B')).toEqual({ day: dayOf('2020-01-06'), close: 7 });
    expect(book.series('C')).toBeUndefined();
    expect(book.lastClose('C')).toBeUndefined();
  });

  it('does not change when a later version is made, and shares what stayed the same', () => {
    const later = book.apply(2, chunks('A', { '2020-01-02': 30, '2020-01-03': 31 }));
    expect([...later.series('A')!.closes]).toEqual([1, 2, 30, 31]);
    expect([...book.series('A')!.closes]).toEqual([1, 2, 3]);
    expect(later.series('B')).toBe(book.series('B'));
    expect([book.version, later.version]).toEqual([1, 2]);
  });

  it('knows the gaps: days inside its own span on which only others have a close', () => {
    expect(Array.from(book.calendar(), dateOf)).toEqual([
      '2019-12-30',
      '2019-12-31',
      '2020-01-02',
      '2020-01-03',
      '2020-01-06',
    ]);
    expect(book.coverage('A')).toMatchObject({ count: 3, gaps: 0 });
    expect(book.coverage('B')).toMatchObject({ count: 3, gaps: 1 }); // 2020-01-02
    expect(PriceBook.empty.calendar()).toHaveLength(0);
  });
});

describe('trading dates', () => {
  it('are days since 1970 for every date there is, and no others', () => {
    for (let day = dayOf('1799-12-25')!; day < dayOf('2101-01-05')!; day++) {
      const date = dateOf(day);
      if (dayOf(date) !== day || yearOf(day) !== Number(date.slice(0, 4))) throw new Error(date);
    }
    expect(dayOf('1970-01-01')).toBe(0);
    for (const text of [
      '2019-02-29',
      '1900-02-29',
      '2020-00-10',
      '2020-13-01',
      '2020-04-31',
      '0000-01-01',
      '2020-1-01',
      '２020-01-01',
      '+020-01-01',
      '',
    ])
      expect(dayOf(text)).toBeUndefined();
  });
});
