import { aBook, codesOf, holds, instrument, NOON, order } from '../a-book.js';

describe('instrument halted', () => {
  it('lets nothing pass while the exchange has halted the instrument, a reduction neither', () => {
    const book = aBook();
    holds(book, '10');
    book.setInstrument(instrument('AAPL', { halted: true }), NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['INSTRUMENT_HALTED']);
    expect(codesOf(book.decide(order('SELL', '10'), NOON))).toEqual(['INSTRUMENT_HALTED']);
  });
});
