import { aBook, account, codesOf, holds, NOON, order } from '../a-book.js';

describe('equity known', () => {
  it('asks for equity where a ratio needs it', () => {
    const book = aBook();
    holds(book, '10');
    book.setAccount(account('acc', { equity: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['EQUITY_MISSING']);
    expect(book.check(order('SELL', '1'), NOON).decision.decision).toBe('ACCEPT_WITH_WARNING');
  });
});
