import { money, scaled } from '../../../src/book/amount.js';
import { aBook, fill, holds, NOON, order } from './a-book.js';

describe('utilisation', () => {
  it('tells used and reserved of every limit of the path, the nearest first', () => {
    const book = aBook({ maxGrossExposure: money('20000'), maxOpenOrders: 10 });
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxGrossExposure: money('14000') }, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-20', { accountId: 'acc2' });
    book.decide(order('BUY', '30'), NOON);
    const [first, second] = book.utilisation('acc', NOON);
    // desk: (6,000 + 2,000) held + 3,000 working of 14,000; account: 6,000 + 3,000 of 20,000
    expect(first).toMatchObject({
      code: 'GROSS_EXPOSURE',
      levelId: 'desk',
      used: money('8000'),
      reserved: money('3000'),
    });
    expect(first!.headroom).toBe(money('3000'));
    expect(first!.utilisation).toBeCloseTo(11 / 14, 12);
    expect(second).toMatchObject({ code: 'GROSS_EXPOSURE', levelId: 'acc', utilisation: 0.45 });
    expect(book.utilisation('acc', NOON)).toContainEqual(
      expect.objectContaining({ code: 'OPEN_ORDER_LIMIT', used: 1, headroom: 9 }),
    );
  });

  it('tells of limits on one symbol the symbol that is nearest, at a desk over its accounts, where nothing nets', () => {
    const book = aBook({});
    const limits = {
      maxLongQuantity: scaled('500'),
      maxShortQuantity: scaled('400'),
      symbols: { MSFT: { maxLongQuantity: scaled('100') } },
    };
    book.setLimits({ level: 'DESK', id: 'desk', limits, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-20', { accountId: 'acc2' });
    const working = order('BUY', '30');
    book.decide(working, NOON);
    const positionsOf = (id: string) =>
      book.utilisation('acc', NOON).filter(({ code, levelId }) => code === 'POSITION_LIMIT' && levelId === id);
    // Long 60 and 30 working of 500; 20 short of 400 are further from their limit.
    const long = { symbol: 'AAPL', limit: scaled('500'), used: scaled('60'), reserved: scaled('30') };
    expect(positionsOf('desk')).toEqual([expect.objectContaining(long)]);
    expect(positionsOf('firm')).toEqual([]);
    // 80 of 100 are nearer than 90 of 500.
    holds(book, '80', { symbol: 'MSFT', accountId: 'acc2' });
    expect(positionsOf('desk')).toEqual([
      expect.objectContaining({ symbol: 'MSFT', limit: scaled('100'), used: scaled('80'), reserved: 0n }),
    ]);
    // What somebody has looked at follows a fill, a cancel and a position that goes.
    const { orderId, accountId } = working;
    book.update(fill(working, '10'), NOON);
    book.update({ orderId, accountId, status: 'CANCELLED', timestamp: NOON }, NOON);
    holds(book, '0', { symbol: 'MSFT', accountId: 'acc2' });
    expect(positionsOf('desk')).toEqual([
      expect.objectContaining({ symbol: 'AAPL', used: scaled('70'), reserved: 0n, headroom: scaled('430') }),
    ]);
  });

  it('finds the check with the least headroom for its limit', () => {
    const book = aBook({ maxOrderQuantity: scaled('100'), maxOrderNotional: money('10000') });
    const { nearest } = book.check(order('BUY', '90', { price: scaled('105') }), NOON).decision;
    expect(nearest).toMatchObject({ code: 'MAX_ORDER_NOTIONAL' }); // 5.5 % left, not 10 %
  });
});
