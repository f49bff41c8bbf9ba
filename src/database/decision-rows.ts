import type { NewOrder, OrderRequest } from '../book/inputs.js';
import type { WorkingRecord } from '../book/records.js';
import type { PendingAmend, Terms } from '../book/working-order.js';
import { canonical } from '../decimal/decimal.js';
import type { DecisionReply } from '../risk/orders/decision.schema.js';
import { scaledOf } from './book-numbers.js';
import { nearestOf } from './nearest-check.js';
import type { decisions } from './schema.js';

export type DecisionRow = typeof decisions.$inferSelect;

const list = <T extends string>(joined: string): T[] => (joined === '' ? [] : (joined.split(',') as T[]));

/** The decision as it was answered first, but for its `checks`. */
export function replyOf(row: DecisionRow): DecisionReply {
  return {
    decision_id: row.decisionId,
    order_id: row.orderId,
    account_id: row.accountId,
    action: row.action,
    amend_id: row.amendId,
    mode: 'RESERVE',
    allow_order: row.decision === 'ACCEPT' || row.decision === 'ACCEPT_WITH_WARNING',
    decision: row.decision,
    control_actions: list(row.controlActions),
    reasons: (row.reasons ?? []) as DecisionReply['reasons'],
    checks: null,
    nearest: nearestOf(row.nearest),
    max_allowed_quantity: row.maxAllowedQuantity === null ? null : canonical(row.maxAllowedQuantity),
    var:
      row.varLimitRatio === null
        ? null
        : {
            before_ratio: row.varBeforeRatio,
            after_ratio: row.varAfterRatio,
            limit_ratio: row.varLimitRatio,
            exact: row.varExact!,
          },
    revision: row.revision,
    replayed: false,
    warnings: list(row.warnings),
    reservation:
      row.reservedQuantity === null
        ? null
        : {
            quantity: row.reservedQuantity,
            lock_price: row.lockPrice!,
            notional: row.reservedNotional!,
            expires_at: row.reservationExpiresAt?.toISOString() ?? null,
          },
    inputs: {
      reference_price: row.referencePrice,
      reference_source: row.referenceSource as DecisionReply['inputs']['reference_source'],
      reference_age_ms: row.referenceAgeMs,
      positions_version: row.positionsVersion,
      limits_version: row.limitsVersion,
      price_version: row.priceVersion,
    },
    timestamp: row.eventTime.toISOString(),
  };
}

export function requestOf(row: DecisionRow): OrderRequest {
  const { orderId, accountId, traderId, symbol } = row;
  if (row.action === 'CANCEL') return { action: 'CANCEL', orderId, accountId, traderId, symbol };
  const terms = {
    orderId,
    accountId,
    traderId,
    symbol: symbol!,
    side: row.side!,
    quantity: scaledOf(row.quantity!),
    type: row.orderType!,
    price: scaledOf(row.price),
    timeInForce: row.timeInForce!,
    reduceOnly: row.reduceOnly!,
    timestamp: row.orderTimestamp?.getTime() ?? null,
    submitter: row.submitter,
  };
  return row.action === 'NEW' ? { action: 'NEW', ...terms } : { action: 'AMEND', ...terms, amendId: row.amendId! };
}

/** What a working order holds: by its own terms unless an amend or an approval has changed them. */
export function workingOf(row: DecisionRow): WorkingRecord {
  const order = requestOf(row) as NewOrder;
  const decidedAt = row.eventTime.getTime();
  const changed = row.terms as { terms: TermsJson; amends: (TermsJson & { amendId: string })[] } | null;
  if (changed) {
    const amends = changed.amends.map(({ amendId, ...terms }): PendingAmend => ({ amendId, ...termsOf(terms) }));
    return { order, terms: termsOf(changed.terms), amends, decidedAt };
  }
  const { quantity, price, type, submitter } = order;
  const approvalExpiresAt = row.reservationExpiresAt?.getTime() ?? null;
  const lock = scaledOf(row.lockPrice!);
  return { order, terms: { quantity, price, type, lock, approvalExpiresAt, submitter }, amends: [], decidedAt };
}

type TermsJson = { [Field in keyof Terms]: Terms[Field] extends bigint | null ? string | null : Terms[Field] };

function termsOf({ quantity, price, lock, ...rest }: TermsJson): Terms {
  return {
    ...rest,
    quantity: BigInt(quantity!),
    price: price === null ? null : BigInt(price),
    lock: BigInt(lock!),
  };
}
