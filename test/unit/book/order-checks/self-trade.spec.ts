import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('self trade', () => {
  it('rejects what would trade with an own working order of the same account', () => {
    const book = aBook();
    book.decide(order('SELL', '1', { price: scaled('101') }), NOON);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('100.99') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('101') }), NOON))).toEqual(['SELF_TRADE']);
    expect(codesOf(book.check(order('BUY', '1', { type: 'MARKET', price: null }), NOON))).toEqual(['SELF_TRADE']);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('101'), accountId: 'acc2' }), NOON))).toEqual([]);
  });
});
