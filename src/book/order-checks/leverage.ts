import { exceedsRatio, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const LEVERAGE = { code: 'LEVERAGE', fixReason: 25, unit: 'ratio' } as const;

/** Worst gross exposure ÷ equity. */
export const leverage: OrderCheck = {
  name: 'leverage',
  dependsOnQuantity: true,
  run(facts, results) {
    if (!facts.isPriced) return;
    for (const node of facts.path) {
      const limit = node.limits.maxLeverage;
      const base = node.equity;
      if (limit === undefined || base === null) continue;
      const before = node.totals.gross;
      const after = before + facts.grossAdded;
      const status = facts.opens && exceedsRatio(after, limit, base) ? 'BREACH' : 'PASS';
      results.push(measured(LEVERAGE, node, status, { before, after, limit, base }));
    }
  },
};
