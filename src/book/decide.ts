import { scaledNumber } from './amount.js';
import type { BookState } from './book-state.js';
import { type CheckKind, CheckResult, exceedsRatio, nearestCheck } from './check-result.js';
import type { ControlAction, Decision, Detail, Mode, Verdict } from './decision.js';
import type { CancelOrder, CheckedOrder } from './inputs.js';
import { maxAllowedQuantity } from './max-quantity.js';
import type { OrderCheck } from './order-check.js';
import { VAR_LIMIT, valueAtRisk } from './order-checks/value-at-risk.js';
import { ORDER_CHECKS } from './order-checks.js';
import { type OrderContext, OrderFacts } from './order-facts.js';

const RULE_ERROR: CheckKind = { code: 'RULE_ERROR', fixReason: 99, unit: 'none' };

export interface Assessment {
  readonly facts: OrderFacts | undefined;
  readonly results: readonly CheckResult[];
  readonly verdict: Verdict;
}

/** What the book knows around an order, looking only. */
export function contextOf(state: BookState, order: CheckedOrder, now: number, approving = false): OrderContext {
  const account = state.accounts.get(order.accountId);
  return {
    now,
    settings: state.settings,
    account,
    instrument: state.instruments.get(order.symbol),
    trader: order.traderId === null ? null : (state.traders.get(order.traderId) ?? null),
    working: account && state.working.get(account)!.get(order.orderId),
    filledBefore: (account && state.executions.get(account)!.get(order.orderId)?.filled) ?? 0n,
    scenariosAsOf: state.scenariosAsOf,
    approving,
  };
}

/** Runs every check. One that throws is a rejection, and the others are still reported. */
export function assess(
  order: CheckedOrder,
  context: OrderContext,
  { exactVar, checks = ORDER_CHECKS }: { exactVar: boolean; checks?: readonly OrderCheck[] },
): Assessment {
  let results: CheckResult[] = [];
  let facts: OrderFacts;
  try {
    facts = new OrderFacts(order, context);
  } catch (error) {
    return { facts: undefined, results: [ruleError('facts', error)], verdict: 'REJECT' };
  }
  facts.exactVar = exactVar;
  for (const check of checks) runCheck(check, facts, results);
  const verdict = verdictOf(results);
  if (verdict === 'REJECT' && !exactVar) results = withExactVar(facts, results);
  return { facts, results, verdict };
}

function runCheck(check: OrderCheck, facts: OrderFacts, results: CheckResult[]): void {
  const before = results.length;
  try {
    check.run(facts, results);
  } catch (error) {
    results.length = before;
    results.push(ruleError(check.name, error));
  }
}

const ruleError = (name: string, error: unknown) =>
  new CheckResult(RULE_ERROR, 'ERROR', null, null, null, null, null, null, `${name}: ${String(error)}`);

function verdictOf(results: readonly CheckResult[]): Verdict {
  let verdict: Verdict = 'ACCEPT';
  for (const { status, kind } of results) {
    if (status === 'PASS' || status === 'NOT_APPLICABLE') continue;
    if (status === 'ERROR' || (status === 'BREACH' && !kind.soft)) return 'REJECT';
    if (status === 'BREACH') verdict = 'PENDING_APPROVAL';
    else if (verdict === 'ACCEPT') verdict = 'ACCEPT_WITH_WARNING';
  }
  return verdict;
}

/** A rejection states the VaR itself, where a bound had been enough to pass it. */
function withExactVar(facts: OrderFacts, results: CheckResult[]): CheckResult[] {
  const at = results.findIndex(({ exact }) => !exact);
  if (at < 0) return results;
  facts.exactVar = true;
  const again: CheckResult[] = [];
  runCheck(valueAtRisk, facts, again);
  const rest = results.filter(({ kind }) => kind !== VAR_LIMIT);
  return rest.toSpliced(at, 0, ...again);
}

/** The decision as it is answered; what it reserves is added by who reserves it. */
export function decisionOf(
  order: CheckedOrder,
  { facts, results, verdict }: Assessment,
  { mode, now, revision, detail = 'full' }: { mode: Mode; now: number; revision: 1 | 2; detail?: Detail },
): Decision {
  const { account, reference } = facts ?? {};
  const wantsMaximum = facts && (verdict === 'REJECT' || mode === 'CHECK');
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    action: order.action,
    amendId: order.action === 'AMEND' ? order.amendId : null,
    mode,
    revision,
    decision: verdict,
    allowOrder: verdict === 'ACCEPT' || verdict === 'ACCEPT_WITH_WARNING',
    controlActions: verdict === 'ACCEPT' ? actionsOverLimit(results) : controlActions(results, verdict),
    reasons: verdict === 'ACCEPT' ? [] : reasonsOf(results),
    checks: detail === 'full' ? results : null,
    nearest: nearestCheck(results),
    warnings: warningsOf(results, verdict),
    maxAllowedQuantity: wantsMaximum ? maximumOf(facts) : null,
    valueAtRisk: valueAtRiskOf(results),
    reservation: null,
    inputs: {
      referencePrice: reference?.price ?? null,
      referenceSource: reference?.source ?? null,
      referenceAgeMs: reference ? Math.max(now - reference.asOf, 0) : null,
      priceVersion: facts?.instrument?.priceVersion ?? null,
      positionsVersion: account?.positionsVersion ?? null,
      limitsVersion: facts && account ? largestVersion(facts) : null,
    },
    eventTime: now,
  };
}

/** A cancel passes every check. */
export function cancelDecision(order: CancelOrder, mode: Mode, now: number): Decision {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    action: 'CANCEL',
    amendId: null,
    mode,
    revision: 1,
    decision: 'ACCEPT',
    allowOrder: true,
    controlActions: [],
    reasons: [],
    checks: [],
    nearest: null,
    warnings: [],
    maxAllowedQuantity: null,
    valueAtRisk: null,
    reservation: null,
    inputs: {
      referencePrice: null,
      referenceSource: null,
      referenceAgeMs: null,
      priceVersion: null,
      positionsVersion: null,
      limitsVersion: null,
    },
    eventTime: now,
  };
}

/** Hard breaches in the order of evaluation, of one code the strictest level first; then soft ones; then warnings. */
export function reasonsOf(results: readonly CheckResult[]): CheckResult[] {
  const hard = results.filter(({ isHardBreach }) => isHardBreach);
  const order = new Map(
    hard
      .map(({ code }) => code)
      .reverse()
      .map((code, i) => [code, -i]),
  );
  hard.sort((a, b) => order.get(a.code)! - order.get(b.code)! || compareHeadroom(a, b));
  const soft = results.filter(({ status, kind }) => status === 'BREACH' && kind.soft);
  return [...hard, ...soft, ...results.filter(({ status }) => status === 'WARN')];
}

function compareHeadroom(a: CheckResult, b: CheckResult): number {
  const [left, right] = [headroomNumber(a), headroomNumber(b)];
  return left === right ? 0 : left - right;
}

function headroomNumber({ after, limit, base }: CheckResult): number {
  if (after === null || limit === null) return 0;
  return base === null ? Number(limit) - Number(after) : scaledNumber(limit as bigint) - Number(after) / Number(base);
}

const PAUSING = new Set(['VAR_LIMIT', 'DAILY_LOSS', 'DRAWDOWN', 'TRADING_HALTED', 'TRADING_REDUCING']);
const REDUCING = new Set(['VAR_LIMIT', 'CONCENTRATION', 'LEVERAGE']);

function controlActions(results: readonly CheckResult[], verdict: Verdict): ControlAction[] {
  const actions: ControlAction[] = [];
  if (results.some((result) => result.isHardBreach && PAUSING.has(result.code))) actions.push('PAUSE_NEW_ORDERS');
  actions.push(...actionsOverLimit(results));
  if (verdict === 'PENDING_APPROVAL') actions.push('REQUIRE_APPROVAL');
  return actions;
}

/** Over the limit before the order came: someone should reduce. */
function actionsOverLimit(results: readonly CheckResult[]): ControlAction[] {
  for (const result of results) {
    if (result.before !== null && REDUCING.has(result.kind.code) && wasOver(result)) return ['REDUCE_POSITION'];
  }
  return [];
}

function wasOver(result: CheckResult): boolean {
  const { before, limit, base } = result;
  if (before === null || limit === null) return false;
  if (base !== null) return before !== 0n && exceedsRatio(before as bigint, limit as bigint, base);
  return before > limit && result.exact;
}

function warningsOf(results: readonly CheckResult[], verdict: Verdict): string[] {
  if (verdict === 'ACCEPT') return [];
  return [...new Set(results.filter(({ status }) => status === 'WARN').map(({ code }) => code))];
}

function valueAtRiskOf(results: readonly CheckResult[]): Decision['valueAtRisk'] {
  for (const result of results) {
    if (result.kind !== VAR_LIMIT) continue;
    const { before, after, limit, exact } = result;
    return { beforeRatio: before as number, afterRatio: after as number, limitRatio: limit as number, exact };
  }
  return null;
}

/** An error here is an error of a check, which the decision reports already. */
function maximumOf(facts: OrderFacts): bigint | null {
  try {
    return maxAllowedQuantity(facts);
  } catch {
    return null;
  }
}

function largestVersion({ scopes }: OrderFacts): number {
  let version = 0;
  for (const scope of scopes) version = Math.max(version, scope.limitsVersion);
  return version;
}
