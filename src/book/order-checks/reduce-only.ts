import { NOTHING } from '../amount.js';
import type { OrderCheck } from '../order-check.js';

const REDUCE_ONLY = { code: 'REDUCE_ONLY_WOULD_INCREASE', fixReason: 99, unit: 'units' } as const;

/** An order that says it only reduces has no opening part. */
export const reduceOnly: OrderCheck = {
  name: 'reduce-only',
  dependsOnQuantity: true,
  run({ account, order, opens, worstAdded }, report) {
    if (!account || !order.reduceOnly) return;
    report.sum(REDUCE_ONLY, account, NOTHING, opens ? worstAdded : NOTHING, null, opens);
  },
};
