import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('order age', () => {
  it('rejects an order older than 300 s at intake; exactly 300 s passes', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { timestamp: NOON - 300_001 }), NOON))).toEqual(['STALE_ORDER']);
    expect(codesOf(aBook().decide(order('BUY', '1', { timestamp: NOON - 300_000 }), NOON))).toEqual([]);
  });
});
