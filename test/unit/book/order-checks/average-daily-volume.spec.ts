import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, instrument, NOON, order } from '../a-book.js';

describe('average daily volume', () => {
  it('limits the share of the average daily volume, and fails closed without one', () => {
    const book = aBook({ maxAdvRatio: scaled('0.0001') });
    expect(codesOf(book.check(order('BUY', '100'), NOON))).toEqual([]); // 0.01 % of 1,000,000
    expect(codesOf(book.check(order('BUY', '101'), NOON))).toEqual(['ADV_LIMIT']);
    book.setInstrument(instrument('AAPL', { adv: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['ADV_LIMIT']);
  });
});
