import type { BookState } from './book-state.js';
import { assess, contextOf, decisionOf } from './decide.js';
import type { Decision } from './decision.js';
import type { Effect } from './effects.js';
import type { ApprovalInput } from './inputs.js';
import { alertBreaches, reserve } from './order-intake.js';
import {
  APPROVAL_EXPIRED,
  APPROVAL_REFUSED,
  isPending,
  type PendingApproval,
  pendingOf,
  pendingOrder,
  rejection,
  termsOf,
} from './pending-approval.js';
import { finish, hold, inOrder, letGo, rehold, settle } from './reservations.js';

/** Why a call about an approval was not done; nothing changed. */
export type ApprovalRefusal = 'NOT_PENDING' | 'SUBMITTER';
export type ApprovalOutcome =
  | { readonly refused: ApprovalRefusal; readonly effects: Effect[] }
  | { readonly refused: null; readonly decision: Decision; readonly effects: Effect[] };

/** Checks again without the order's own hold: it passes as if it came now, or is rejected and releases. */
export function approve(state: BookState, input: ApprovalInput, now: number): ApprovalOutcome {
  const pending = findPending(state, input);
  if (!pending) return { refused: 'NOT_PENDING', effects: [] };
  if (isSubmitter(pending, input.actor)) return { refused: 'SUBMITTER', effects: [] };
  const effects: Effect[] = [];
  const order = pendingOrder(pending);
  dropHold(state, pending);
  const assessment = assess(order, contextOf(state, order, now, true), { exactVar: true, detail: 'full' });
  const decision = decisionOf(order, assessment, { mode: 'RESERVE', now, revision: 2 });
  if (assessment.verdict !== 'REJECT') {
    // Reserved anew at prices of now: the first hold is no better than the second check.
    return {
      refused: null,
      decision: reserve(state, order, { assessment, decision, expiresAt: null, effects, now }),
      effects,
    };
  }
  endHold(state, pending, effects, input);
  alertBreaches(decision, effects);
  return { refused: null, decision, effects };
}

export function refuseApproval(state: BookState, input: ApprovalInput, now: number): ApprovalOutcome {
  const pending = findPending(state, input);
  if (!pending) return { refused: 'NOT_PENDING', effects: [] };
  const effects: Effect[] = [];
  const decision = rejection(pending, { kind: APPROVAL_REFUSED, detail: input.reason, now });
  dropHold(state, pending);
  endHold(state, pending, effects, input);
  return { refused: null, decision, effects };
}

/** Approvals nobody gave in time are rejections. */
export function expireApprovals(state: BookState, now: number, effects: Effect[]): void {
  for (const working of inOrder(state.pending)) {
    for (const pending of pendingOf(working)) {
      if (termsOf(pending).approvalExpiresAt! > now) continue;
      const decision = rejection(pending, { kind: APPROVAL_EXPIRED, detail: null, now });
      dropHold(state, pending);
      endHold(state, pending, effects, { actor: null, reason: 'APPROVAL_EXPIRED' });
      effects.push({ kind: 'DECISION', decision });
    }
  }
}

/** Whoever sent it or trades it, however he writes his name. */
function isSubmitter(pending: PendingApproval, actor: string): boolean {
  const names = [termsOf(pending).submitter, pending.working.order.traderId];
  return names.some((name) => name?.toLowerCase() === actor.toLowerCase());
}

function findPending(state: BookState, { accountId, orderId, amendId }: ApprovalInput): PendingApproval | null {
  const working = state.workingOrder(accountId, orderId);
  if (!working) return null;
  const amend = amendId === null ? null : working.amends.find((pending) => pending.amendId === amendId);
  if (amend === undefined) return null;
  const pending = { working, amend };
  return isPending(pending) ? pending : null;
}

function dropHold(state: BookState, { working, amend }: PendingApproval): void {
  if (!amend) {
    letGo(state, working);
    return;
  }
  working.amends = working.amends.filter((other) => other !== amend);
  rehold(state, working);
}

/** After `dropHold`: says so for good. */
function endHold(
  state: BookState,
  { working, amend }: PendingApproval,
  effects: Effect[],
  { actor, reason }: { actor: string | null; reason: string },
): void {
  if (amend) {
    settle(state, working, effects);
    return;
  }
  hold(state, working);
  finish(state, working, effects, { cause: 'APPROVAL_ENDED', reason, actor });
}
