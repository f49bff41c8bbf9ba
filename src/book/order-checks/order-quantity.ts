import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const MAX_ORDER_QTY = { code: 'MAX_ORDER_QTY', fixReason: 26, unit: 'units' } as const;

/** The hard limit on the size of an order. */
export const orderQuantity: OrderCheck = {
  name: 'order-quantity',
  dependsOnQuantity: true,
  run({ scopes, order }, results) {
    const after = order.quantity;
    for (const scope of scopes) {
      const limit = scope.limitsFor(order.symbol).maxOrderQuantity;
      if (limit === undefined) continue;
      results.push(measured(MAX_ORDER_QTY, scope, after > limit ? 'BREACH' : 'PASS', { before: null, after, limit }));
    }
  },
};
