import { NOTHING } from '../amount.js';
import { lossesOf } from '../losses.js';
import type { OrderCheck } from '../order-check.js';

const DRAWDOWN = { code: 'DRAWDOWN', fixReason: 21, unit: 'ratio' } as const;

/** Loss from the highest equity seen, as a ratio of it. */
export const drawdownLimit: OrderCheck = {
  name: 'drawdown',
  dependsOnQuantity: true,
  run(facts, report) {
    const { limits, opens } = facts;
    for (const row of limits.drawdownRatio) {
      const node = facts.node(row);
      const fall = lossesOf(node)?.fall;
      if (!fall) continue;
      // Of a peak that is not positive any loss is too much, but no loss is none.
      const binds = opens && fall.loss.exact > 0n;
      report.ratio(DRAWDOWN, node, row.limit, { before: fall.loss, added: NOTHING, base: fall.peak }, binds);
    }
  },
};
