import { money, scaled } from '../../../src/book/amount.js';
import type { AmendOrder, NewOrder } from '../../../src/book/inputs.js';
import { DAY_MS } from '../../../src/book/limits.js';
import type { RiskBook } from '../../../src/book/risk-book.js';
import { aBook, account, codesOf, fill, holds, NOON, order, quoted, reservedOf } from './a-book.js';

const positionOf = (book: RiskBook) => book.records().positions.find(({ accountId }) => accountId === 'acc')?.quantity;
const event = (
  { orderId, accountId }: NewOrder,
  status: 'CANCELLED' | 'REJECTED' | 'EXPIRED' | 'AMENDED' | 'AMEND_REJECTED',
) => ({
  orderId,
  accountId,
  status,
  timestamp: NOON,
});

describe('a reservation', () => {
  it('moves into the position fill by fill and gives back the price difference', () => {
    const book = aBook();
    const buy = order('BUY', '100', { price: scaled('110') });
    book.decide(buy, NOON);
    expect(reservedOf(book)).toMatchObject({ used: 0n, reserved: money('11000') }); // 100 × max(110, 100)
    expect(book.update(fill(buy, '40', { price: scaled('98') }), NOON).status).toBe('applied');
    expect(reservedOf(book)).toMatchObject({ used: money('4000'), reserved: money('6600') });
    book.update(fill(buy, '60', { status: 'FILLED' }), NOON);
    expect(reservedOf(book)).toMatchObject({ used: money('10000'), reserved: 0n });
    expect(book.records().working).toEqual([]);
  });

  it.each(['CANCELLED', 'REJECTED', 'EXPIRED'] as const)('is released when the venue says %s', (status) => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    book.update(fill(buy, '10'), NOON);
    const { effects } = book.update(event(buy, status), NOON);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'DONE', cause: status }));
    expect(reservedOf(book)).toMatchObject({ used: money('1000'), reserved: 0n });
  });

  it('stays through a cancel until the venue has cancelled', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    const { orderId, accountId } = buy;
    const outcome = book.decide({ action: 'CANCEL', orderId, accountId, traderId: null, symbol: null }, NOON);
    expect(outcome.decision.decision).toBe('ACCEPT');
    expect(reservedOf(book).reserved).toBe(money('10000'));
  });

  it('is what the venue amended, and somebody is told where nobody had decided that', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    const { orderId, accountId } = buy;
    const amended = { status: 'AMENDED', orderId, accountId, timestamp: NOON } as const;
    for (const [amendId, quantity] of [
      [null, scaled('300')],
      ['foreign', scaled('200')],
    ] as const) {
      const outcome = book.update({ ...amended, amendId, quantity }, NOON);
      expect(outcome.status).toBe('unexpected');
      const alert = { code: 'UNEXPECTED_AMEND', accountId, orderId, amendId, quantity, cause: 'UNKNOWN_AMEND' };
      expect(outcome.effects).toContainEqual({ kind: 'ALERT', alert });
      expect(reservedOf(book).reserved).toBe((quantity * money('100')) / scaled('1'));
      // Told once more it changes nothing.
      expect(book.update({ ...amended, amendId, quantity }, NOON)).toEqual({ status: 'unexpected', effects: [] });
    }
    book.decide({ ...buy, action: 'AMEND', amendId: 'A1', quantity: scaled('210') }, NOON);
    const other = book.update({ ...amended, amendId: 'A1', quantity: scaled('220') }, NOON);
    expect(other.effects.at(-1)).toMatchObject({ alert: { cause: 'OTHER_QUANTITY', quantity: scaled('220') } });
    expect(reservedOf(book).reserved).toBe(money('22000'));
    book.decide({ ...buy, action: 'AMEND', amendId: 'A2', quantity: scaled('230') }, NOON);
    expect(book.update({ ...amended, amendId: 'A2' }, NOON).status).toBe('applied');
    expect(book.update({ ...amended, status: 'AMEND_REJECTED', amendId: 'A2' }, NOON).status).toBe('unexpected');
  });

  it.each([
    ['CANCELLED', 'the order was cancelled'],
    ['EXPIRED', 'the order has expired'],
    ['FILLED', 'the order is filled'],
  ] as const)('of an order that waits for its approval ends with a rejection when it is %s', (status, detail) => {
    const book = aBook({ approvalOrderQuantity: scaled('1000') });
    const buy = order('BUY', '1500');
    expect(book.decide(buy, NOON).decision.decision).toBe('PENDING_APPROVAL');
    const { orderId, accountId } = buy;
    const { effects } = book.update(
      status === 'FILLED' ? fill(buy, '1500', { status }) : { status, orderId, accountId, timestamp: NOON },
      NOON,
    );
    const ends = effects.filter(({ kind }) => kind === 'DECISION');
    expect(ends).toMatchObject([
      {
        decision: {
          orderId,
          revision: 2,
          decision: 'REJECT',
          reasons: [{ kind: { code: 'APPROVAL_WITHDRAWN' }, detail }],
        },
      },
    ]);
  });

  it('books an exec id once', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    const partial = fill(buy, '40');
    expect(book.update(partial, NOON).status).toBe('applied');
    expect(book.update(partial, NOON)).toEqual({ status: 'duplicate', effects: [] });
    const other = { ...partial, quantity: scaled('41') };
    expect(book.update(other, NOON)).toEqual({
      status: 'duplicate',
      effects: [{ kind: 'ALERT', alert: { code: 'UNEXPECTED_FILL', fill: other, cause: 'OTHER_CONTENT' } }],
    });
    expect(positionOf(book)).toBe(scaled('40'));
  });

  it('books a fill for more than ordered, and alerts', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    const { status, effects } = book.update(fill(buy, '120'), NOON);
    expect(status).toBe('unexpected');
    expect(alertsOf(effects)).toEqual(['OVERFILL']);
    expect(positionOf(book)).toBe(scaled('120'));
    expect(reservedOf(book).reserved).toBe(0n);
  });

  it('books late and unknown fills, and alerts', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    expect(alertsOf(book.update(fill(buy, '30'), NOON).effects)).toEqual(['UNKNOWN_ORDER']);
    expect(positionOf(book)).toBe(scaled('30'));
    expect(alertsOf(book.update(fill({ ...buy, accountId: 'nobody' }, '1'), NOON).effects)).toEqual([
      'UNKNOWN_ACCOUNT',
    ]);
  });

  it('of an order that arrives after its own fill holds only the rest', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.update(fill(buy, '30'), NOON);
    const { decision } = book.decide(buy, NOON);
    expect(decision.reservation).toMatchObject({ quantity: scaled('70'), money: money('7000') });
  });

  it('shrinks without the position where a snapshot contains the fill already', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    book.snapshot(
      {
        accountId: 'acc',
        asOf: NOON + 500,
        positions: [{ symbol: 'AAPL', quantity: scaled('40'), averagePrice: null }],
      },
      NOON + 600,
    );
    expect(reservedOf(book)).toMatchObject({ used: money('4000'), reserved: money('10000') });
    book.update(fill(buy, '40', { timestamp: NOON + 500 }), NOON + 700);
    expect(reservedOf(book)).toMatchObject({ used: money('4000'), reserved: money('6000') });
    book.update(fill(buy, '10', { timestamp: NOON + 501 }), NOON + 700);
    expect(reservedOf(book)).toMatchObject({ used: money('5000'), reserved: money('5000') });
  });

  it('is freed by hand with a reason', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    const input = { accountId: 'acc', orderId: buy.orderId, actor: 'eve', reason: 'engine is silent' };
    const { released, effects } = book.release(input, NOON);
    expect(released).toBe(true);
    expect(effects).toContainEqual(
      expect.objectContaining({ kind: 'DONE', cause: 'RELEASED', actor: 'eve', reason: input.reason }),
    );
    expect(book.release(input, NOON).released).toBe(false);
  });

  it('of a DAY order ends with the session, of a GTC order does not', () => {
    const book = aBook();
    book.decide(order('BUY', '10'), NOON);
    book.decide(order('BUY', '20', { timeInForce: 'GTC' }), NOON);
    const effects = book.tick(NOON + DAY_MS / 2);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'DONE', cause: 'SESSION_END' }));
    expect(reservedOf(book).reserved).toBe(money('2000'));
  });
});

describe('an amend', () => {
  const amend = (of: NewOrder, amendId: string, changes: Partial<AmendOrder>): AmendOrder => ({
    ...of,
    ...changes,
    action: 'AMEND',
    amendId,
  });

  it.each([
    ['more', '150', '15000', '15000', '10000'],
    ['less', '50', '10000', '5000', '10000'],
  ])('to %s holds the larger until the venue answers', (_, quantity, meanwhile, amended, rejected) => {
    for (const [status, expected] of [
      ['AMENDED', amended],
      ['AMEND_REJECTED', rejected],
    ] as const) {
      const book = aBook();
      const buy = order('BUY', '100');
      book.decide(buy, NOON);
      expect(codesOf(book.decide(amend(buy, 'A1', { quantity: scaled(quantity) }), NOON))).toEqual([]);
      expect(reservedOf(book).reserved).toBe(money(meanwhile));
      book.update({ ...event(buy, status), ...(status === 'AMENDED' ? { quantity: scaled(quantity) } : {}) }, NOON);
      expect(reservedOf(book).reserved).toBe(money(expected));
    }
  });

  it('is checked for what it adds, filled part included in its quantity', () => {
    const book = aBook({ maxLongQuantity: scaled('120') });
    const buy = order('BUY', '100');
    book.decide(buy, NOON);
    book.update(fill(buy, '60'), NOON);
    expect(codesOf(book.check(amend(buy, 'A1', { quantity: scaled('120') }), NOON))).toEqual([]); // 60 + (120 − 60)
    expect(codesOf(book.check(amend(buy, 'A1', { quantity: scaled('121') }), NOON))).toEqual(['POSITION_LIMIT']);
  });

  it('of an order that does not work, or to another side, is invalid', () => {
    const book = aBook();
    const buy = order('BUY', '100');
    expect(codesOf(book.decide(amend(buy, 'A1', {}), NOON))).toEqual(['ORDER_INVALID']);
    book.decide(buy, NOON);
    expect(codesOf(book.decide(amend(buy, 'A1', { side: 'SELL' }), NOON))[0]).toBe('ORDER_INVALID');
  });
});

describe('approvals', () => {
  const held = () => {
    const book = aBook({ approvalOrderQuantity: scaled('10'), maxGrossExposure: money('10000') });
    const buy = order('BUY', '100', { submitter: 'sue' });
    const { decision } = book.decide(buy, NOON);
    expect(decision).toMatchObject({ decision: 'PENDING_APPROVAL', controlActions: ['REQUIRE_APPROVAL'] });
    expect(decision.reservation).toMatchObject({ money: money('10000'), expiresAt: NOON + 300_000 });
    const by = (actor: string) => ({ accountId: 'acc', orderId: buy.orderId, amendId: null, actor, reason: 'ok' });
    return { book, buy, by };
  };

  it('hold, and pass the second check without their own hold', () => {
    const { book, by } = held();
    const outcome = book.approve(by('eve'), NOON + 1000);
    expect(outcome).toMatchObject({ refused: null, decision: { decision: 'ACCEPT', revision: 2 } }); // 10,000, not 20,000
    expect(reservedOf(book).reserved).toBe(money('10000'));
    expect(book.approve(by('eve'), NOON + 1000)).toMatchObject({ refused: 'NOT_PENDING' });
  });

  it('are refused to the submitter, who changes nothing', () => {
    const { book, by } = held();
    expect(book.approve(by('sue'), NOON)).toEqual({ refused: 'SUBMITTER', effects: [] });
    expect(reservedOf(book).reserved).toBe(money('10000'));
  });

  it('are checked again: what no longer passes is rejected and released', () => {
    const { book, by } = held();
    quoted(book, 'AAPL', '101');
    const outcome = book.approve(by('eve'), NOON); // 100 × 101 > 10,000
    expect(outcome).toMatchObject({ decision: { decision: 'REJECT', revision: 2 } });
    expect(reservedOf(book).reserved).toBe(0n);
  });

  it('are refused with a reason, expire, and end with a cancel at once', () => {
    const refused = held();
    expect(refused.book.refuseApproval(refused.by('eve'), NOON)).toMatchObject({ decision: { decision: 'REJECT' } });
    expect(reservedOf(refused.book).reserved).toBe(0n);

    const expired = held();
    expect(expired.book.tick(NOON + 299_999)).toEqual([]);
    const [, decision] = expired.book.tick(NOON + 300_000);
    expect(decision).toMatchObject({ kind: 'DECISION', decision: { decision: 'REJECT', revision: 2 } });
    expect(reservedOf(expired.book).reserved).toBe(0n);

    const { book, buy } = held();
    const { orderId, accountId } = buy;
    book.decide({ action: 'CANCEL', orderId, accountId, traderId: null, symbol: null }, NOON);
    expect(reservedOf(book).reserved).toBe(0n);
  });
});

describe('equity', () => {
  const equityOf = (book: RiskBook, id: string) => {
    const record = book.records().accounts.find(({ account: { accountId } }) => accountId === id)!;
    return record;
  };

  it('changes by what the mark differs from the price of a fill, at the desk and firm too', () => {
    const book = aBook({ maxDailyLoss: money('99') });
    book.setLimits({ level: 'FIRM', id: 'firm', limits: { maxDailyLoss: money('100') }, version: 1 }, NOON);
    const buy = order('BUY', '100', { price: scaled('101') });
    book.decide(buy, NOON);
    book.update(fill(buy, '100'), NOON); // bought at 101, worth 100: −100
    const rows = book.utilisation('acc', NOON).filter(({ code }) => code === 'DAILY_LOSS');
    expect(rows.map(({ levelId, used }) => [levelId, used])).toEqual([
      ['acc', money('100')],
      ['firm', money('100')],
    ]);
  });

  it('does not jump with a snapshot; money in or out moves day start and peak', () => {
    const book = aBook();
    holds(book, '100');
    quoted(book, 'AAPL', '90');
    book.tick(NOON);
    holds(book, '500');
    expect(equityOf(book, 'acc')).toMatchObject({ dayStartEquity: money('1000000'), peakEquity: money('1000000') });
    book.setAccount(account('acc', { equity: money('899000') }), NOON); // from 999,000: 100,000 out
    expect(equityOf(book, 'acc')).toMatchObject({ dayStartEquity: money('900000'), peakEquity: money('900000') });
    expect(equityOf(book, 'firm')).toMatchObject({ dayStartEquity: money('1900000') });
  });

  it('starts a new day at the session start', () => {
    const book = aBook({ maxDailyLoss: money('1000') });
    holds(book, '100');
    quoted(book, 'AAPL', '95');
    book.tick(NOON + DAY_MS / 2);
    expect(equityOf(book, 'acc')).toMatchObject({ dayStartEquity: money('999500'), peakEquity: money('1000000') });
  });
});

const alertsOf = (effects: readonly { kind: string }[]) =>
  effects.flatMap((effect) => ('alert' in effect ? [(effect.alert as { cause: string }).cause] : []));
