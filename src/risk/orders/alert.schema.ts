import { z } from 'zod';
import { decimalText } from '../wire.schema.js';

/** What goes to `risk_alerts` when the order book finds something that somebody should know at once. */

export const alertSeverity = z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);

const level = z.enum(['FIRM', 'DESK', 'ACCOUNT', 'TRADER', 'INSTRUMENT']);
const scope = { level: level.nullable(), level_id: z.string().nullable() };

const breachDetails = z.strictObject({
  ...scope,
  reason: z.string().describe('Code of the check'),
  before: decimalText.nullable(),
  after: decimalText.nullable(),
  limit: decimalText.nullable(),
  headroom: decimalText.nullable(),
  unit: z.string().nullable(),
});
const latchDetails = z.strictObject({
  ...scope,
  latch: z.string(),
  loss: decimalText,
  limit: decimalText,
  unit: z.string(),
});
const killSwitchDetails = z.strictObject({ ...scope, reason: z.string(), actor: z.string() });
const fillDetails = z.strictObject({
  cause: z.enum(['UNKNOWN_ACCOUNT', 'UNKNOWN_ORDER', 'OTHER_TERMS', 'OVERFILL', 'NOT_APPROVED', 'OTHER_CONTENT']),
  exec_id: z.string(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  quantity: decimalText,
  price: decimalText,
  timestamp: z.iso.datetime(),
});
const amendDetails = z.strictObject({
  cause: z.enum(['UNKNOWN_AMEND', 'NOT_APPROVED', 'OTHER_QUANTITY']),
  amend_id: z.string().nullable(),
  quantity: decimalText.describe('The total that works now, and is held'),
});

const common = {
  alert_id: z.string(),
  rule_id: z.null().describe('No rule of the monitoring: the order book found it'),
  account_id: z.string().nullable().describe('Null where it concerns a trader or an instrument'),
  order_id: z.string().nullable(),
  severity: alertSeverity,
  message: z.string(),
  state: z.literal('FIRING'),
  created_at: z.iso.datetime(),
};

export const alertMessage = z
  .discriminatedUnion('code', [
    z.strictObject({ ...common, code: z.literal('LIMIT_BREACH'), details: breachDetails }),
    z.strictObject({ ...common, code: z.literal('LATCH'), details: latchDetails }),
    z.strictObject({ ...common, code: z.literal('KILL_SWITCH'), details: killSwitchDetails }),
    z.strictObject({ ...common, code: z.literal('UNEXPECTED_FILL'), details: fillDetails }),
    z.strictObject({ ...common, code: z.literal('UNEXPECTED_AMEND'), details: amendDetails }),
  ])
  .meta({ id: 'RiskAlert' });
export type AlertMessage = z.infer<typeof alertMessage>;
