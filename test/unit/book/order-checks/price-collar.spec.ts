import { ONE, scaled } from '../../../../src/book/amount.js';
import { headroomOf } from '../../../../src/book/check-result.js';
import { aBook, codesOf, instrument, NOON, order, quoted } from '../a-book.js';

describe('price collar', () => {
  it('keeps a buy below reference × (1 + c) and a sell above reference × (1 − c)', () => {
    const book = aBook({ priceCollarRatio: scaled('0.1') });
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('110') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('110.01') }), NOON))).toEqual(['PRICE_COLLAR']);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('90') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('89.99') }), NOON))).toEqual(['PRICE_COLLAR']);
  });

  it('is around the size of a negative reference', () => {
    const book = aBook({ priceCollarRatio: scaled('0.1') });
    book.setInstrument(instrument('AAPL', { allowNegativePrice: true }), NOON);
    quoted(book, 'AAPL', '-37');
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('-33.3') }), NOON))).toEqual([]); // −37 + 3.7
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('-33.29') }), NOON))).toEqual(['PRICE_COLLAR']);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('-40.7') }), NOON))).toEqual([]); // −37 − 3.7
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('-40.71') }), NOON))).toEqual(['PRICE_COLLAR']);
  });

  it('leaves a sell the headroom above its lowest price', () => {
    const book = aBook({ priceCollarRatio: scaled('0.1') });
    const sell = book.check(order('SELL', '1', { price: scaled('91') }), NOON);
    // 1 of 90 is nearer than any other limit; without its direction it would be a breach of all of them.
    expect(sell.decision.nearest).toMatchObject({ code: 'PRICE_COLLAR', after: scaled('91'), limit: scaled('90') });
    expect(headroomOf(sell.decision.nearest!)).toBe(Number(ONE));
  });
});
