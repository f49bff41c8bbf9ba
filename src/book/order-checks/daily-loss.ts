import { NOTHING } from '../amount.js';
import { lossesOf } from '../losses.js';
import type { OrderCheck } from '../order-check.js';

const DAILY_LOSS = { code: 'DAILY_LOSS', fixReason: 21, unit: 'money' } as const;

/** Loss since the start of the session; an order that opens nothing passes. */
export const dailyLoss: OrderCheck = {
  name: 'daily-loss',
  dependsOnQuantity: true,
  run(facts, report) {
    const { limits, opens } = facts;
    for (const row of limits.dailyLoss) {
      const node = facts.node(row);
      const loss = lossesOf(node)?.day;
      if (loss) report.sum(DAILY_LOSS, node, row.limit, NOTHING, loss, opens);
    }
  },
};
