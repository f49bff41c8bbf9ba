import { placeOf } from '../../../src/book/reservations.js';
import { aBook, NOON, order } from './a-book.js';

const orders = [
  ['acc', 'b'],
  ['acc', 'a'],
  ['acc2', 'a'],
  ['acc', 'c'],
  ['acc2', 'a-1'],
] as const;

/** Five working orders in two accounts, not in the order of their ids. */
function held() {
  const book = aBook();
  for (const [accountId, orderId] of orders) book.decide(order('BUY', '1', { accountId, orderId }), NOON);
  return book;
}

const places = (book: ReturnType<typeof held>, ...args: Parameters<typeof book.workingOrders>) =>
  book.workingOrders(...args).map(({ order }) => placeOf(order));

describe('working orders', () => {
  const all = ['acc a', 'acc b', 'acc c', 'acc2 a', 'acc2 a-1'];

  it('come by account and order, of everybody below', () => {
    expect(places(held(), 'firm')).toEqual(all);
    expect(places(held(), 'acc2')).toEqual(['acc2 a', 'acc2 a-1']);
  });

  it.each([1, 2, 3, 5, 6])('come %i at a time, each behind the last of the page before', (limit) => {
    const book = held();
    const seen: string[] = [];
    for (let page = places(book, 'desk', { limit }); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(limit);
      seen.push(...page);
      page = places(book, 'desk', { limit, after: page.at(-1) });
    }
    expect(seen).toEqual(all);
  });

  it('go on behind an order that works no more', () => {
    const book = held();
    book.update({ status: 'CANCELLED', accountId: 'acc', orderId: 'b', timestamp: NOON }, NOON);
    expect(places(book, 'firm', { after: 'acc b', limit: 2 })).toEqual(['acc c', 'acc2 a']);
  });
});
