import { money, ONE } from '../../../../src/book/amount.js';
import { aBook, account, codesOf, holds, NOON, order, resultOf, WIDE } from '../a-book.js';

describe('concentration', () => {
  it('keeps one symbol within its share of equity; without positive equity only reductions pass', () => {
    const book = aBook({ maxPositionRatio: undefined });
    book.setAccount(account('acc', { equity: money('100000') }), NOON);
    expect(codesOf(book.check(order('BUY', '200'), NOON))).toEqual([]); // 20,000 / 100,000 = 0.20
    expect(codesOf(book.check(order('BUY', '201'), NOON))).toEqual(['CONCENTRATION']);
    holds(book, '10');
    book.setAccount(account('acc', { equity: 0n }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toContain('CONCENTRATION');
    expect(codesOf(book.check(order('SELL', '10'), NOON))).toEqual([]);
  });

  it.each([
    ['FIRM', 'firm', '1000000'],
    ['DESK', 'desk', '1000000'],
    ['ACCOUNT', 'acc', '500000'],
  ] as const)('divides the symbol of everybody below by the equity of the %s', (level, id, equity) => {
    const book = aBook({ maxPositionRatio: undefined });
    book.setAccount(account('acc', { equity: money('500000') }), NOON);
    book.setAccount(account('acc2', { equity: money('500000') }), NOON);
    const limits = level === 'ACCOUNT' ? { ...WIDE, maxPositionRatio: ONE / 10n } : { maxPositionRatio: ONE / 10n };
    book.setLimits({ level, id, limits, version: 2 }, NOON);
    holds(book, '-200', { accountId: 'acc2' });
    // 10 % of 1,000,000 less 20,000 of acc2 leaves 80,000 above the account; of 500,000 alone 50,000.
    const most = level === 'ACCOUNT' ? 500 : 800;
    expect(codesOf(book.check(order('BUY', String(most)), NOON))).toEqual([]);
    const outcome = book.check(order('BUY', String(most + 1)), NOON);
    expect(resultOf(outcome, 'CONCENTRATION', id)).toMatchObject({ status: 'BREACH', base: money(equity) });
  });
});
