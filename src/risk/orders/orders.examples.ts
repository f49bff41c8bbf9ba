import type { CheckReply, DecisionReply, ReasonReply } from './decision.schema.js';
import type { OrderUpdatesTaken } from './order-update.schema.js';

/** A request for each route with its reply, against the demo store without quotes; lists of checks are abridged. */

const check = (changes: Partial<CheckReply> & Pick<CheckReply, 'code'>): CheckReply => ({
  status: 'PASS',
  level: 'FIRM',
  level_id: 'firm_demo',
  before: null,
  after: null,
  limit: null,
  headroom: null,
  unit: null,
  soft: false,
  exact: true,
  ...changes,
});

const quantityCheck = check({ code: 'MAX_ORDER_QTY', after: '100', limit: '5000', headroom: '4900', unit: 'units' });
const oldHistory = { after: '95437800', limit: '604800', headroom: '-94833000', unit: 'seconds' };
const nearest = check({ code: 'RISK_DATA_OLD', status: 'WARN', ...oldHistory });

const oldHistoryReason: ReasonReply = {
  code: 'RISK_DATA_OLD',
  severity: 'WARNING',
  level: 'FIRM',
  level_id: 'firm_demo',
  before: null,
  ...oldHistory,
  fix_reason: 21,
  message: 'the value at risk stands on old prices: the history ends 1104 days ago',
};

const noQuote = (symbol: string, severity: ReasonReply['severity']): ReasonReply => ({
  code: 'NO_REFERENCE_PRICE',
  severity,
  level: 'INSTRUMENT',
  level_id: symbol,
  before: null,
  after: null,
  limit: null,
  headroom: null,
  unit: null,
  fix_reason: 19,
  message: `instrument ${symbol} lacks a price to measure the order by: ${symbol} has no quote, only its previous close`,
});

/** It reduces: the previous close serves. */
const reducing: DecisionReply = {
  decision_id: 'chk_Af4_j9NzTimFpg27bEyYfw',
  order_id: 'ORDER_123',
  account_id: 'acc_growth',
  action: 'NEW',
  amend_id: null,
  mode: 'CHECK',
  allow_order: true,
  decision: 'ACCEPT_WITH_WARNING',
  control_actions: [],
  reasons: [noQuote('AAPL', 'WARNING'), oldHistoryReason],
  checks: [
    quantityCheck,
    check({
      code: 'GROSS_EXPOSURE',
      before: '1167436.50',
      after: '1167436.50',
      limit: '5000000.00',
      headroom: '3832563.50',
      unit: 'USD',
    }),
    check({
      code: 'VAR_LIMIT',
      level: 'ACCOUNT',
      level_id: 'acc_growth',
      before: '0.01493157',
      after: '0.01399385',
      limit: '0.05',
      headroom: '0.03600615',
      unit: 'ratio',
    }),
  ],
  nearest,
  max_allowed_quantity: '800',
  var: { before_ratio: 0.01493157333794413, after_ratio: 0.013993850084363272, limit_ratio: 0.05, exact: true },
  revision: 1,
  replayed: false,
  warnings: ['NO_REFERENCE_PRICE', 'RISK_DATA_OLD'],
  reservation: null,
  inputs: {
    reference_price: '125.67',
    reference_source: 'PREVIOUS_CLOSE',
    reference_age_ms: 95_437_800_000,
    positions_version: 1,
    limits_version: 1,
    price_version: 1,
  },
  timestamp: '2026-01-05T14:30:00.000Z',
};

/** It opens: only a quote would do. */
const opening: DecisionReply = {
  ...reducing,
  decision_id: 'chk_1bEa82chCBkBA7ifIdyWgm',
  order_id: 'ORDER_125',
  account_id: 'default',
  allow_order: false,
  decision: 'REJECT',
  reasons: [noQuote('MSFT', 'HARD'), oldHistoryReason],
  checks: [quantityCheck],
  max_allowed_quantity: '0',
  var: { before_ratio: 0.008132612038630273, after_ratio: 0.008617738813603112, limit_ratio: 0.05, exact: true },
  warnings: ['RISK_DATA_OLD'],
  inputs: { ...reducing.inputs, reference_price: '233.43' },
};

const reducingOrder = {
  order_id: 'ORDER_123',
  account_id: 'acc_growth',
  symbol: 'AAPL',
  side: 'SELL',
  quantity: '100',
  order_type: 'LIMIT',
  price: '126.04',
};

export const checkExample = { body: { ...reducingOrder, mode: 'CHECK' }, reply: reducing };

export const checkBatchExample = {
  body: {
    mode: 'CHECK',
    // The second as the old engine writes it.
    orders: [reducingOrder, { order_id: 'ORDER_125', symbol: 'MSFT', quantity: 100, price: 234.53 }],
  },
  reply: { decisions: [reducing, opening] },
};

const unknownOrder: OrderUpdatesTaken = { results: [{ index: 0, status: 'unexpected' }] };

export const updatesExample = {
  body: {
    updates: [
      {
        order_id: 'ORDER_987',
        account_id: 'acc_growth',
        status: 'CANCELLED',
        timestamp: '2026-01-05T14:31:00Z',
      },
    ],
  },
  // Nothing of this name is working.
  reply: unknownOrder,
};
