import { scaled } from '../../../../src/book/amount.js';
import { aBook, holds, NOON, quoted } from '../a-book.js';

describe('drawdown', () => {
  it('measures drawdown from the peak, and latches each second without an order', () => {
    const book = aBook({ maxDrawdownRatio: scaled('0.01') });
    holds(book, '1000');
    quoted(book, 'AAPL', '110');
    book.tick(NOON); // peak 1,010,000
    quoted(book, 'AAPL', '99.9');
    expect(book.tick(NOON + 1000).filter(({ kind }) => kind === 'ALERT')).toEqual([]); // 10,100 / 1,010,000 = 0.01
    quoted(book, 'AAPL', '99.89');
    expect(book.tick(NOON + 2000).filter(({ kind }) => kind === 'ALERT')).toHaveLength(1);
    expect(book.tick(NOON + 3000).filter(({ kind }) => kind === 'ALERT')).toEqual([]);
  });
});
