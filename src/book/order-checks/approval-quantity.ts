import type { OrderCheck } from '../order-check.js';

const APPROVAL_QUANTITY = { code: 'MAX_ORDER_QTY', fixReason: 26, unit: 'units', soft: true } as const;

/** Soft: a larger order waits for an approval. Configured default at account level where the path sets none. */
export const approvalQuantity: OrderCheck = {
  name: 'approval-quantity',
  dependsOnQuantity: false,
  run(facts, report) {
    const { account, context, limits, quantity } = facts;
    if (!account || context.approving) return;
    for (const row of limits.approvalQuantity) {
      report.sum(APPROVAL_QUANTITY, facts.level(row), row.limit, quantity);
    }
  },
};
