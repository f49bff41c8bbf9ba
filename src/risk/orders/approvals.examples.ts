import type { DecisionReply } from './decision.schema.js';
import { checkExample } from './orders.examples.js';

const headers = { 'x-actor': 'risk.officer' };
const decision_id = 'dec_3m2Jp0sZQe7cW1yH5tKxVg';
const params = { decision_id };

const reservation = { quantity: '1200', lock_price: '126.04', notional: '151248.00', expires_at: null };
const approved: DecisionReply = {
  ...checkExample.reply,
  decision_id,
  mode: 'RESERVE',
  checks: null,
  max_allowed_quantity: null,
  revision: 2,
  reservation,
};
const refused: DecisionReply = {
  ...approved,
  allow_order: false,
  decision: 'REJECT',
  reasons: [
    {
      code: 'APPROVAL_REFUSED',
      severity: 'HARD',
      level: 'ACCOUNT',
      level_id: 'acc_growth',
      before: null,
      after: null,
      limit: null,
      headroom: null,
      unit: null,
      fix_reason: 99,
      message: 'the approval was refused: too large for today',
    },
  ],
  nearest: null,
  var: null,
  warnings: [],
  reservation: null,
};

const pending = {
  decision_id,
  account_id: 'acc_growth',
  order_id: 'ORDER_123',
  action: 'NEW' as const,
  amend_id: null,
  symbol: 'AAPL',
  side: 'SELL' as const,
  quantity: '1200',
  price: '126.04',
  submitter: 'trader.one',
  expires_at: '2026-01-05T14:35:00.000Z',
};

export const listApprovalsExample = { reply: { data: [pending], next_cursor: null } };
export const approveExample = { params, headers, body: { reason: 'agreed with the desk' }, reply: approved };
export const rejectExample = { params, headers, body: { reason: 'too large for today' }, reply: refused };
