import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order, resultOf } from '../a-book.js';

describe('order rate', () => {
  it('limits orders per second; rejected ones use the budget, CHECK does not, cancels are counted and never blocked', () => {
    const book = aBook({ maxOrdersPerSecond: 3, maxOrderQuantity: scaled('10') });
    book.check(order('BUY', '1'), NOON);
    book.decide(order('BUY', '1'), NOON);
    book.decide(order('BUY', '11'), NOON + 1);
    const cancel = { action: 'CANCEL', orderId: 'O1', accountId: 'acc', traderId: null, symbol: null } as const;
    book.decide(cancel, NOON + 2);
    expect(codesOf(book.decide(order('BUY', '1'), NOON + 999))).toEqual(['RATE_LIMIT']); // 3 + 1 > 3
    expect(book.decide(cancel, NOON + 999).decision.allowOrder).toBe(true);
    expect(codesOf(book.check(order('BUY', '1'), NOON + 2001))).toEqual([]);
  });

  it('limits a trader across accounts', () => {
    const book = aBook();
    book.setLimits(
      { level: 'TRADER', id: 'tom', limits: { maxOrdersPerSecond: 1, maxOrderQuantity: scaled('5') }, version: 1 },
      NOON,
    );
    expect(codesOf(book.decide(order('BUY', '5', { traderId: 'tom' }), NOON))).toEqual([]);
    const outcome = book.decide(order('BUY', '6', { traderId: 'tom', accountId: 'acc2' }), NOON);
    expect(codesOf(outcome)).toEqual(['MAX_ORDER_QTY', 'RATE_LIMIT']);
    expect(resultOf(outcome, 'RATE_LIMIT')).toMatchObject({ level: 'TRADER', levelId: 'tom' });
  });
});
