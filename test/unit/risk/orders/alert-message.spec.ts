import { money, ONE, scaled } from '../../../../src/book/amount.js';
import { CheckResult } from '../../../../src/book/check-result.js';
import type { BookAlert } from '../../../../src/book/effects.js';
import { alertMessage } from '../../../../src/risk/orders/alert.schema.js';
import { alertMessageOf } from '../../../../src/risk/orders/alert-message.js';

const AT = Date.UTC(2026, 0, 5, 12);
const read = (alert: BookAlert, at = AT) => alertMessage.parse(alertMessageOf(alert, { currency: 'USD', at }));

const gross = { code: 'GROSS_EXPOSURE', fixReason: 20, unit: 'money' } as const;
const breachOf = (kind: CheckResult['kind'], [before, after, limit]: (bigint | number)[]): BookAlert => ({
  code: 'LIMIT_BREACH',
  accountId: 'acc_1',
  orderId: 'O1',
  symbol: 'AAPL',
  reason: new CheckResult(kind, 'BREACH', 'DESK', 'desk_us', before!, after!, limit!, null, null),
});
const breach = breachOf(gross, ['790000', '805000', '800000'].map(money));

const fill: BookAlert = {
  code: 'UNEXPECTED_FILL',
  cause: 'OVERFILL',
  fill: {
    orderId: 'O1',
    accountId: 'acc_1',
    status: 'FILLED',
    execId: 'E1',
    symbol: 'AAPL',
    side: 'SELL',
    quantity: scaled('40'),
    price: scaled('98'),
    timestamp: AT - 5,
  },
};
const latch: BookAlert = {
  code: 'LATCH',
  latch: 'DAILY_LOSS',
  level: 'DESK',
  id: 'desk_us',
  loss: money('5000.5'),
  limit: money('4000'),
};
const killSwitch: BookAlert = {
  code: 'KILL_SWITCH',
  level: 'TRADER',
  id: 'tom',
  reason: 'runs wild',
  actor: 'ops.night',
};

describe('an alert of the order book', () => {
  it('of a breached limit says which order, which limit, and by how much', () => {
    expect(read(breach)).toEqual({
      alert_id: expect.stringMatching(/^alt_[\w-]{22}$/),
      rule_id: null,
      account_id: 'acc_1',
      order_id: 'O1',
      code: 'LIMIT_BREACH',
      severity: 'MEDIUM',
      message:
        'order O1 of account acc_1 was rejected: gross exposure of desk desk_us would be 805000.00 USD, limit 800000.00',
      details: {
        level: 'DESK',
        level_id: 'desk_us',
        reason: 'GROSS_EXPOSURE',
        before: '790000.00',
        after: '805000.00',
        limit: '800000.00',
        headroom: '-5000.00',
        unit: 'USD',
      },
      state: 'FIRING',
      created_at: '2026-01-05T12:00:00.000Z',
    });
    const valueAtRisk = { code: 'VAR_LIMIT', fixReason: 21, unit: 'fraction' } as const;
    expect(read(breachOf(valueAtRisk, [0.04, 0.06, 0.05])).severity).toBe('HIGH');
  });

  it('of a latch says what was lost and that a person must clear it', () => {
    expect(read(latch)).toMatchObject({
      account_id: 'desk_us',
      order_id: null,
      severity: 'CRITICAL',
      message:
        'desk desk_us has lost 5000.50 USD since the start of the session, limit 4000.00: ' +
        'until a person sets it ACTIVE it takes only orders that reduce',
      details: { latch: 'DAILY_LOSS', loss: '5000.50', limit: '4000.00', unit: 'USD' },
    });
    expect(read({ ...latch, latch: 'DRAWDOWN', limit: ONE / 10n })).toMatchObject({
      message: expect.stringContaining('has lost 5000.50 USD from its peak, limit 0.1 of the peak'),
      details: { limit: '0.1', unit: 'ratio' },
    });
  });

  it('of a kill switch says who and why', () => {
    expect(read(killSwitch)).toMatchObject({
      account_id: null,
      severity: 'CRITICAL',
      message: 'ops.night halted trader tom: runs wild',
      details: { level: 'TRADER', level_id: 'tom', reason: 'runs wild', actor: 'ops.night' },
    });
  });

  it('of an unexpected fill says what came and what is wrong with it', () => {
    expect(read(fill)).toMatchObject({
      account_id: 'acc_1',
      order_id: 'O1',
      severity: 'HIGH',
      message: 'fill E1 of order O1, SELL 40 AAPL at 98.00, is for more than the order had open',
      details: { cause: 'OVERFILL', quantity: '40', price: '98.00', timestamp: '2026-01-05T11:59:59.995Z' },
    });
    // Nothing was booked: what we hold is not what we think.
    expect(read({ ...fill, cause: 'UNKNOWN_ACCOUNT' } as BookAlert).severity).toBe('CRITICAL');
  });

  it('has the same id whenever it is told again, and no other has it', () => {
    const alerts = [breach, fill, latch, killSwitch, { ...killSwitch, reason: 'still' } as BookAlert];
    expect(alerts.map((alert) => read(alert).alert_id)).toEqual(alerts.map((alert) => read(alert).alert_id));
    const ids = [...alerts.map((alert) => read(alert).alert_id), read(breach, AT + 1).alert_id];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
