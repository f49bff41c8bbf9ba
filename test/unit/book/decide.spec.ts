import { money, scaled } from '../../../src/book/amount.js';
import type { OrderCheck } from '../../../src/book/order-check.js';
import { ORDER_CHECKS } from '../../../src/book/order-checks.js';
import { RiskBook } from '../../../src/book/risk-book.js';
import { aBook, codesOf, fill, NOON, order } from './a-book.js';

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

describe('an order in general', () => {
  it('passes where nothing is in its way, and reserves at once', () => {
    const { decision } = aBook().decide(order('BUY', '100'), NOON);
    expect(decision).toMatchObject({ decision: 'ACCEPT', allowOrder: true, reasons: [], controlActions: [] });
    expect(decision.reservation).toMatchObject({ quantity: scaled('100'), money: money('10000') }); // 100 × 100
  });

  it('reports every breach and passed checks too, the first hard one as primary reason', () => {
    const book = aBook({ maxOrderQuantity: scaled('50'), maxOrderNotional: money('5000') });
    const outcome = book.decide(order('BUY', '100'), NOON);
    expect(codesOf(outcome)).toEqual(['MAX_ORDER_QTY', 'MAX_ORDER_NOTIONAL']);
    expect(outcome.decision.checks!.filter(({ status }) => status === 'PASS').length).toBeGreaterThan(15);
  });

  it('is rejected by a check that throws, and the other checks are still reported', () => {
    const broken: OrderCheck = {
      name: 'broken',
      dependsOnQuantity: false,
      run: () => {
        throw new Error('no luck');
      },
    };
    const book = RiskBook.empty({}, [broken, ...ORDER_CHECKS]);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['RULE_ERROR', 'UNKNOWN_ACCOUNT', 'UNKNOWN_SYMBOL']);
  });

  it('names the strictest level first where several are breached', () => {
    const book = aBook({ maxOrderQuantity: scaled('80') });
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxOrderQuantity: scaled('50') }, version: 1 }, NOON);
    const { reasons } = book.decide(order('BUY', '100'), NOON).decision;
    expect(reasons.map(({ levelId }) => levelId)).toEqual(['desk', 'acc']); // 50 − 100 < 80 − 100
  });

  it('changes nothing in mode CHECK', () => {
    const book = aBook({ maxOrdersPerSecond: 1 });
    const before = JSON.stringify(book.records(), text);
    for (let i = 0; i < 3; i++) expect(book.check(order('BUY', '10'), NOON).decision.allowOrder).toBe(true);
    expect(JSON.stringify(book.records(), text)).toBe(before);
  });
});

it('a fill for one order leaves the checks of the next one with its position', () => {
  const book = aBook({ maxLongQuantity: scaled('10') });
  const first = order('BUY', '10');
  book.decide(first, NOON);
  book.update(fill(first, '10'), NOON);
  expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['POSITION_LIMIT']);
});
