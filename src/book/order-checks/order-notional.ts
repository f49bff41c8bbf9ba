import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const MAX_ORDER_NOTIONAL = { code: 'MAX_ORDER_NOTIONAL', fixReason: 27, unit: 'money' } as const;

/** |quantity × order price × multiplier|. */
export const orderNotional: OrderCheck = {
  name: 'order-notional',
  dependsOnQuantity: true,
  run({ scopes, order, notional: after }, results) {
    if (after === undefined) return;
    for (const scope of scopes) {
      const limit = scope.limitsFor(order.symbol).maxOrderNotional;
      if (limit === undefined) continue;
      const status = after > limit ? 'BREACH' : 'PASS';
      results.push(measured(MAX_ORDER_NOTIONAL, scope, status, { before: null, after, limit }));
    }
  },
};
