import { money, ONE } from '../../../../src/book/amount.js';
import { aBook, account, codesOf, holds, NOON, order, resultOf } from '../a-book.js';

describe('leverage', () => {
  it('keeps worst gross exposure within the leverage, and asks to reduce where it is exceeded already', () => {
    const book = aBook({ maxLeverage: 2n * ONE });
    book.setAccount(account('acc', { equity: money('10000') }), NOON);
    expect(codesOf(book.check(order('BUY', '200'), NOON))).toEqual([]); // 20,000 / 10,000 = 2
    expect(codesOf(book.check(order('BUY', '201'), NOON))).toEqual(['LEVERAGE']);
    holds(book, '250');
    expect(book.check(order('BUY', '1'), NOON).decision.controlActions).toEqual(['REDUCE_POSITION']);
  });

  it.each([
    ['FIRM', 'firm'],
    ['DESK', 'desk'],
  ] as const)('counts everybody below at the %s', (level, id) => {
    const book = aBook();
    book.setLimits({ level, id, limits: { maxLeverage: ONE / 10n }, version: 1 }, NOON);
    holds(book, '-1500', { accountId: 'acc2', symbol: 'MSFT' });
    // 10 % of 2,000,000 is 200,000, of which acc2 has 150,000.
    expect(codesOf(book.check(order('BUY', '500'), NOON))).toEqual([]);
    const outcome = book.check(order('BUY', '501'), NOON);
    expect(resultOf(outcome, 'LEVERAGE', id)).toMatchObject({ status: 'BREACH', before: money('150000') });
  });
});
