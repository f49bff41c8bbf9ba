import { aBook, codesOf, instrument, NOON, order } from '../a-book.js';

describe('same currency', () => {
  it('rejects an instrument of another currency', () => {
    const book = aBook();
    book.setInstrument(instrument('AAPL', { currency: 'EUR' }), NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['CURRENCY_MISMATCH']);
  });
});
