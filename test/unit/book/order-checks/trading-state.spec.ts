import { aBook, codesOf, holds, NOON, order, resultOf } from '../a-book.js';

describe('trading state', () => {
  it.each([
    ['FIRM', 'firm'],
    ['DESK', 'desk'],
    ['ACCOUNT', 'acc'],
    ['INSTRUMENT', 'AAPL'],
    ['TRADER', 'tom'],
  ] as const)('lets nothing pass while the %s is halted, and says who is', (level, id) => {
    const book = aBook();
    const effects = book.setTradingState({ level, id, state: 'HALTED', reason: 'fire', actor: 'eve' }, NOON);
    expect(effects.map(({ kind }) => kind)).toEqual(['STATE', 'ALERT']);
    const outcome = book.decide(order('BUY', '1', { traderId: 'tom' }), NOON);
    expect(codesOf(outcome)).toContain('TRADING_HALTED');
    expect(resultOf(outcome, 'TRADING_HALTED')).toMatchObject({ level, levelId: id });
    expect(outcome.decision.controlActions).toEqual(['PAUSE_NEW_ORDERS']);
    const cancel = { action: 'CANCEL', orderId: 'O1', accountId: 'acc', traderId: null, symbol: null } as const;
    expect(book.decide(cancel, NOON).decision.allowOrder).toBe(true);
  });

  it('lets only reductions pass while REDUCING: working reducers count, a flat book does nothing', () => {
    const book = aBook();
    holds(book, '100');
    book.setTradingState({ level: 'DESK', id: 'desk', state: 'REDUCING', reason: 'r', actor: 'eve' }, NOON);
    expect(codesOf(book.decide(order('SELL', '60'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('SELL', '41'), NOON))).toEqual(['TRADING_REDUCING']); // 60 + 41 > 100
    expect(codesOf(book.decide(order('SELL', '40'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('SELL', '1', { symbol: 'MSFT' }), NOON))).toEqual(['TRADING_REDUCING']);
  });
});
