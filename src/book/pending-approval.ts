import { CheckResult } from './check-result.js';
import { decisionOf } from './decide.js';
import type { Decision } from './decision.js';
import type { DoneCause, Effect } from './effects.js';
import type { AmendOrder, CheckedOrder } from './inputs.js';
import type { PendingAmend, Terms, WorkingOrder } from './working-order.js';

/** An order, or an amend of it, that may wait for an approval. */
export interface PendingApproval {
  readonly working: WorkingOrder;
  /** Null for the order itself. */
  readonly amend: PendingAmend | null;
}

export const APPROVAL_EXPIRED = { code: 'APPROVAL_EXPIRED', fixReason: 99, unit: 'none' } as const;
export const APPROVAL_REFUSED = { code: 'APPROVAL_REFUSED', fixReason: 99, unit: 'none' } as const;
export const APPROVAL_WITHDRAWN = { code: 'APPROVAL_WITHDRAWN', fixReason: 99, unit: 'none' } as const;

interface Ending {
  kind: typeof APPROVAL_EXPIRED | typeof APPROVAL_REFUSED | typeof APPROVAL_WITHDRAWN;
  detail: string | null;
  now: number;
}

/** What of an order waits for an approval. */
export const pendingOf = (working: WorkingOrder): PendingApproval[] =>
  [{ working, amend: null }, ...working.amends.map((amend) => ({ working, amend }))].filter(isPending);

export const termsOf = ({ working, amend }: PendingApproval): Terms => amend ?? working.terms;

export const isPending = (pending: PendingApproval): boolean => termsOf(pending).approvalExpiresAt !== null;

/** The order as it was sent. */
export function pendingOrder({ working, amend }: PendingApproval): CheckedOrder {
  if (!amend) return working.order;
  const { amendId, quantity, price, type, submitter } = amend;
  const order: AmendOrder = { ...working.order, action: 'AMEND', amendId, quantity, price, type, submitter };
  return order;
}

/** The second revision of a decision that nobody approved. */
export function rejection(pending: PendingApproval, { kind, detail, now }: Ending): Decision {
  const { accountId } = pending.working.order;
  const reason = new CheckResult(kind, 'BREACH', 'ACCOUNT', accountId, null, null, null, null, detail);
  const assessment = { facts: undefined, results: [reason], nearest: null, verdict: 'REJECT' } as const;
  return decisionOf(pendingOrder(pending), assessment, { mode: 'RESERVE', now, revision: 2 });
}

const WITHDRAWALS: Readonly<Record<Exclude<DoneCause, 'APPROVAL_ENDED'>, string>> = {
  FILLED: 'the order is filled',
  CANCELLED: 'the order was cancelled',
  REJECTED: 'the venue rejected the order',
  EXPIRED: 'the order has expired',
  SESSION_END: 'the session of the order has ended',
  RELEASED: 'the order was released by hand',
};

/** An order ended before somebody had decided about it, or about an amend of it: no retry hears that it still waits. */
export function withdraw(working: WorkingOrder, cause: DoneCause, now: number, effects: Effect[]): void {
  if (cause === 'APPROVAL_ENDED') return;
  for (const pending of pendingOf(working)) {
    effects.push(withdrawal(pending, WITHDRAWALS[cause], now));
  }
}

export const withdrawal = (pending: PendingApproval, detail: string, now: number): Effect => ({
  kind: 'DECISION',
  decision: rejection(pending, { kind: APPROVAL_WITHDRAWN, detail, now }),
});
