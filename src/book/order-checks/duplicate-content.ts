import type { OrderCheck } from '../order-check.js';

const DUPLICATE_CONTENT = { code: 'DUPLICATE_CONTENT', fixReason: 6, unit: 'orders' } as const;

/** Orders of the same content in the account within the last second, this one included. */
export const duplicateContent: OrderCheck = {
  name: 'duplicate-content',
  dependsOnQuantity: false,
  run(facts, report) {
    const { account, limits, now, context } = facts;
    if (!account || context.approving || context.content === null) return;
    for (const row of limits.duplicates) {
      const before = context.sameContent?.count(now) ?? 0;
      const after = before + 1;
      report.number(DUPLICATE_CONTENT, after > row.limit ? 'BREACH' : 'PASS', facts.node(row), {
        before,
        after,
        limit: row.limit,
      });
    }
  },
};
