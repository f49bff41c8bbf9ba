import type { OrderCheck } from '../order-check.js';

const MAX_ORDER_NOTIONAL = { code: 'MAX_ORDER_NOTIONAL', fixReason: 27, unit: 'money' } as const;

/** |quantity × order price × multiplier|. */
export const orderNotional: OrderCheck = {
  name: 'order-notional',
  dependsOnQuantity: true,
  run(facts, report) {
    const { limits, notional, price } = facts;
    if (price === undefined) return;
    for (const row of limits.orderNotional) {
      report.sum(MAX_ORDER_NOTIONAL, facts.level(row), row.limit, notional);
    }
  },
};
