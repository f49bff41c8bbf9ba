import type { DecisionReply } from './decision.schema.js';
import { checkExample } from './orders.examples.js';

const OF_ACCOUNT = { account_id: 'acc_growth' };
const OF_ORDER = { order_id: 'ORDER_124' };

const decision: DecisionReply = {
  ...checkExample.reply,
  decision_id: 'dec_nB2b6wK3r7QZy0mXc4tJdA',
  order_id: 'ORDER_124',
  mode: 'RESERVE',
  checks: null,
  max_allowed_quantity: null,
  reservation: { quantity: '100', lock_price: '126.04', notional: '12604.00', expires_at: null },
};

const working = {
  order_id: 'ORDER_124',
  account_id: 'acc_growth',
  trader_id: null,
  symbol: 'AAPL',
  side: 'SELL' as const,
  quantity: '100',
  order_type: 'LIMIT' as const,
  price: '126.04',
  lock_price: '126.04',
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
  query: { ...OF_ACCOUNT, limit: 1 },
  reply: { data: [decision], next_cursor: '4711' },
};
export const releaseExample = {
  params: OF_ORDER,
  headers: { 'x-actor': 'ops.night' },
  body: { ...OF_ACCOUNT, reason: 'the venue was closed for good' },
  reply: { order_id: 'ORDER_124', account_id: 'acc_growth', released: true as const },
};
