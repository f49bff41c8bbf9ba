import type { Amount } from './amount.js';
import type { BookState } from './book-state.js';
import { type CheckKind, CheckResult, exceedsRatio, headroomOf, near } from './check-result.js';
import { CheckResults } from './check-results.js';
import type { ControlAction, Decision, Detail, Mode, Verdict } from './decision.js';
import type { CancelOrder, CheckedOrder } from './inputs.js';
import { maxAllowedQuantity } from './max-quantity.js';
import type { OrderCheck } from './order-check.js';
import { VAR_LIMIT, valueAtRisk } from './order-checks/value-at-risk.js';
import { ORDER_CHECKS } from './order-checks.js';
import { contentOf } from './order-content.js';
import { type OrderContext, OrderFacts } from './order-facts.js';
import { Screen } from './screen.js';

const RULE_ERROR: CheckKind = { code: 'RULE_ERROR', fixReason: 99, unit: 'none' };

export interface Assessment {
  readonly facts: OrderFacts | undefined;
  /**
   * Of every check where all were asked for, else of those that may breach or warn; null where doubles proved that none
   * does.
   */
  readonly results: readonly CheckResult[] | null;
  readonly nearest: CheckResult | null;
  readonly verdict: Verdict;
}

export interface AssessOptions {
  readonly exactVar: boolean;
  readonly detail: Detail;
  /** Another list than the standard one, for tests. */
  readonly checks?: readonly OrderCheck[];
}

/** What the book knows around an order, looking only. */
export function contextOf(state: BookState, order: CheckedOrder, now: number, approving = false): OrderContext {
  const account = state.accounts.get(order.accountId);
  const instrument = state.instruments.get(order.symbol);
  const trader = order.traderId === null ? null : (state.traders.get(order.traderId) ?? null);
  const orders = account && state.ordersOf(account);
  const limits = state.sheets.of(account, instrument, trader, order.symbol);
  const content = order.action === 'NEW' && limits.duplicates.length > 0 ? contentOf(order) : null;
  return {
    now,
    settings: state.settings,
    account,
    instrument,
    trader,
    limits,
    content,
    sameContent: content === null ? undefined : account?.contents.get(content),
    working: orders?.working.get(order.orderId),
    filledBefore: orders?.executions.get(order.orderId)?.filled ?? 0n,
    scenariosAsOf: state.scenariosAsOf,
    approving,
  };
}

/**
 * Runs every check. Most orders are far from every limit, which doubles prove; the others are decided in exact integers,
 * with the same answer.
 */
export function assess(
  order: CheckedOrder,
  context: OrderContext,
  { exactVar, detail, checks = ORDER_CHECKS }: AssessOptions,
): Assessment {
  let facts: OrderFacts;
  try {
    facts = new OrderFacts(order, context);
  } catch (error) {
    return { facts: undefined, results: [ruleError('facts', error)], nearest: null, verdict: 'REJECT' };
  }
  facts.exactVar = exactVar;
  const assessment = evaluate(facts, checks, detail);
  if (assessment.verdict !== 'REJECT' || (facts.risks ?? []).every(({ exact }) => exact)) return assessment;
  // A rejection states the VaR itself, where a bound had been enough to pass it.
  facts.exactVar = true;
  facts.risks = null;
  const said = resultsOf(facts, [valueAtRisk]);
  // It is lower than its bound, so that what was nearer to its limit still is; of what else happened all is said anew.
  const isOther = assessment.nearest?.kind === VAR_LIMIT || said.some(({ status }) => status === 'ERROR');
  return isOther ? evaluate(facts, checks, detail) : { ...assessment, results: withVar(assessment.results!, said) };
}

/** Results with what a check of VaR has said since in the place of what it said before. */
function withVar(results: readonly CheckResult[], said: readonly CheckResult[]): CheckResult[] {
  const next = said.values();
  return results.map((result) => (result.kind === VAR_LIMIT ? next.next().value! : result));
}

function evaluate(facts: OrderFacts, checks: readonly OrderCheck[], detail: Detail): Assessment {
  if (detail === 'full') {
    const screen = new Screen();
    const results = resultsOf(facts, checks, screen);
    return { facts, results, nearest: nearestOf(facts, checks, screen), verdict: verdictOf(results) };
  }
  const screen = Screen.of(facts, checks);
  const nearest = nearestOf(facts, checks, screen);
  if (screen.isClear) return { facts, results: null, nearest, verdict: 'ACCEPT' };
  const doubtful = screen.doubtful.map((place) => checks[place]!);
  const results = resultsOf(facts, doubtful);
  return { facts, results, nearest, verdict: verdictOf(results) };
}

/** One check that throws is a rejection, and the others are still reported. A screen is told the same. */
function resultsOf(facts: OrderFacts, checks: readonly OrderCheck[], screen?: Screen): CheckResult[] {
  const results = new CheckResults(screen);
  for (let i = 0; i < checks.length; i++) {
    const before = results.list.length;
    screen?.begin(i);
    try {
      checks[i]!.run(facts, results);
    } catch (error) {
      results.list.length = before;
      results.list.push(ruleError(checks[i]!.name, error));
      screen?.fail();
    }
  }
  return results.list;
}

/** The result with the least headroom for its limit: its check says it once more, in full. */
function nearestOf(facts: OrderFacts, checks: readonly OrderCheck[], screen: Screen): CheckResult | null {
  const check = checks[screen.nearestCheck];
  if (check === undefined) return null;
  const results = new CheckResults();
  check.run(facts, results);
  return results.list[screen.nearestResult] ?? null;
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

/** Shared by the many decisions with nothing to say. */
const NONE: readonly never[] = [];

/** The decision as it is answered; what it reserves is added by who reserves it. */
export function decisionOf(
  order: CheckedOrder,
  { facts, results, nearest, verdict }: Assessment,
  { mode, now, revision, detail = 'full' }: { mode: Mode; now: number; revision: 1 | 2; detail?: Detail },
): Decision {
  const { account, reference } = facts ?? {};
  const wantsMaximum = facts && (verdict === 'REJECT' || mode === 'CHECK');
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    action: order.action,
    amendId: order.action === 'AMEND' ? order.amendId : null,
    mode,
    revision,
    decision: verdict,
    allowOrder: verdict === 'ACCEPT' || verdict === 'ACCEPT_WITH_WARNING',
    controlActions: results === null ? NONE : controlActions(results, verdict),
    reasons: results === null ? NONE : reasonsOf(results),
    checks: detail === 'full' ? results : null,
    nearest,
    warnings: results === null ? NONE : warningsOf(results),
    maxAllowedQuantity: wantsMaximum ? maximumOf(facts, verdict) : null,
    valueAtRisk: valueAtRiskOf(facts),
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
    symbol: order.symbol,
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
  const [left, right] = [headroomOf(a) ?? 0, headroomOf(b) ?? 0];
  return left === right ? 0 : left - right;
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
    if (result.measured.before !== null && REDUCING.has(result.kind.code) && wasOver(result))
      return ['REDUCE_POSITION'];
  }
  return [];
}

function wasOver(result: CheckResult): boolean {
  const { before, limit, base } = result.measured;
  if (before === null || limit === null) return false;
  if (typeof before === 'number') return before > near(limit) && result.exact;
  if (base !== null) return !before.isZero && exceedsRatio(before, limit as Amount, base);
  return before.isAbove(limit as Amount) && result.exact;
}

function warningsOf(results: readonly CheckResult[]): string[] {
  return [...new Set(results.filter(({ status }) => status === 'WARN').map(({ code }) => code))];
}

function valueAtRiskOf(facts: OrderFacts | undefined): Decision['valueAtRisk'] {
  const risk = facts?.risks?.[0];
  if (!risk) return null;
  return { beforeRatio: risk.before, afterRatio: risk.after, limitRatio: risk.limit, exact: risk.exact };
}

/** An error here is an error of a check, which the decision reports already. */
function maximumOf(facts: OrderFacts, verdict: Verdict): bigint | null {
  try {
    return maxAllowedQuantity(facts, verdict !== 'REJECT');
  } catch {
    return null;
  }
}

function largestVersion({ path, instrument, trader }: OrderFacts): number {
  let version = Math.max(instrument?.limitsVersion ?? 0, trader?.limitsVersion ?? 0);
  for (const node of path) version = Math.max(version, node.limitsVersion);
  return version;
}
