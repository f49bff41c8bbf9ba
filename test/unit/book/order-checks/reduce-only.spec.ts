import { aBook, codesOf, holds, NOON, order } from '../a-book.js';

describe('reduce only', () => {
  it('holds an order to its word that it only reduces', () => {
    const book = aBook();
    holds(book, '10');
    expect(codesOf(book.check(order('SELL', '10', { reduceOnly: true }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '11', { reduceOnly: true }), NOON))).toEqual([
      'REDUCE_ONLY_WOULD_INCREASE',
    ]);
  });
});
