import { scaled } from '../../../../src/book/amount.js';
import { aBook, codesOf, holds, limited, NOON, order } from '../a-book.js';

// T = 20, 95 %: k = 1, the worst scenario, −2 % of AAPL and +2 % of MSFT.
describe('value at risk', () => {
  it('rejects what lifts VaR / equity past its limit, and pauses', () => {
    const book = aBook({ maxVarRatio: scaled('0.01') });
    expect(codesOf(book.check(order('BUY', '5000'), NOON))).toEqual([]); // 2 % × 500,000 / 1,000,000 = 0.01
    const outcome = book.decide(order('BUY', '5001'), NOON);
    expect(codesOf(outcome)).toEqual(['VAR_LIMIT']);
    expect(outcome.decision.valueAtRisk!.afterRatio).toBeCloseTo(0.010002, 12);
    expect(outcome.decision).toMatchObject({ controlActions: ['PAUSE_NEW_ORDERS'], valueAtRisk: { exact: true } });
    expect(outcome.decision.maxAllowedQuantity).toBe(scaled('5000'));
  });

  it('counts working orders, and lets a hedge pass while VaR is over its limit', () => {
    const book = aBook({ maxVarRatio: scaled('0.01') });
    book.decide(order('BUY', '5000'), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['VAR_LIMIT']);
    holds(book, '6000');
    limited(book, 'acc', { maxVarRatio: scaled('0.001') });
    expect(codesOf(book.check(order('SELL', '6000', { price: scaled('101') }), NOON))).toEqual([]);
    const over = book.check(order('BUY', '1'), NOON).decision;
    expect(over.controlActions).toEqual(['PAUSE_NEW_ORDERS', 'REDUCE_POSITION']);
  });

  it('uses the configured 0.05 where the path sets no limit', () => {
    const book = aBook({ maxVarRatio: undefined });
    expect(codesOf(book.check(order('BUY', '25000'), NOON))).toEqual([]); // 2 % × 2,500,000 = 5 % of equity
    expect(codesOf(book.check(order('BUY', '25001'), NOON))).toEqual(['VAR_LIMIT']);
  });
});
