import type { DecisionReply } from './decision.schema.js';
import { accepted, passed } from './orders.examples.js';

/** Of two orders of trader.one to sell KO, each above the 1000 units that pass without an approval. */

const ACTOR = { 'x-actor': 'risk.officer' };
const APPROVED = { decision_id: 'dec_d0Kmk4050xB7TwC2HmDi9l' };
const REFUSED = { decision_id: 'dec_FlQuL1QwVzNkkvwQG_g5P6' };

const approved: DecisionReply = {
  ...accepted,
  ...APPROVED,
  order_id: 'ORDER_126',
  account_id: 'acc_income',
  mode: 'RESERVE',
  checks: null,
  // A sell may bring 62.61 × 0.9.
  nearest: passed('PRICE_COLLAR', { after: '62.61', limit: '56.349', headroom: '6.261', unit: 'price' }),
  max_allowed_quantity: null,
  var: { before_ratio: 0.008980208792826575, after_ratio: 0.007584631667600456, limit_ratio: 0.015, exact: true },
  revision: 2,
  reservation: { quantity: '1200', lock_price: '62.61', notional: '75132.00', expires_at: null },
  inputs: { ...accepted.inputs, reference_price: '62.61', positions_version: 2 },
};

const refused: DecisionReply = {
  ...approved,
  ...REFUSED,
  order_id: 'ORDER_127',
  allow_order: false,
  decision: 'REJECT',
  reasons: [
    {
      code: 'APPROVAL_REFUSED',
      severity: 'HARD',
      level: 'ACCOUNT',
      level_id: 'acc_income',
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
  inputs: {
    reference_price: null,
    reference_source: null,
    reference_age_ms: null,
    positions_version: null,
    limits_version: null,
    price_version: null,
  },
};

const pending = {
  ...APPROVED,
  account_id: 'acc_income',
  order_id: 'ORDER_126',
  action: 'NEW' as const,
  amend_id: null,
  symbol: 'KO',
  side: 'SELL' as const,
  quantity: '1200',
  price: '62.61',
  submitter: 'trader.one',
  expires_at: '2026-01-05T14:35:00.000Z',
};

export const listApprovalsExample = {
  reply: { data: [pending, { ...pending, ...REFUSED, order_id: 'ORDER_127', quantity: '1100' }], next_cursor: null },
};
export const approveExample = {
  params: APPROVED,
  headers: ACTOR,
  body: { reason: 'agreed with the desk' },
  reply: approved,
};
export const rejectExample = {
  params: REFUSED,
  headers: ACTOR,
  body: { reason: 'too large for today' },
  reply: refused,
};
