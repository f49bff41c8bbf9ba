import type { Scaled } from '../amount.js';
import { type CheckResult, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { Scope } from '../scope.js';

const APPROVAL_QUANTITY = { code: 'MAX_ORDER_QTY', fixReason: 26, unit: 'units', soft: true } as const;

/** Soft: a larger order waits for an approval. Configured default at account level where the path sets none. */
export const approvalQuantity: OrderCheck = {
  name: 'approval-quantity',
  dependsOnQuantity: false,
  run({ scopes, path, order, account, context }, results) {
    if (!account || context.approving) return;
    let isSet = false;
    for (const [i, scope] of scopes.entries()) {
      const limit = scope.limitsFor(order.symbol).approvalOrderQuantity;
      if (limit === undefined) continue;
      isSet ||= i < path.length;
      compare(results, scope, order.quantity, limit);
    }
    if (!isSet) compare(results, account, order.quantity, context.settings.approvalOrderQuantity);
  },
};

function compare(results: CheckResult[], scope: Scope, after: Scaled, limit: Scaled): void {
  results.push(measured(APPROVAL_QUANTITY, scope, after > limit ? 'BREACH' : 'PASS', { before: null, after, limit }));
}
