import type { OrderCheck } from '../order-check.js';

const NET_EXPOSURE = { code: 'NET_EXPOSURE', fixReason: 20, unit: 'money' } as const;

/** The larger of |all buys filled| and |all sells filled|; over its limit an order may still lower it, never raise it. */
export const netExposure: OrderCheck = {
  name: 'net-exposure',
  dependsOnQuantity: true,
  run(facts, report) {
    const { buysAdded, limits, sellsAdded } = facts;
    if (!facts.isPriced) return;
    for (const row of limits.net) {
      const node = facts.node(row);
      report.net(NET_EXPOSURE, node, row.limit, node.totals, buysAdded, sellsAdded);
    }
    for (const row of limits.symbolNet) {
      const scope = facts.level(row);
      report.net(NET_EXPOSURE, scope, row.limit, facts.symbolSums(scope), buysAdded, sellsAdded);
    }
  },
};
