import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('duplicate content', () => {
  it('limits orders of the same content per second, the first included', () => {
    const book = aBook({ maxDuplicatesPerSecond: 2 });
    for (let i = 0; i < 2; i++) expect(codesOf(book.decide(order('BUY', '7'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('BUY', '8'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('BUY', '7'), NOON))).toEqual(['DUPLICATE_CONTENT']);
    expect(codesOf(book.decide(order('BUY', '7'), NOON + 1000))).toEqual([]);
  });
});
