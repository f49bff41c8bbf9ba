import { CheckResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const STALE_ORDER = { code: 'STALE_ORDER', fixReason: 8, unit: 'seconds' } as const;

/** The sender's time serves here alone; an order that waited for its approval was fresh when it came. */
export const orderAge: OrderCheck = {
  name: 'order-age',
  dependsOnQuantity: false,
  run({ order, now, context }, results) {
    if (order.timestamp === null || context.approving) return;
    const ageMs = Math.max(now - order.timestamp, 0);
    const limitMs = context.settings.orderAgeMsMax;
    const status = ageMs > limitMs ? 'BREACH' : 'PASS';
    results.push(new CheckResult(STALE_ORDER, status, null, null, null, ageMs / 1000, limitMs / 1000, null, null));
  },
};
