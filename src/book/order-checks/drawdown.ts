import { measured } from '../check-result.js';
import { drawdown, drawdownExceeds } from '../losses.js';
import type { OrderCheck } from '../order-check.js';

const DRAWDOWN = { code: 'DRAWDOWN', fixReason: 21, unit: 'ratio' } as const;

/** Loss from the highest equity seen, as a ratio of it. */
export const drawdownLimit: OrderCheck = {
  name: 'drawdown',
  dependsOnQuantity: true,
  run({ path, opens }, results) {
    for (const node of path) {
      const limit = node.limits.maxDrawdownRatio;
      const fall = drawdown(node);
      if (limit === undefined || fall === null) continue;
      const status = opens && drawdownExceeds(fall, limit) ? 'BREACH' : 'PASS';
      results.push(measured(DRAWDOWN, node, status, { before: fall.loss, after: fall.loss, limit, base: fall.peak }));
    }
  },
};
