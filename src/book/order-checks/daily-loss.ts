import { measured } from '../check-result.js';
import { dayLoss } from '../losses.js';
import type { OrderCheck } from '../order-check.js';

const DAILY_LOSS = { code: 'DAILY_LOSS', fixReason: 21, unit: 'money' } as const;

/** Loss since the start of the session; an order that opens nothing passes. */
export const dailyLoss: OrderCheck = {
  name: 'daily-loss',
  dependsOnQuantity: true,
  run({ path, opens }, results) {
    for (const node of path) {
      const limit = node.limits.maxDailyLoss;
      const after = dayLoss(node);
      if (limit === undefined || after === null) continue;
      const status = opens && after > limit ? 'BREACH' : 'PASS';
      results.push(measured(DAILY_LOSS, node, status, { before: after, after, limit }));
    }
  },
};
