import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('quantity valid', () => {
  it('asks for whole lots', () => {
    expect(codesOf(aBook().decide(order('BUY', '1.5'), NOON))).toEqual(['INVALID_QTY']);
  });
});
