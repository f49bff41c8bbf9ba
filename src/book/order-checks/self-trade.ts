import type { OrderCheck } from '../order-check.js';

const SELF_TRADE = { code: 'SELF_TRADE', fixReason: 99, unit: 'none' } as const;

/** Would trade against an own working order of the same account. */
export const selfTrade: OrderCheck = {
  name: 'self-trade',
  dependsOnQuantity: false,
  run({ account, holding, order, side }, report) {
    if (!account) return;
    const opposite = holding?.crossing(side, order.price);
    const detail = opposite ? `crosses the working order ${opposite.order.orderId}` : null;
    report.state(SELF_TRADE, opposite ? 'BREACH' : 'PASS', account, detail);
  },
};
