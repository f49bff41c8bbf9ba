import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const SELF_TRADE = { code: 'SELF_TRADE', fixReason: 99, unit: 'none' } as const;

/** Would trade against an own working order of the same account. */
export const selfTrade: OrderCheck = {
  name: 'self-trade',
  dependsOnQuantity: false,
  run({ account, holding, order, side }, results) {
    if (!account) return;
    const opposite = holding?.orders.size ? holding.crossing(side, order.price) : undefined;
    const detail = opposite ? `crosses the working order ${opposite.order.orderId}` : null;
    results.push(plainResult(SELF_TRADE, opposite ? 'BREACH' : 'PASS', account, detail));
  },
};
