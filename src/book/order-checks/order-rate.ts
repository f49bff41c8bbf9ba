import type { OrderCheck } from '../order-check.js';

const RATE_LIMIT = { code: 'RATE_LIMIT', fixReason: 3, unit: 'orders' } as const;

/** Orders of the last second, rejected ones and cancels too, with this one. */
export const orderRate: OrderCheck = {
  name: 'order-rate',
  dependsOnQuantity: false,
  run(facts, report) {
    const { limits, now, context } = facts;
    if (context.approving) return;
    for (const row of limits.orderRate) {
      const scope = facts.level(row);
      const before = scope.rate.count(now);
      const after = before + 1;
      report.number(RATE_LIMIT, after > row.limit ? 'BREACH' : 'PASS', scope, { before, after, limit: row.limit });
    }
  },
};
