import type { BookState } from './book-state.js';
import type { CheckResult } from './check-result.js';
import { type Assessment, type AssessOptions, assess, cancelDecision, contextOf, decisionOf } from './decide.js';
import type { Decision, Mode } from './decision.js';
import type { Effect } from './effects.js';
import type { AmendOrder, CancelOrder, CheckedOrder, NewOrder, OrderRequest } from './inputs.js';
import type { OrderContext } from './order-facts.js';
import { finish, hold, rehold, workingRecord } from './reservations.js';
import { SlidingCount } from './sliding-count.js';
import { WorkingOrder } from './working-order.js';

export interface DecideOptions extends AssessOptions {
  readonly mode: Mode;
}

/** Decides an order and, in mode RESERVE, holds what it accepts: nothing comes in between. */
export function takeOrder(state: BookState, request: OrderRequest, now: number, options: DecideOptions): Outcome {
  if (request.action === 'CANCEL') return takeCancel(state, request, now, options.mode);
  const binds = options.mode === 'RESERVE';
  // A trader is known from his first binding order on, so that his rate is counted.
  if (binds && request.traderId !== null) state.trader(request.traderId);
  const context = contextOf(state, request, now);
  const assessment = assess(request, context, options);
  const decision = decisionOf(request, assessment, { mode: options.mode, detail: options.detail, now, revision: 1 });
  const effects: Effect[] = [];
  if (!binds) return { decision, effects };
  countOrder(context);
  if (assessment.verdict === 'REJECT') {
    alertBreaches(decision, effects);
    return { decision, effects };
  }
  const expiresAt = assessment.verdict === 'PENDING_APPROVAL' ? now + state.settings.approvalTtlMs : null;
  return { decision: reserve(state, request, { assessment, decision, expiresAt, effects, now }), effects };
}

export interface Outcome {
  readonly decision: Decision;
  readonly effects: Effect[];
}

export interface Reserving {
  assessment: Assessment;
  decision: Decision;
  expiresAt: number | null;
  effects: Effect[];
  now: number;
}

/** Holds an order that was accepted or waits for its approval, and says in the decision what it holds. */
export function reserve(state: BookState, order: CheckedOrder, reserving: Reserving): Decision {
  return order.action === 'NEW' ? reserveNew(state, order, reserving) : reserveAmend(state, order, reserving);
}

function reserveNew(state: BookState, order: NewOrder, reserving: Reserving): Decision {
  const { assessment, decision, expiresAt, effects, now } = reserving;
  const facts = assessment.facts!;
  const { filledBefore, trader } = facts.context;
  const holding = facts.holding ?? state.holding(facts.account!, facts.instrument!);
  const working = new WorkingOrder(order, holding, trader, facts.terms(expiresAt), filledBefore, now);
  // Its fills came first and were all of it.
  if (working.openQuantity() === 0n) {
    state.refresh(holding);
    return decision;
  }
  hold(state, working);
  effects.push({ kind: 'WORKING', order: workingRecord(working) });
  decision.reservation = reservationOf(working, expiresAt);
  return decision;
}

function reserveAmend(state: BookState, order: AmendOrder, reserving: Reserving): Decision {
  const { assessment, decision, expiresAt, effects } = reserving;
  const { facts } = assessment;
  const working = facts!.context.working!;
  const amend = { amendId: order.amendId, ...facts!.terms(expiresAt) };
  working.amends = [...working.amends, amend];
  rehold(state, working);
  effects.push({ kind: 'WORKING', order: workingRecord(working) });
  decision.reservation = reservationOf(working, expiresAt);
  return decision;
}

const reservationOf = (working: WorkingOrder, expiresAt: number | null): Decision['reservation'] => ({
  quantity: working.held.exact,
  lockPrice: working.lock(),
  money: working.heldMoney.exact,
  expiresAt,
});

/** A cancel is counted, never blocked. The venue's answer releases; what no venue has seen yet is released at once. */
function takeCancel(state: BookState, order: CancelOrder, now: number, mode: Mode): Outcome {
  const decision = cancelDecision(order, mode, now);
  const effects: Effect[] = [];
  if (mode === 'CHECK') return { decision, effects };
  for (const scope of state.accounts.get(order.accountId)?.path ?? []) scope.rate.add(now);
  if (order.symbol !== null) state.instruments.get(order.symbol)?.rate.add(now);
  if (order.traderId !== null) state.trader(order.traderId).rate.add(now);
  const working = state.workingOrder(order.accountId, order.orderId);
  if (working && working.terms.approvalExpiresAt !== null) finish(state, working, effects, { cause: 'CANCELLED' });
  return { decision, effects };
}

/** Consumes the budgets of rate and duplicates, whatever the decision was. */
function countOrder({ account, instrument, trader, content, sameContent, now }: OrderContext): void {
  if (account) for (const node of account.path) node.rate.add(now);
  instrument?.rate.add(now);
  trader?.rate.add(now);
  if (!account || content === null) return;
  const count = sameContent ?? new SlidingCount();
  if (!sameContent) account.contents.set(content, count);
  count.add(now);
}

/** One alert for each rejection by a hard limit: the primary reason. */
export function alertBreaches(decision: Decision, effects: Effect[]): void {
  const reason = decision.reasons.find(isLimitBreach);
  if (!reason) return;
  const { accountId, orderId, symbol } = decision;
  effects.push({ kind: 'ALERT', alert: { code: 'LIMIT_BREACH', accountId, orderId, symbol, reason } });
}

/** A breach that compares with a limit, not an order that is wrong in itself. */
const isLimitBreach = (reason: CheckResult): boolean => reason.isHardBreach && reason.measured.limit !== null;
