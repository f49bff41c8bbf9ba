import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('open orders', () => {
  it('limits open orders, and frees one when it ends', () => {
    const book = aBook({ maxOpenOrders: 1 });
    const first = order('BUY', '1');
    book.decide(first, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['OPEN_ORDER_LIMIT']);
    book.update({ orderId: first.orderId, accountId: 'acc', status: 'CANCELLED', timestamp: NOON }, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual([]);
  });
});
