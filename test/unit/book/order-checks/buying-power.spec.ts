import { money, scaled } from '../../../../src/book/amount.js';
import { aBook, account, codesOf, NOON, order } from '../a-book.js';

describe('buying power', () => {
  it('lets a cash account buy with its cash less reserved buys, and never sell short', () => {
    const book = aBook();
    book.setAccount(account('acc', { accountType: 'CASH', cash: money('10000') }), NOON);
    book.decide(order('BUY', '60'), NOON);
    expect(codesOf(book.check(order('BUY', '40'), NOON))).toEqual([]); // 6,000 + 4,000 = 10,000
    expect(codesOf(book.check(order('BUY', '41'), NOON))).toEqual(['BUYING_POWER']);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('101') }), NOON))).toEqual(['BUYING_POWER']);
    book.setAccount(account('acc', { accountType: 'CASH', cash: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['BUYING_POWER']);
  });
});
