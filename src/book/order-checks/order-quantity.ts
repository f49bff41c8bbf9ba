import type { OrderCheck } from '../order-check.js';

const MAX_ORDER_QTY = { code: 'MAX_ORDER_QTY', fixReason: 26, unit: 'units' } as const;

/** The hard limit on the size of an order. */
export const orderQuantity: OrderCheck = {
  name: 'order-quantity',
  dependsOnQuantity: true,
  run(facts, report) {
    const { limits, quantity } = facts;
    for (const row of limits.orderQuantity) {
      report.sum(MAX_ORDER_QTY, facts.level(row), row.limit, quantity);
    }
  },
};
