import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('price valid', () => {
  it('asks for a positive price in whole ticks', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { price: scaled('100.005') }), NOON))).toEqual(['INVALID_TICK']);
    expect(codesOf(aBook().decide(order('BUY', '1', { price: scaled('-1') }), NOON))).toEqual(['INVALID_PRICE']);
  });
});
