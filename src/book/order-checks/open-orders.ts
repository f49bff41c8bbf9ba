import { type CheckResult, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { Scope } from '../scope.js';

const OPEN_ORDER_LIMIT = { code: 'OPEN_ORDER_LIMIT', fixReason: 3, unit: 'orders' } as const;

/** Working orders and such as wait for an approval; an amend is no further order. */
export const openOrders: OrderCheck = {
  name: 'open-orders',
  dependsOnQuantity: false,
  run(facts, results) {
    const { scopes, path, order } = facts;
    if (order.action === 'AMEND') return;
    for (const scope of scopes) compare(results, scope, scope.openOrders, scope.limits.maxOpenOrders);
    for (const node of path) {
      const limit = node.limits.symbols?.[order.symbol]?.maxOpenOrders;
      if (limit !== undefined) compare(results, node, facts.symbolSums(node).openOrders, limit);
    }
  },
};

function compare(results: CheckResult[], scope: Scope, before: number, limit: number | undefined): void {
  if (limit === undefined) return;
  const after = before + 1;
  results.push(measured(OPEN_ORDER_LIMIT, scope, after > limit ? 'BREACH' : 'PASS', { before, after, limit }));
}
