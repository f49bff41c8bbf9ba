import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const REDUCE_ONLY = { code: 'REDUCE_ONLY_WOULD_INCREASE', fixReason: 99, unit: 'units' } as const;

/** An order that says it only reduces has no opening part. */
export const reduceOnly: OrderCheck = {
  name: 'reduce-only',
  dependsOnQuantity: true,
  run({ account, order, longAdded, shortAdded, opens }, results) {
    if (!account || !order.reduceOnly) return;
    const after = order.side === 'BUY' ? longAdded : shortAdded;
    const flat = opens ? after : 0n;
    results.push(measured(REDUCE_ONLY, account, opens ? 'BREACH' : 'PASS', { before: null, after: flat, limit: 0n }));
  },
};
