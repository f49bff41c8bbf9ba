import type { CheckReply, DecisionReply, ReasonReply } from './decision.schema.js';
import type { OrderUpdatesTaken } from './order-update.schema.js';

/**
 * A request for each route with its reply: the demo firm with a quote of now for each symbol that is traded. Lists of
 * checks are abridged.
 */

const OF_FIRM = { level: 'FIRM', level_id: 'firm_demo' } as const;
const OF_GROWTH = { level: 'ACCOUNT', level_id: 'acc_growth' } as const;

export const passed = (code: string, figures: Partial<CheckReply>): CheckReply => ({
  code,
  status: 'PASS',
  ...OF_FIRM,
  before: null,
  after: null,
  limit: null,
  headroom: null,
  unit: null,
  soft: false,
  exact: true,
  ...figures,
});

/** The history of the demo ends in 2022, which every decision says. */
const oldHistory = {
  ...OF_FIRM,
  before: null,
  after: '95437800',
  limit: '3153600000',
  headroom: '3058162200',
  unit: 'seconds',
};

const oldHistoryReason: ReasonReply = {
  code: 'RISK_DATA_OLD',
  severity: 'WARNING',
  ...oldHistory,
  fix_reason: 21,
  message: 'the value at risk stands on old prices: the history ends 1104 days ago',
};

/** 100 MSFT at 234.53, as the old engine writes it: no account, no side, no type. */
export const accepted: DecisionReply = {
  decision_id: 'chk_1bEa82chCBkBA7ifIdyWgm',
  order_id: 'ORDER_125',
  account_id: 'default',
  action: 'NEW',
  amend_id: null,
  mode: 'CHECK',
  allow_order: true,
  decision: 'ACCEPT_WITH_WARNING',
  control_actions: [],
  reasons: [oldHistoryReason],
  checks: [
    passed('MAX_ORDER_NOTIONAL', { after: '23453.00', limit: '250000.00', headroom: '226547.00', unit: 'USD' }),
    passed('VAR_LIMIT', {
      ...{ level: 'ACCOUNT', level_id: 'default' },
      ...{ before: '0.00813271', after: '0.00862012', limit: '0.015', headroom: '0.00637988', unit: 'ratio' },
    }),
  ],
  // A buy may cost 234.53 × 1.1.
  nearest: passed('PRICE_COLLAR', { after: '234.53', limit: '257.983', headroom: '23.453', unit: 'price' }),
  max_allowed_quantity: '843',
  var: { before_ratio: 0.008132707182924323, after_ratio: 0.008620119452137382, limit_ratio: 0.015, exact: true },
  revision: 1,
  replayed: false,
  warnings: ['RISK_DATA_OLD'],
  reservation: null,
  inputs: {
    reference_price: '234.53',
    reference_source: 'LAST',
    reference_age_ms: 120,
    positions_version: 1,
    limits_version: 1,
    price_version: 1,
  },
  timestamp: '2026-01-05T14:30:00.000Z',
};

/** 206077.70 is held already; 700 × 140.20 = 98140.00 more is 4217.70 too much, and 669 × 140.20 = 93793.80 fits. */
const overGross = {
  ...OF_GROWTH,
  before: '206077.70',
  after: '304217.70',
  limit: '300000.00',
  headroom: '-4217.70',
  unit: 'USD',
};

const rejected: DecisionReply = {
  ...accepted,
  decision_id: 'chk_Xe_Nm-Q7tIgOD9qZSFmRev',
  order_id: 'ORDER_123',
  account_id: 'acc_growth',
  allow_order: false,
  decision: 'REJECT',
  reasons: [
    {
      code: 'GROSS_EXPOSURE',
      severity: 'HARD',
      ...overGross,
      fix_reason: 20,
      message: 'gross exposure of account acc_growth would be 304217.70 USD, limit 300000.00',
    },
    oldHistoryReason,
  ],
  checks: [
    passed('MAX_ORDER_NOTIONAL', { after: '98140.00', limit: '250000.00', headroom: '151860.00', unit: 'USD' }),
    passed('GROSS_EXPOSURE', { status: 'BREACH', ...overGross }),
    passed('CONCENTRATION', {
      ...OF_GROWTH,
      ...{ before: '0', after: '0.19608658', limit: '0.4', headroom: '0.20391342', unit: 'ratio' },
    }),
    passed('VAR_LIMIT', {
      ...OF_GROWTH,
      ...{ before: '0.01495208', after: '0.01732555', limit: '0.02', headroom: '0.00267445', unit: 'ratio' },
    }),
  ],
  nearest: passed('GROSS_EXPOSURE', { status: 'BREACH', ...overGross }),
  max_allowed_quantity: '669',
  var: { before_ratio: 0.014952075023799251, after_ratio: 0.017325550377889205, limit_ratio: 0.02, exact: true },
  inputs: { ...accepted.inputs, reference_price: '140.18' },
};

const tooLarge = {
  order_id: 'ORDER_123',
  account_id: 'acc_growth',
  symbol: 'WMT',
  side: 'BUY',
  quantity: '700',
  order_type: 'LIMIT',
  price: '140.20',
};

export const checkExample = { body: { ...tooLarge, mode: 'CHECK' }, reply: rejected };

export const checkBatchExample = {
  body: {
    mode: 'CHECK',
    orders: [{ order_id: 'ORDER_125', symbol: 'MSFT', quantity: 100, price: 234.53 }, tooLarge],
  },
  reply: { decisions: [accepted, rejected] },
};

const applied: OrderUpdatesTaken = { results: [{ index: 0, status: 'applied' }] };

export const updatesExample = {
  body: {
    updates: [
      {
        order_id: 'ORDER_124',
        account_id: 'acc_income',
        status: 'PARTIALLY_FILLED',
        exec_id: 'EXEC_1',
        symbol: 'MSFT',
        side: 'BUY',
        quantity: '40',
        price: '234.50',
        timestamp: '2026-01-05T14:31:00Z',
      },
    ],
  },
  reply: applied,
};
