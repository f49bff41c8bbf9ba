import { money, ONE, scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order, resultOf } from '../a-book.js';

describe('mandatory limits', () => {
  it('rejects where nothing on the path sets the mandatory limits', () => {
    const book = aBook();
    book.setLimits({ level: 'ACCOUNT', id: 'acc', limits: { maxOrderQuantity: scaled('10') }, version: 2 }, NOON);
    const outcome = book.decide(order('BUY', '1'), NOON);
    expect(codesOf(outcome)).toEqual(['LIMITS_MISSING']);
    expect(resultOf(outcome, 'LIMITS_MISSING').detail).toContain('max_order_notional, max_gross_exposure');
  });

  it('takes a mandatory limit from any level of the path', () => {
    const book = aBook();
    book.setLimits({ level: 'ACCOUNT', id: 'acc', limits: {}, version: 2 }, NOON);
    const limits = { maxOrderQuantity: ONE, maxOrderNotional: money('100'), maxGrossExposure: money('100') };
    book.setLimits({ level: 'FIRM', id: 'firm', limits, version: 1 }, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual([]);
  });
});
