import { money, scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('order notional', () => {
  it('compares quantity × order price × multiplier with the largest notional', () => {
    const book = aBook({ maxOrderNotional: money('10000') });
    expect(codesOf(book.decide(order('BUY', '100'), NOON))).toEqual([]); // 100 × 100 = 10,000
    expect(codesOf(book.decide(order('BUY', '100', { price: scaled('100.01') }), NOON))).toEqual([
      'MAX_ORDER_NOTIONAL',
    ]);
  });

  it('prices a market buy at the ask × (1 + slippage)', () => {
    const book = aBook({ maxOrderNotional: money('10500'), marketSlippageRatio: scaled('0.05') });
    const market = { type: 'MARKET', price: null } as const;
    expect(codesOf(book.check(order('BUY', '100', market), NOON))).toEqual([]); // 100 × 100 × 1.05 = 10,500
    expect(codesOf(book.decide(order('BUY', '101', market), NOON))).toEqual(['MAX_ORDER_NOTIONAL']);
    expect(codesOf(book.decide(order('SELL', '105', market), NOON))).toEqual([]); // bid 100 × 105 = 10,500
  });
});
