import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import { contentOf } from '../order-content.js';

const DUPLICATE_CONTENT = { code: 'DUPLICATE_CONTENT', fixReason: 6, unit: 'orders' } as const;

/** Orders of the same content in the account within the last second, this one included. */
export const duplicateContent: OrderCheck = {
  name: 'duplicate-content',
  dependsOnQuantity: false,
  run({ path, order, account, now, context }, results) {
    if (!account || context.approving || order.action !== 'NEW') return;
    for (const node of path) {
      const limit = node.limits.maxDuplicatesPerSecond;
      if (limit === undefined) continue;
      const before = account.contents.get(contentOf(order))?.count(now) ?? 0;
      const status = before + 1 > limit ? 'BREACH' : 'PASS';
      results.push(measured(DUPLICATE_CONTENT, node, status, { before, after: before + 1, limit }));
    }
  },
};
