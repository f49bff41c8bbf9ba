import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const RATE_LIMIT = { code: 'RATE_LIMIT', fixReason: 3, unit: 'orders' } as const;

/** Orders of the last second, rejected ones and cancels too, with this one. */
export const orderRate: OrderCheck = {
  name: 'order-rate',
  dependsOnQuantity: false,
  run({ scopes, now, context }, results) {
    if (context.approving) return;
    for (const scope of scopes) {
      const limit = scope.limits.maxOrdersPerSecond;
      if (limit === undefined) continue;
      const before = scope.rate.count(now);
      const status = before + 1 > limit ? 'BREACH' : 'PASS';
      results.push(measured(RATE_LIMIT, scope, status, { before, after: before + 1, limit }));
    }
  },
};
