import { money, scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, holds, NOON, order, resultOf } from '../a-book.js';

describe('gross exposure', () => {
  it('rejects a buy that lifts gross exposure past its limit at the desk', () => {
    const book = aBook();
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxGrossExposure: money('10000') }, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-30', { accountId: 'acc2' });
    expect(codesOf(book.check(order('BUY', '10'), NOON))).toEqual([]); // 6,000 + 3,000 + 1,000
    const outcome = book.check(order('BUY', '11'), NOON);
    expect(resultOf(outcome, 'GROSS_EXPOSURE', 'desk')).toMatchObject({
      status: 'BREACH',
      before: money('9000'),
      after: money('10100'),
      limit: money('10000'),
    });
  });

  it('locks the larger of order price and reference', () => {
    const book = aBook({ maxGrossExposure: money('10000') });
    expect(codesOf(book.check(order('BUY', '100', { price: scaled('90') }), NOON))).toEqual([]); // 100 × 100
    expect(codesOf(book.check(order('BUY', '99', { price: scaled('102') }), NOON))).toEqual(['GROSS_EXPOSURE']); // 10,098
  });

  it('lets a reduction pass limits that are exceeded already', () => {
    const book = aBook({ maxGrossExposure: money('5000'), maxLongQuantity: scaled('50') });
    holds(book, '60');
    expect(codesOf(book.check(order('SELL', '60'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['POSITION_LIMIT', 'GROSS_EXPOSURE']);
  });

  it('of a symbol limits that symbol alone, at a level of the path and at the instrument', () => {
    const book = aBook({ symbols: { AAPL: { maxGrossExposure: money('1000') } } });
    expect(codesOf(book.check(order('BUY', '11'), NOON))).toEqual(['GROSS_EXPOSURE']); // 1,100 > 1,000
    expect(codesOf(book.check(order('BUY', '11', { symbol: 'MSFT' }), NOON))).toEqual([]);
    book.setLimits({ level: 'INSTRUMENT', id: 'MSFT', limits: { maxGrossExposure: money('1000') }, version: 1 }, NOON);
    holds(book, '-5', { accountId: 'acc2', symbol: 'MSFT' });
    expect(codesOf(book.check(order('BUY', '5', { symbol: 'MSFT' }), NOON))).toEqual([]); // 500 + 500, nothing nets
    expect(codesOf(book.check(order('BUY', '6', { symbol: 'MSFT' }), NOON))).toEqual(['GROSS_EXPOSURE']);
  });
});
