import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, holds, NOON, order } from '../a-book.js';

describe('position limit', () => {
  it('counts position + working buys + the order against the long limit; sells do not net', () => {
    const book = aBook({ maxLongQuantity: scaled('100') });
    holds(book, '40');
    book.decide(order('BUY', '30'), NOON);
    book.decide(order('SELL', '20', { price: scaled('101') }), NOON);
    expect(codesOf(book.check(order('BUY', '30'), NOON))).toEqual([]); // 40 + 30 + 30 = 100
    expect(codesOf(book.check(order('BUY', '31'), NOON))).toEqual(['POSITION_LIMIT']);
  });

  it('counts the opening part of a flip', () => {
    const book = aBook({ maxShortQuantity: scaled('5') });
    holds(book, '40');
    expect(codesOf(book.check(order('SELL', '45'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '46'), NOON))).toEqual(['POSITION_LIMIT']); // 46 − 40 = 6 > 5
  });

  it('sums the worst of each account at the desk and at the instrument: nothing nets', () => {
    const book = aBook();
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxLongQuantity: scaled('100') }, version: 1 }, NOON);
    book.setLimits({ level: 'INSTRUMENT', id: 'AAPL', limits: { maxLongQuantity: scaled('100') }, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-50', { accountId: 'acc2' });
    const outcome = book.check(order('BUY', '41'), NOON); // 60 + 41 + 0 > 100
    expect(outcome.decision.reasons.map(({ level }) => level)).toEqual(['DESK', 'INSTRUMENT']);
    expect(codesOf(book.check(order('BUY', '40'), NOON))).toEqual([]);
  });
});
