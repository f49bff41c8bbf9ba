import { scaledText } from '../../book/amount.js';
import type { WorkingRecord } from '../../book/records.js';
import type { Terms } from '../../book/working-order.js';
import type { Pending } from './approvals.schema.js';
import { decisionIdOf } from './order-identity.js';

/** One row for each new order and each amend that waits; the one that expires first at the top. */
export function pendingRows(records: readonly WorkingRecord[]): Pending[] {
  return records
    .flatMap((record) => [
      row(record, record.terms, null),
      ...record.amends.map((amend) => row(record, amend, amend.amendId)),
    ])
    .filter((pending) => pending !== null)
    .sort((a, b) => (a.expires_at < b.expires_at ? -1 : 1));
}

function row({ order }: WorkingRecord, terms: Terms, amendId: string | null): Pending | null {
  if (terms.approvalExpiresAt === null) return null;
  const { accountId, orderId, symbol, side } = order;
  const action = amendId === null ? 'NEW' : 'AMEND';
  return {
    decision_id: decisionIdOf({ accountId, orderId, action, amendId }),
    account_id: accountId,
    order_id: orderId,
    action,
    amend_id: amendId,
    symbol,
    side,
    quantity: scaledText(terms.quantity),
    price: terms.price === null ? null : scaledText(terms.price),
    submitter: terms.submitter,
    expires_at: new Date(terms.approvalExpiresAt).toISOString(),
  };
}
