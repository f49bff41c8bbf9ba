import { aBook, codesOf, NOON, order, quoted } from '../a-book.js';

describe('known symbol', () => {
  it('rejects an unknown symbol, also one that is only quoted', () => {
    const book = aBook();
    quoted(book, 'XYZ', '5');
    expect(codesOf(book.decide(order('BUY', '1', { symbol: 'XYZ' }), NOON))[0]).toBe('UNKNOWN_SYMBOL');
    expect(codesOf(book.decide(order('BUY', '1', { symbol: 'NONE' }), NOON))).toEqual(['UNKNOWN_SYMBOL']);
  });
});
