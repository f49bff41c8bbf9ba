import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('order identity', () => {
  it('rejects a new order whose id is working already', () => {
    const book = aBook();
    const first = order('BUY', '1');
    book.decide(first, NOON);
    expect(codesOf(book.decide({ ...first, quantity: scaled('2') }, NOON))).toEqual(['DUPLICATE_ID']);
  });
});
