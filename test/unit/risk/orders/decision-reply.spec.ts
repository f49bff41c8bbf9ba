import fc from 'fast-check';
import { money, scaled } from '../../../../src/book/amount.js';
import { type CheckKind, CheckResult, type CheckStatus } from '../../../../src/book/check-result.js';
import type { Decision } from '../../../../src/book/decision.js';
import type { Level, NewOrder, Side } from '../../../../src/book/inputs.js';
import { type Limits } from '../../../../src/book/limits.js';
import { decisionSchema } from '../../../../src/risk/orders/decision.schema.js';
import { decisionReply, fullReply, replayed } from '../../../../src/risk/orders/decision-reply.js';
import { decisionsText, decisionText } from '../../../../src/risk/orders/decision-text.js';
import { aBook, NOON, order, quoted } from '../../book/a-book.js';

const options = { decisionId: 'dec_1', currency: 'USD' } as const;

/** As it is answered over HTTP. */
const answerOf = (decision: Decision, currency = 'USD') => ({
  reply: decisionReply(decision, { ...options, currency }),
  checks: decision.checks,
  currency,
});
const replyTo = (decision: Decision, currency?: string) => fullReply(answerOf(decision, currency));

function decided(limits: Limits, side: Side, quantity: string, changes: Partial<NewOrder> = {}): Decision {
  return aBook(limits).decide(order(side, quantity, { orderId: 'ORDER_123', ...changes }), NOON).decision;
}

describe('the reply to an order', () => {
  it('explains a rejection as the wire contract shows it', () => {
    // 790,000 are held at the desk's level already; 150 × 100 more are over 800,000.
    const gross = { code: 'GROSS_EXPOSURE', fixReason: 20, unit: 'money' } as const;
    const [before, after, limit] = ['790000', '805000', '800000'].map(money);
    const breach = new CheckResult(gross, 'BREACH', 'DESK', 'desk_us', before!, after!, limit!, null, null);
    const decision: Decision = {
      ...decided({}, 'BUY', '100'),
      decision: 'REJECT',
      allowOrder: false,
      reasons: [breach],
      checks: [breach],
      maxAllowedQuantity: scaled('66'),
    };
    const reply = replyTo(decision);
    expect(reply).toMatchObject({
      decision_id: 'dec_1',
      order_id: 'ORDER_123',
      allow_order: false,
      decision: 'REJECT',
    });
    expect(reply.reasons).toEqual([
      {
        code: 'GROSS_EXPOSURE',
        severity: 'HARD',
        level: 'DESK',
        level_id: 'desk_us',
        before: '790000.00',
        after: '805000.00',
        limit: '800000.00',
        headroom: '-5000.00',
        unit: 'USD',
        fix_reason: 20,
        message: 'gross exposure of desk desk_us would be 805000.00 USD, limit 800000.00',
      },
    ]);
    expect(reply.max_allowed_quantity).toBe('66');
  });

  it('of an accepted order says what it holds and what it was measured by', () => {
    const reply = replyTo(decided({}, 'BUY', '100', { price: scaled('100.5') }));
    expect(reply).toMatchObject({
      action: 'NEW',
      amend_id: null,
      mode: 'RESERVE',
      allow_order: true,
      decision: 'ACCEPT',
      reasons: [],
      warnings: [],
      control_actions: [],
      max_allowed_quantity: null,
      revision: 1,
      replayed: false,
      reservation: { quantity: '100', lock_price: '100.50', notional: '10050.00', expires_at: null },
      inputs: { reference_price: '100.00', reference_source: 'LAST', reference_age_ms: 0 },
      timestamp: '2026-01-05T12:00:00.000Z',
    });
    expect(reply.checks).toContainEqual({
      code: 'MAX_ORDER_QTY',
      status: 'PASS',
      level: 'ACCOUNT',
      level_id: 'acc',
      before: null,
      after: '100',
      limit: '1000000',
      headroom: '999900',
      unit: 'units',
      soft: false,
      exact: true,
    });
  });

  it('tells an approval that is waited for from a hard limit', () => {
    const reply = decisionReply(decided({ approvalOrderQuantity: scaled('50') }, 'BUY', '100'), options);
    expect(reply).toMatchObject({
      decision: 'PENDING_APPROVAL',
      control_actions: ['REQUIRE_APPROVAL'],
      reasons: [{ code: 'MAX_ORDER_QTY', severity: 'SOFT', headroom: '-50' }],
      reservation: { expires_at: '2026-01-05T12:05:00.000Z' },
    });
  });

  it('warns where only the data is old', () => {
    const book = aBook();
    book.snapshot(
      {
        accountId: 'acc',
        asOf: NOON - 1,
        positions: [{ symbol: 'AAPL', quantity: scaled('500'), averagePrice: null }],
      },
      NOON,
    );
    const { decision } = book.decide(order('SELL', '100'), NOON + 90_000);
    expect(decisionReply(decision, options)).toMatchObject({
      decision: 'ACCEPT_WITH_WARNING',
      reasons: [{ code: 'STALE_PRICE', severity: 'WARNING', after: '90', limit: '60', unit: 'seconds' }],
      warnings: ['STALE_PRICE'],
    });
  });

  it('lists the nearest check alone where that is asked for', () => {
    const book = aBook({ maxOrderQuantity: scaled('101') });
    const { decision } = book.decide(order('BUY', '100'), NOON, { detail: 'nearest' });
    const reply = replyTo(decision);
    expect(reply.checks).toBeNull();
    expect(reply.nearest).toMatchObject({
      code: 'MAX_ORDER_QTY',
      status: 'PASS',
      after: '100',
      limit: '101',
      headroom: '1',
    });
  });

  it('is given to a retry without its checks', () => {
    const reply = decisionReply(decided({}, 'BUY', '100'), options);
    expect(reply.checks).toBeNull();
    expect(replayed(reply)).toEqual({ ...reply, replayed: true });
  });

  it('counts money in the minor unit of the currency', () => {
    const decision = decided({}, 'BUY', '100');
    const notional = (currency: string) => decisionReply(decision, { ...options, currency }).reservation?.notional;
    expect([notional('JPY'), notional('USD'), notional('KWD')]).toEqual(['10000', '10000.00', '10000.000']);
  });

  it('has no number that JSON cannot write where there is no equity', () => {
    const valueAtRisk = { beforeRatio: 0, afterRatio: Number.MAX_VALUE, limitRatio: 0.05, exact: true };
    const reply = decisionReply({ ...decided({}, 'BUY', '100'), valueAtRisk }, options);
    expect(reply.var).toEqual({ before_ratio: 0, after_ratio: null, limit_ratio: 0.05, exact: true });
  });

  it('of a cancel has no figures', () => {
    const cancel = { action: 'CANCEL', orderId: 'O1', accountId: 'acc', traderId: null, symbol: null } as const;
    const { decision } = aBook().decide(cancel, NOON);
    expect(replyTo(decision)).toMatchObject({
      action: 'CANCEL',
      allow_order: true,
      checks: [],
      nearest: null,
    });
  });

  it('always fits its schema, also behind JSON, and shows no hard breach without a negative headroom', () => {
    const orders = fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      quantity: fc.constantFrom('1', '0.5', '100', '333', '12345678'),
      price: fc.constantFrom(null, scaled('100'), scaled('99.995'), scaled('150'), scaled('-1')),
      symbol: fc.constantFrom('AAPL', 'MSFT', 'NONE'),
      accountId: fc.constantFrom('acc', 'nobody'),
      reduceOnly: fc.boolean(),
      detail: fc.constantFrom('full' as const, 'nearest' as const),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    });
    const tight: Limits = {
      maxGrossExposure: money('30000.005'),
      maxNetExposure: money('20000'),
      maxOrderNotional: money('33299.99'),
      maxLongQuantity: scaled('150'),
      maxLeverage: scaled('0.03'),
      maxPositionRatio: scaled('0.01'),
      maxVarRatio: scaled('0.0004'),
      priceCollarRatio: scaled('0.00005'),
      maxDrawdownRatio: scaled('0.1'),
      maxDailyLoss: money('10'),
      maxOrdersPerSecond: 3,
    };
    fc.assert(
      fc.property(fc.array(orders, { minLength: 1, maxLength: 5 }), (sent) => {
        const book = aBook(tight);
        quoted(book, 'MSFT', '100.125');
        for (const { side, quantity, price, detail, currency, ...changes } of sent) {
          const type = price === null ? 'MARKET' : 'LIMIT';
          const { decision } = book.decide(order(side, quantity, { price, type, ...changes }), NOON, { detail });
          const answer = answerOf(decision, currency);
          const reply = fullReply(answer);
          expect(decisionSchema.parse(JSON.parse(JSON.stringify(reply)))).toEqual(reply);
          expect(decisionText(answer)).toBe(JSON.stringify(reply));
          for (const { headroom, severity, code } of reply.reasons) {
            if (headroom !== null && severity === 'HARD') expect([code, Number(headroom) < 0]).toEqual([code, true]);
          }
        }
      }),
    );
  });

  it('is written over HTTP in the same words, whatever a check says', () => {
    const result = fc
      .record({
        kind: fc.constantFrom<CheckKind>(
          { code: 'MONEY', fixReason: 20, unit: 'money' },
          { code: 'UNITS', fixReason: 3, unit: 'units', soft: true },
          { code: 'RATIO', fixReason: 20, unit: 'ratio' },
          { code: 'NONE', fixReason: 99, unit: 'none' },
        ),
        status: fc.constantFrom<CheckStatus>('PASS', 'BREACH', 'WARN', 'NOT_APPLICABLE', 'ERROR'),
        scope: fc.constantFrom<readonly [Level | null, string | null]>(
          [null, null],
          ['ACCOUNT', 'acc'],
          ['ACCOUNT', 'another'],
          ['TRADER', 'acc'],
          ['ACCOUNT', null],
        ),
        figures: fc.tuple(...Array.from({ length: 3 }, () => fc.option(fc.bigInt(-(10n ** 32n), 10n ** 32n)))),
        exact: fc.boolean(),
      })
      .map(({ kind, status, scope, figures: [before = null, after = null, limit = null], exact }) => {
        const base = kind.unit === 'ratio' ? 10n ** 28n : null;
        return new CheckResult(kind, status, ...scope, before, after, limit, base, null, exact);
      });
    const decision = decided({}, 'BUY', '100', { orderId: '"checks":null' });
    fc.assert(
      fc.property(fc.array(result), fc.constantFrom('USD', 'JPY'), (checks, currency) => {
        const answer = answerOf({ ...decision, checks }, currency);
        expect(decisionText(answer)).toBe(JSON.stringify(fullReply(answer)));
        const alone = { ...answer, checks: null };
        const both = { decisions: [answer, alone].map(fullReply) };
        expect(decisionsText([answer, alone])).toBe(JSON.stringify(both));
      }),
    );
  });
});
