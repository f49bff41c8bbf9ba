import type { OrderCheck } from '../order-check.js';

const STALE_ORDER = { code: 'STALE_ORDER', fixReason: 8, unit: 'seconds' } as const;

/** The sender's time serves here alone; an order that waited for its approval was fresh when it came. */
export const orderAge: OrderCheck = {
  name: 'order-age',
  dependsOnQuantity: false,
  run({ order, now, context }, report) {
    if (order.timestamp === null || context.approving) return;
    const ageMs = Math.max(now - order.timestamp, 0);
    const limitMs = context.settings.orderAgeMsMax;
    const figures = { before: null, after: ageMs / 1000, limit: limitMs / 1000 };
    report.number(STALE_ORDER, ageMs > limitMs ? 'BREACH' : 'PASS', null, figures);
  },
};
