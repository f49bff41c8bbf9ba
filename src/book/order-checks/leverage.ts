import type { OrderCheck } from '../order-check.js';

const LEVERAGE = { code: 'LEVERAGE', fixReason: 25, unit: 'ratio' } as const;

/** Worst gross exposure ÷ equity. */
export const leverage: OrderCheck = {
  name: 'leverage',
  dependsOnQuantity: true,
  run(facts, report) {
    const { grossAdded: added, limits, opens } = facts;
    if (!facts.isPriced) return;
    for (const row of limits.leverage) {
      const node = facts.node(row);
      const base = node.equityAmount;
      if (base === null) continue;
      report.ratio(LEVERAGE, node, row.limit, { before: node.totals.gross, added, base }, opens);
    }
  },
};
