import type { Scaled } from '../amount.js';
import { type CheckResult, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';
import type { Scope } from '../scope.js';
import type { Totals } from '../totals.js';

const POSITION_LIMIT = { code: 'POSITION_LIMIT', fixReason: 20, unit: 'units' } as const;

/** Worst long of a buy, worst short of a sell, in the symbol; above the account the sum over accounts. */
export const positionLimit: OrderCheck = {
  name: 'position-limit',
  dependsOnQuantity: true,
  run(facts, results) {
    if (!facts.account) return;
    for (const node of facts.path) compare(facts, results, node, facts.symbolSums(node));
    if (facts.instrument) compare(facts, results, facts.instrument, facts.instrument.totals);
  },
};

function compare(facts: OrderFacts, results: CheckResult[], scope: Scope, sums: Totals): void {
  const isBuy = facts.side === 'BUY';
  const limits = scope.limitsFor(facts.order.symbol);
  const limit: Scaled | undefined = isBuy ? limits.maxLongQuantity : limits.maxShortQuantity;
  if (limit === undefined) return;
  const before = isBuy ? sums.worstLong : sums.worstShort;
  const after = before + (isBuy ? facts.longAdded : facts.shortAdded);
  const status = facts.opens && after > limit ? 'BREACH' : 'PASS';
  results.push(measured(POSITION_LIMIT, scope, status, { before, after, limit }));
}
