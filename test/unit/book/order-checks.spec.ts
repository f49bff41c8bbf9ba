import { money, ONE, scaled } from '../../../src/book/amount.js';
import { DAY_MS } from '../../../src/book/limits.js';
import type { OrderCheck } from '../../../src/book/order-check.js';
import { ORDER_CHECKS } from '../../../src/book/order-checks.js';
import { RiskBook } from '../../../src/book/risk-book.js';
import { aBook, account, codesOf, fill, holds, instrument, limited, NOON, order, quoted, resultOf } from './a-book.js';

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

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

describe('what the book does not know', () => {
  it('rejects an unknown account, and a desk, which does not trade', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { accountId: 'nobody' }), NOON))).toEqual(['UNKNOWN_ACCOUNT']);
    expect(codesOf(aBook().decide(order('BUY', '1', { accountId: 'desk' }), NOON))).toContain('UNKNOWN_ACCOUNT');
  });

  it('rejects an unknown symbol, also one that is only quoted', () => {
    const book = aBook();
    quoted(book, 'XYZ', '5');
    expect(codesOf(book.decide(order('BUY', '1', { symbol: 'XYZ' }), NOON))[0]).toBe('UNKNOWN_SYMBOL');
    expect(codesOf(book.decide(order('BUY', '1', { symbol: 'NONE' }), NOON))).toEqual(['UNKNOWN_SYMBOL']);
  });

  it('rejects an instrument of another currency', () => {
    const book = aBook();
    book.setInstrument(instrument('AAPL', { currency: 'EUR' }), NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['CURRENCY_MISMATCH']);
  });

  it('rejects where nothing on the path sets the mandatory limits', () => {
    const book = aBook();
    book.setLimits({ level: 'ACCOUNT', id: 'acc', limits: { maxOrderQuantity: scaled('10') }, version: 2 }, NOON);
    const outcome = book.decide(order('BUY', '1'), NOON);
    expect(codesOf(outcome)).toEqual(['LIMITS_MISSING']);
    expect(resultOf(outcome, 'LIMITS_MISSING').detail).toContain('max_order_notional, max_gross_exposure');
  });

  it('takes a mandatory limit from any level of the path', () => {
    const book = aBook();
    book.setLimits({ level: 'ACCOUNT', id: 'acc', limits: {}, version: 2 }, NOON);
    const limits = { maxOrderQuantity: ONE, maxOrderNotional: money('100'), maxGrossExposure: money('100') };
    book.setLimits({ level: 'FIRM', id: 'firm', limits, version: 1 }, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual([]);
  });
});

describe('age, state and restrictions', () => {
  it('rejects an order older than 300 s at intake; exactly 300 s passes', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { timestamp: NOON - 300_001 }), NOON))).toEqual(['STALE_ORDER']);
    expect(codesOf(aBook().decide(order('BUY', '1', { timestamp: NOON - 300_000 }), NOON))).toEqual([]);
  });

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

  it('rejects a symbol on a restricted list of any level, and a halted instrument', () => {
    const book = aBook();
    book.setLimits({ level: 'FIRM', id: 'firm', limits: { restrictedSymbols: ['AAPL'] }, version: 1 }, NOON);
    expect(resultOf(book.decide(order('BUY', '1'), NOON), 'RESTRICTED')).toMatchObject({
      status: 'BREACH',
      level: 'FIRM',
    });
    book.setInstrument(instrument('MSFT', { halted: true }), NOON);
    expect(codesOf(book.decide(order('BUY', '1', { symbol: 'MSFT' }), NOON))).toEqual(['INSTRUMENT_HALTED']);
  });
});

describe('quantity and price of an order', () => {
  it('asks for whole lots', () => {
    expect(codesOf(aBook().decide(order('BUY', '1.5'), NOON))).toEqual(['INVALID_QTY']);
  });

  it('asks for a positive price in whole ticks', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { price: scaled('100.005') }), NOON))).toEqual(['INVALID_TICK']);
    expect(codesOf(aBook().decide(order('BUY', '1', { price: scaled('-1') }), NOON))).toEqual(['INVALID_PRICE']);
  });

  it('rejects beyond the hard quantity, and asks for an approval beyond the soft one; hard beats approval', () => {
    const book = aBook({ approvalOrderQuantity: scaled('100'), maxOrderQuantity: scaled('200') });
    expect(book.check(order('BUY', '100'), NOON).decision.decision).toBe('ACCEPT'); // equal passes
    const pending = book.check(order('BUY', '101'), NOON).decision;
    expect(pending).toMatchObject({
      decision: 'PENDING_APPROVAL',
      allowOrder: false,
      controlActions: ['REQUIRE_APPROVAL'],
    });
    expect(book.check(order('BUY', '201'), NOON).decision).toMatchObject({ decision: 'REJECT', controlActions: [] });
  });

  it('asks for an approval above 1000 where the path sets nothing', () => {
    const book = aBook({ approvalOrderQuantity: undefined });
    expect(book.check(order('BUY', '1000'), NOON).decision.decision).toBe('ACCEPT');
    expect(book.check(order('BUY', '1001'), NOON).decision.decision).toBe('PENDING_APPROVAL');
  });

  it('compares quantity × order price × multiplier with the largest notional', () => {
    const book = aBook({ maxOrderNotional: money('10000') });
    expect(codesOf(book.decide(order('BUY', '100'), NOON))).toEqual([]); // 100 × 100 = 10,000
    expect(codesOf(book.decide(order('BUY', '100', { price: scaled('100.01') }), NOON))).toEqual([
      'MAX_ORDER_NOTIONAL',
    ]);
  });

  it('prices a market buy at the ask × (1 + slippage)', () => {
    const book = aBook({ maxOrderNotional: money('10500'), marketSlippageRatio: scaled('0.05') });
    const market = { type: 'MARKET', price: null } as const;
    expect(codesOf(book.check(order('BUY', '100', market), NOON))).toEqual([]); // 100 × 100 × 1.05 = 10,500
    expect(codesOf(book.decide(order('BUY', '101', market), NOON))).toEqual(['MAX_ORDER_NOTIONAL']);
    expect(codesOf(book.decide(order('SELL', '105', market), NOON))).toEqual([]); // bid 100 × 105 = 10,500
  });

  it('keeps a buy below reference × (1 + c) and a sell above reference × (1 − c)', () => {
    const book = aBook({ priceCollarRatio: scaled('0.1') });
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('110') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('110.01') }), NOON))).toEqual(['PRICE_COLLAR']);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('90') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('89.99') }), NOON))).toEqual(['PRICE_COLLAR']);
  });

  it('limits the share of the average daily volume, and fails closed without one', () => {
    const book = aBook({ maxAdvRatio: scaled('0.0001') });
    expect(codesOf(book.check(order('BUY', '100'), NOON))).toEqual([]); // 0.01 % of 1,000,000
    expect(codesOf(book.check(order('BUY', '101'), NOON))).toEqual(['ADV_LIMIT']);
    book.setInstrument(instrument('AAPL', { adv: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['ADV_LIMIT']);
  });

  it('takes a symbol’s own limit instead of the level’s', () => {
    const book = aBook({ maxOrderQuantity: scaled('50'), symbols: { AAPL: { maxOrderQuantity: scaled('70') } } });
    expect(codesOf(book.check(order('BUY', '70'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '51', { symbol: 'MSFT' }), NOON))).toEqual(['MAX_ORDER_QTY']);
  });
});

describe('reference price', () => {
  const source = (book: RiskBook) => book.check(order('BUY', '1'), NOON).decision.inputs;
  const quote = (price: string, bid: string | null, ask: string | null) => {
    const book = aBook();
    const at = (value: string | null) => (value === null ? null : scaled(value));
    book.quote({ symbol: 'AAPL', price: scaled(price), bid: at(bid), ask: at(ask), timestamp: NOON }, NOON);
    return source(book);
  };

  it.each([
    ['the last trade inside bid and ask', '100', '99', '101', 'LAST', '100'],
    ['the last trade at the bid', '99', '99', '101', 'LAST', '99'],
    ['the last trade where nothing else is quoted', '100', null, null, 'LAST', '100'],
    ['the middle where the last trade lies outside', '102', '99', '101', 'MID', '100'],
    ['the ask where there is no bid', '102', null, '101', 'ASK', '101'],
    ['the bid where there is no ask', '98', '99', null, 'BID', '99'],
  ])('is %s', (_, price, bid, ask, referenceSource, reference) => {
    expect(quote(price, bid, ask)).toMatchObject({ referenceSource, referencePrice: scaled(reference) });
  });

  it('is missing: rejected; the previous close serves reductions only, with a warning', () => {
    const book = aBook();
    book.setInstrument(instrument('IBM'), NOON);
    const ibm = { symbol: 'IBM' };
    expect(codesOf(book.decide(order('BUY', '1', ibm), NOON))[0]).toBe('NO_REFERENCE_PRICE');
    book.close({ symbol: 'IBM', price: scaled('100'), timestamp: NOON - DAY_MS }, NOON);
    holds(book, '10', ibm);
    expect(codesOf(book.check(order('BUY', '1', ibm), NOON))[0]).toBe('NO_REFERENCE_PRICE');
    const { decision } = book.check(order('SELL', '10', ibm), NOON);
    expect(decision).toMatchObject({ decision: 'ACCEPT_WITH_WARNING', allowOrder: true });
    expect(decision.warnings).toContain('NO_REFERENCE_PRICE');
  });

  it('is stale after 60 s: nothing opens, a reduction passes with a warning', () => {
    const book = aBook();
    holds(book, '10');
    expect(codesOf(book.check(order('BUY', '1'), NOON + 60_000))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1'), NOON + 60_001))).toEqual(['STALE_PRICE']);
    expect(book.check(order('SELL', '10'), NOON + 60_001).decision).toMatchObject({
      decision: 'ACCEPT_WITH_WARNING',
      warnings: ['STALE_PRICE'],
    });
  });
});

describe('flow of orders', () => {
  it('limits orders per second; rejected ones use the budget, CHECK does not, cancels are counted and never blocked', () => {
    const book = aBook({ maxOrdersPerSecond: 3, maxOrderQuantity: scaled('10') });
    book.check(order('BUY', '1'), NOON);
    book.decide(order('BUY', '1'), NOON);
    book.decide(order('BUY', '11'), NOON + 1);
    const cancel = { action: 'CANCEL', orderId: 'O1', accountId: 'acc', traderId: null, symbol: null } as const;
    book.decide(cancel, NOON + 2);
    expect(codesOf(book.decide(order('BUY', '1'), NOON + 999))).toEqual(['RATE_LIMIT']); // 3 + 1 > 3
    expect(book.decide(cancel, NOON + 999).decision.allowOrder).toBe(true);
    expect(codesOf(book.check(order('BUY', '1'), NOON + 2001))).toEqual([]);
  });

  it('limits a trader across accounts', () => {
    const book = aBook();
    book.setLimits(
      { level: 'TRADER', id: 'tom', limits: { maxOrdersPerSecond: 1, maxOrderQuantity: scaled('5') }, version: 1 },
      NOON,
    );
    expect(codesOf(book.decide(order('BUY', '5', { traderId: 'tom' }), NOON))).toEqual([]);
    const outcome = book.decide(order('BUY', '6', { traderId: 'tom', accountId: 'acc2' }), NOON);
    expect(codesOf(outcome)).toEqual(['MAX_ORDER_QTY', 'RATE_LIMIT']);
    expect(resultOf(outcome, 'RATE_LIMIT')).toMatchObject({ level: 'TRADER', levelId: 'tom' });
  });

  it('limits orders of the same content per second, the first included', () => {
    const book = aBook({ maxDuplicatesPerSecond: 2 });
    for (let i = 0; i < 2; i++) expect(codesOf(book.decide(order('BUY', '7'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('BUY', '8'), NOON))).toEqual([]);
    expect(codesOf(book.decide(order('BUY', '7'), NOON))).toEqual(['DUPLICATE_CONTENT']);
    expect(codesOf(book.decide(order('BUY', '7'), NOON + 1000))).toEqual([]);
  });

  it('limits open orders, and frees one when it ends', () => {
    const book = aBook({ maxOpenOrders: 1 });
    const first = order('BUY', '1');
    book.decide(first, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual(['OPEN_ORDER_LIMIT']);
    book.update({ orderId: first.orderId, accountId: 'acc', status: 'CANCELLED', timestamp: NOON }, NOON);
    expect(codesOf(book.decide(order('BUY', '1'), NOON))).toEqual([]);
  });

  it('rejects what would trade with an own working order of the same account', () => {
    const book = aBook();
    book.decide(order('SELL', '1', { price: scaled('101') }), NOON);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('100.99') }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('101') }), NOON))).toEqual(['SELF_TRADE']);
    expect(codesOf(book.check(order('BUY', '1', { type: 'MARKET', price: null }), NOON))).toEqual(['SELF_TRADE']);
    expect(codesOf(book.check(order('BUY', '1', { price: scaled('101'), accountId: 'acc2' }), NOON))).toEqual([]);
  });

  it('holds an order to its word that it only reduces', () => {
    const book = aBook();
    holds(book, '10');
    expect(codesOf(book.check(order('SELL', '10', { reduceOnly: true }), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '11', { reduceOnly: true }), NOON))).toEqual([
      'REDUCE_ONLY_WOULD_INCREASE',
    ]);
  });

  it('rejects a new order whose id is working already', () => {
    const book = aBook();
    const first = order('BUY', '1');
    book.decide(first, NOON);
    expect(codesOf(book.decide({ ...first, quantity: scaled('2') }, NOON))).toEqual(['DUPLICATE_ID']);
  });
});

describe('position and exposure', () => {
  it('counts position + working buys + the order against the long limit; sells do not net', () => {
    const book = aBook({ maxLongQuantity: scaled('100') });
    holds(book, '40');
    book.decide(order('BUY', '30'), NOON);
    book.decide(order('SELL', '20', { price: scaled('101') }), NOON);
    expect(codesOf(book.check(order('BUY', '30'), NOON))).toEqual([]); // 40 + 30 + 30 = 100
    expect(codesOf(book.check(order('BUY', '31'), NOON))).toEqual(['POSITION_LIMIT']);
  });

  it('counts the opening part of a flip', () => {
    const book = aBook({ maxShortQuantity: scaled('5') });
    holds(book, '40');
    expect(codesOf(book.check(order('SELL', '45'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('SELL', '46'), NOON))).toEqual(['POSITION_LIMIT']); // 46 − 40 = 6 > 5
  });

  it('sums the worst of each account at the desk and at the instrument: nothing nets', () => {
    const book = aBook();
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxLongQuantity: scaled('100') }, version: 1 }, NOON);
    book.setLimits({ level: 'INSTRUMENT', id: 'AAPL', limits: { maxLongQuantity: scaled('100') }, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-50', { accountId: 'acc2' });
    const outcome = book.check(order('BUY', '41'), NOON); // 60 + 41 + 0 > 100
    expect(outcome.decision.reasons.map(({ level }) => level)).toEqual(['DESK', 'INSTRUMENT']);
    expect(codesOf(book.check(order('BUY', '40'), NOON))).toEqual([]);
  });

  it('rejects a buy that lifts gross exposure past its limit at the desk', () => {
    const book = aBook();
    book.setLimits({ level: 'DESK', id: 'desk', limits: { maxGrossExposure: money('10000') }, version: 1 }, NOON);
    holds(book, '60');
    holds(book, '-30', { accountId: 'acc2' });
    expect(codesOf(book.check(order('BUY', '10'), NOON))).toEqual([]); // 6,000 + 3,000 + 1,000
    const outcome = book.check(order('BUY', '11'), NOON);
    expect(resultOf(outcome, 'GROSS_EXPOSURE', 'desk')).toMatchObject({
      status: 'BREACH',
      before: money('9000'),
      after: money('10100'),
      limit: money('10000'),
    });
  });

  it('locks the larger of order price and reference', () => {
    const book = aBook({ maxGrossExposure: money('10000') });
    expect(codesOf(book.check(order('BUY', '100', { price: scaled('90') }), NOON))).toEqual([]); // 100 × 100
    expect(codesOf(book.check(order('BUY', '99', { price: scaled('102') }), NOON))).toEqual(['GROSS_EXPOSURE']); // 10,098
  });

  it('lets a reduction pass limits that are exceeded already', () => {
    const book = aBook({ maxGrossExposure: money('5000'), maxLongQuantity: scaled('50') });
    holds(book, '60');
    expect(codesOf(book.check(order('SELL', '60'), NOON))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['POSITION_LIMIT', 'GROSS_EXPOSURE']);
  });

  it('takes net exposure as the larger of all buys filled and all sells filled, and rejects only what raises it', () => {
    const book = aBook({ maxNetExposure: money('5000') });
    holds(book, '60');
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['NET_EXPOSURE']); // 6,100 > 5,000
    expect(codesOf(book.check(order('SELL', '120', { symbol: 'MSFT' }), NOON))).toEqual([]); // |6,000 − 12,000| = before
    expect(codesOf(book.check(order('SELL', '121', { symbol: 'MSFT' }), NOON))).toEqual(['NET_EXPOSURE']);
  });

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

  it('asks for equity where a ratio needs it', () => {
    const book = aBook();
    holds(book, '10');
    book.setAccount(account('acc', { equity: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['EQUITY_MISSING']);
    expect(book.check(order('SELL', '1'), NOON).decision.decision).toBe('ACCEPT_WITH_WARNING');
  });

  it('lets a cash account buy with its cash less reserved buys, and never sell short', () => {
    const book = aBook();
    book.setAccount(account('acc', { accountType: 'CASH', cash: money('10000') }), NOON);
    book.decide(order('BUY', '60'), NOON);
    expect(codesOf(book.check(order('BUY', '40'), NOON))).toEqual([]); // 6,000 + 4,000 = 10,000
    expect(codesOf(book.check(order('BUY', '41'), NOON))).toEqual(['BUYING_POWER']);
    expect(codesOf(book.check(order('SELL', '1', { price: scaled('101') }), NOON))).toEqual(['BUYING_POWER']);
    book.setAccount(account('acc', { accountType: 'CASH', cash: null }), NOON);
    expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['BUYING_POWER']);
  });

  it('keeps worst gross exposure within the leverage, and asks to reduce where it is exceeded already', () => {
    const book = aBook({ maxLeverage: 2n * ONE });
    book.setAccount(account('acc', { equity: money('10000') }), NOON);
    expect(codesOf(book.check(order('BUY', '200'), NOON))).toEqual([]); // 20,000 / 10,000 = 2
    expect(codesOf(book.check(order('BUY', '201'), NOON))).toEqual(['LEVERAGE']);
    holds(book, '250');
    expect(book.check(order('BUY', '1'), NOON).decision.controlActions).toEqual(['REDUCE_POSITION']);
  });

  it('opens nothing while the account holds something without any price', () => {
    const book = aBook();
    book.snapshot(
      { accountId: 'acc', asOf: NOON, positions: [{ symbol: 'GHOST', quantity: ONE, averagePrice: null }] },
      NOON,
    );
    expect(codesOf(book.check(order('BUY', '1'), NOON))[0]).toBe('NO_REFERENCE_PRICE');
  });
});

describe('value at risk of an order', () => {
  // T = 20, 95 %: k = 1, the worst scenario, −2 % of AAPL and +2 % of MSFT.
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

  it('opens nothing on history that is missing or older than 7 days', () => {
    const book = aBook();
    book.setInstrument(instrument('IBM'), NOON);
    quoted(book, 'IBM', '100');
    expect(codesOf(book.check(order('BUY', '1', { symbol: 'IBM' }), NOON))).toEqual(['RISK_DATA_STALE']);
    const later = NOON + 6 * DAY_MS + 1;
    quoted(book, 'AAPL', '100', later);
    expect(codesOf(book.check(order('BUY', '1'), later))).toEqual(['RISK_DATA_STALE']);
    limited(book, 'acc', { maxHistoryAgeMs: 36500 * DAY_MS });
    const { decision } = book.check(order('BUY', '1'), later);
    expect(decision).toMatchObject({ decision: 'ACCEPT_WITH_WARNING', warnings: ['RISK_DATA_OLD'] });
  });

  it('uses the configured 0.05 where the path sets no limit', () => {
    const book = aBook({ maxVarRatio: undefined });
    expect(codesOf(book.check(order('BUY', '25000'), NOON))).toEqual([]); // 2 % × 2,500,000 = 5 % of equity
    expect(codesOf(book.check(order('BUY', '25001'), NOON))).toEqual(['VAR_LIMIT']);
  });
});

describe('daily loss and drawdown', () => {
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

  it('measures drawdown from the peak, and latches each second without an order', () => {
    const book = aBook({ maxDrawdownRatio: scaled('0.01') });
    holds(book, '1000');
    quoted(book, 'AAPL', '110');
    book.tick(NOON); // peak 1,010,000
    quoted(book, 'AAPL', '99.9');
    expect(book.tick(NOON + 1000).filter(({ kind }) => kind === 'ALERT')).toEqual([]); // 10,100 / 1,010,000 = 0.01
    quoted(book, 'AAPL', '99.89');
    expect(book.tick(NOON + 2000).filter(({ kind }) => kind === 'ALERT')).toHaveLength(1);
    expect(book.tick(NOON + 3000).filter(({ kind }) => kind === 'ALERT')).toEqual([]);
  });
});

it('a fill for one order leaves the checks of the next one with its position', () => {
  const book = aBook({ maxLongQuantity: scaled('10') });
  const first = order('BUY', '10');
  book.decide(first, NOON);
  book.update(fill(first, '10'), NOON);
  expect(codesOf(book.check(order('BUY', '1'), NOON))).toEqual(['POSITION_LIMIT']);
});
