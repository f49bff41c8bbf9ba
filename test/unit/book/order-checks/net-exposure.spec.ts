import { money } from '../../../../src/book/amount.js';
import { aBook, codesOf, holds, NOON, order, WIDE } from '../a-book.js';

describe('net exposure', () => {
  it('takes net exposure as the larger of all buys filled and all sells filled, and rejects only what raises it', () => {
    const book = aBook({ maxNetExposure: money('5000') });
    holds(book, '60');
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['NET_EXPOSURE']); // 6,100 > 5,000
    expect(codesOf(book.check(order('SELL', '120', { symbol: 'MSFT' }), NOON))).toEqual([]); // |6,000 − 12,000| = before
    expect(codesOf(book.check(order('SELL', '121', { symbol: 'MSFT' }), NOON))).toEqual(['NET_EXPOSURE']);
  });

  it.each([
    ['FIRM', 'firm'],
    ['DESK', 'desk'],
    ['ACCOUNT', 'acc'],
  ] as const)('nets what is below the %s', (level, id) => {
    const book = aBook();
    const limits = { ...(level === 'ACCOUNT' ? WIDE : {}), maxNetExposure: money('10000') };
    book.setLimits({ level, id, limits, version: 2 }, NOON);
    holds(book, '-50', { accountId: 'acc2', symbol: 'MSFT' });
    // Above the account acc2 is short 5,000, so that 15,000 long are 10,000 net.
    const most = level === 'ACCOUNT' ? 100 : 150;
    expect(codesOf(book.check(order('BUY', String(most)), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', String(most + 1)), NOON))).toEqual(['NET_EXPOSURE']);
  });

  it('of a symbol limits that symbol alone, at a level of the path and at the instrument', () => {
    const book = aBook({ symbols: { AAPL: { maxNetExposure: money('1000') } } });
    expect(codesOf(book.check(order('BUY', '11'), NOON))).toEqual(['NET_EXPOSURE']); // 1,100 > 1,000
    expect(codesOf(book.check(order('BUY', '11', { symbol: 'MSFT' }), NOON))).toEqual([]);
    book.setLimits({ level: 'INSTRUMENT', id: 'MSFT', limits: { maxNetExposure: money('1000') }, version: 1 }, NOON);
    expect(codesOf(book.check(order('BUY', '11', { symbol: 'MSFT' }), NOON))).toEqual(['NET_EXPOSURE']);
  });
});
