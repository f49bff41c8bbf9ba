import { money, scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, holds, NOON, order, quoted } from '../a-book.js';

describe('daily loss', () => {
  it('rejects what opens after the loss of the day, latches REDUCING and tells', () => {
    const book = aBook({ maxDailyLoss: money('1000') });
    holds(book, '100');
    quoted(book, 'AAPL', '90');
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('90') }), NOON))).toEqual([]); // loss 1,000
    quoted(book, 'AAPL', '89.99');
    const outcome = book.decide(order('BUY', '1', { price: scaled('89.99') }), NOON);
    expect(codesOf(outcome)).toEqual(['TRADING_REDUCING', 'DAILY_LOSS']);
    expect(outcome.effects).toContainEqual(
      expect.objectContaining({
        kind: 'ALERT',
        alert: expect.objectContaining({ code: 'LATCH', latch: 'DAILY_LOSS' }),
      }),
    );
    quoted(book, 'AAPL', '100');
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['TRADING_REDUCING']);
    book.setTradingState({ level: 'ACCOUNT', id: 'acc', state: 'ACTIVE', reason: 'seen', actor: 'eve' }, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual([]);
  });
});
