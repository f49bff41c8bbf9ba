import { z } from 'zod';
import { decimalText } from '../wire.schema.js';

/** What is answered to an order: over HTTP, on `order_decisions` and out of the store the same object. */

const level = z.enum(['FIRM', 'DESK', 'ACCOUNT', 'TRADER', 'INSTRUMENT']);
const instant = z.iso.datetime();

/** What a check compared; null where there is no figure: no limit, or a ratio of an equity that is not positive. */
const figures = {
  level: level.nullable(),
  level_id: z.string().nullable(),
  before: decimalText.nullable().describe('Before the order'),
  after: decimalText.nullable().describe('With the order, in the worst case'),
  limit: decimalText.nullable(),
  headroom: decimalText.nullable().describe('limit − after; negative in a breach'),
  unit: z
    .string()
    .nullable()
    .describe('The currency for money, else units, price, ratio, orders or seconds; null where nothing is measured'),
};

const reason = z
  .strictObject({
    code: z.string(),
    severity: z.enum(['HARD', 'SOFT', 'WARNING']).describe('HARD rejects, SOFT asks for an approval'),
    ...figures,
    fix_reason: z.int().describe('FIX OrdRejReason, tag 103'),
    message: z.string(),
  })
  .meta({ id: 'DecisionReason' });
export type ReasonReply = z.infer<typeof reason>;

const check = z
  .strictObject({
    code: z.string(),
    status: z.enum(['PASS', 'BREACH', 'WARN', 'NOT_APPLICABLE', 'ERROR']),
    ...figures,
    soft: z.boolean().describe('A breach asks for an approval'),
    exact: z.boolean().describe('False where `after` is a proven upper bound, which was enough to pass'),
  })
  .meta({ id: 'DecisionCheck' });
export type CheckReply = z.infer<typeof check>;

/** `before_ratio` and `after_ratio` are null where there is no positive equity to divide by. */
const valueAtRisk = z.strictObject({
  before_ratio: z.number().nullable(),
  after_ratio: z.number().nullable(),
  limit_ratio: z.number(),
  exact: z.boolean(),
});

const reservation = z.strictObject({
  quantity: decimalText,
  lock_price: decimalText,
  notional: decimalText,
  expires_at: instant.nullable().describe('End of the time for an approval; null where none is waited for'),
});

const inputs = z.strictObject({
  reference_price: decimalText.nullable(),
  reference_source: z.enum(['LAST', 'MID', 'ASK', 'BID', 'PREVIOUS_CLOSE']).nullable(),
  reference_age_ms: z.int().nullable(),
  positions_version: z.int().nullable(),
  limits_version: z.int().nullable(),
  price_version: z.int().nullable(),
});

export const decisionSchema = z
  .strictObject({
    decision_id: z.string(),
    order_id: z.string(),
    account_id: z.string(),
    action: z.enum(['NEW', 'AMEND', 'CANCEL']),
    amend_id: z.string().nullable(),
    mode: z.enum(['CHECK', 'RESERVE']),
    allow_order: z.boolean(),
    decision: z.enum(['ACCEPT', 'ACCEPT_WITH_WARNING', 'PENDING_APPROVAL', 'REJECT']),
    control_actions: z.array(z.enum(['PAUSE_NEW_ORDERS', 'REDUCE_POSITION', 'REQUIRE_APPROVAL'])),
    reasons: z
      .array(reason)
      .describe('Hard breaches first, the primary reason at the top; then soft ones, then warnings'),
    checks: z
      .array(check)
      .nullable()
      .describe('All that were evaluated; null on a replay, and on Kafka unless DECISION_DETAIL=full'),
    nearest: check.nullable().describe('The check with the least headroom ÷ limit; null where none compares'),
    max_allowed_quantity: decimalText
      .nullable()
      .describe('On a REJECT and in mode CHECK: the largest quantity that would not be rejected'),
    var: valueAtRisk.nullable(),
    revision: z.int().min(1).max(2).describe('2 is the outcome of an approval'),
    replayed: z.boolean().describe('The stored decision of an order that came before'),
    warnings: z.array(z.string()).describe('Codes of the reasons of severity WARNING'),
    reservation: reservation.nullable(),
    inputs,
    timestamp: instant.describe("The owner's clock at intake"),
  })
  .meta({ id: 'Decision' });
export type DecisionReply = z.infer<typeof decisionSchema>;

/** `decisions[i]` answers `orders[i]`. */
export const decisionsSchema = z.strictObject({ decisions: z.array(decisionSchema) }).meta({ id: 'Decisions' });
export type DecisionsReply = z.infer<typeof decisionsSchema>;
