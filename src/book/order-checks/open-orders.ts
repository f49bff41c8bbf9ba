import type { OrderCheck } from '../order-check.js';
import type { Report } from '../report.js';
import type { Scope } from '../scope.js';

const OPEN_ORDER_LIMIT = { code: 'OPEN_ORDER_LIMIT', fixReason: 3, unit: 'orders' } as const;

/** Working orders and such as wait for an approval; an amend is no further order. */
export const openOrders: OrderCheck = {
  name: 'open-orders',
  dependsOnQuantity: false,
  run(facts, report) {
    const { limits, order } = facts;
    if (order.action === 'AMEND') return;
    for (const row of limits.openOrders) {
      const scope = facts.level(row);
      compare(report, scope, scope.openOrders, row.limit);
    }
    for (const row of limits.symbolOpenOrders) {
      const node = facts.node(row);
      compare(report, node, facts.symbolSums(node).openOrders, row.limit);
    }
  },
};

function compare(report: Report, scope: Scope, before: number, limit: number): void {
  const after = before + 1;
  report.number(OPEN_ORDER_LIMIT, after > limit ? 'BREACH' : 'PASS', scope, { before, after, limit });
}
