import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('order quantity', () => {
  it('takes a symbol’s own limit instead of the level’s', () => {
    const book = aBook({ maxOrderQuantity: scaled('50'), symbols: { AAPL: { maxOrderQuantity: scaled('70') } } });
    expect(codesOf(book.check(order('BUY', '70'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '51', { symbol: 'MSFT' }), NOON))).toEqual(['MAX_ORDER_QTY']);
  });
});
