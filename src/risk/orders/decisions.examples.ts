import type { DecisionReply } from './decision.schema.js';
import { accepted } from './orders.examples.js';

/** Of an order to buy 100 MSFT at 234.53, of which 40 are filled. */

const OF_ACCOUNT = { account_id: 'acc_income' };
const OF_ORDER = { order_id: 'ORDER_124' };

const decision: DecisionReply = {
  ...accepted,
  ...OF_ACCOUNT,
  ...OF_ORDER,
  decision_id: 'dec_i831UFI-RnXd1G5udc1E0x',
  mode: 'RESERVE',
  checks: null,
  max_allowed_quantity: null,
  var: { before_ratio: 0.00854068747133469, after_ratio: 0.00949743320264128, limit_ratio: 0.015, exact: true },
  reservation: { quantity: '100', lock_price: '234.53', notional: '23453.00', expires_at: null },
};

const working = {
  ...OF_ORDER,
  ...OF_ACCOUNT,
  trader_id: null,
  symbol: 'MSFT',
  side: 'BUY' as const,
  quantity: '100',
  order_type: 'LIMIT' as const,
  price: '234.53',
  lock_price: '234.53',
  approval_expires_at: null,
  time_in_force: 'DAY' as const,
  reduce_only: false,
  filled_quantity: '40',
  open_quantity: '60',
  amends: [],
  decided_at: '2026-01-05T14:30:00.000Z',
};

export const workingExample = { query: OF_ACCOUNT, reply: { data: [working], next_cursor: null } };
export const orderDecisionExample = { params: OF_ORDER, query: OF_ACCOUNT, reply: decision };
export const listDecisionsExample = {
  query: { ...OF_ACCOUNT, decision: 'ACCEPT_WITH_WARNING', code: 'RISK_DATA_OLD', limit: 10 },
  reply: { data: [decision], next_cursor: null },
};
export const releaseExample = {
  params: OF_ORDER,
  headers: { 'x-actor': 'ops.night' },
  body: { ...OF_ACCOUNT, reason: 'the venue was closed for good' },
  reply: { ...OF_ORDER, ...OF_ACCOUNT, released: true as const },
};
