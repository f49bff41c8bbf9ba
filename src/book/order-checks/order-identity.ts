import type { AmendOrder } from '../inputs.js';
import type { OrderCheck } from '../order-check.js';
import type { WorkingOrder } from '../working-order.js';

const DUPLICATE_ID = { code: 'DUPLICATE_ID', fixReason: 6, unit: 'none' } as const;
const ORDER_INVALID = { code: 'ORDER_INVALID', fixReason: 99, unit: 'none' } as const;

/** A new order whose id is working is another order under its name; an amend must fit the order it changes. */
export const orderIdentity: OrderCheck = {
  name: 'order-identity',
  dependsOnQuantity: false,
  run({ order, context, account }, report) {
    const { working, approving } = context;
    if (approving || !account) return;
    if (order.action === 'NEW') {
      const detail = working ? `order ${order.orderId} is working already` : null;
      report.state(DUPLICATE_ID, working ? 'BREACH' : 'PASS', account, detail);
      return;
    }
    const problem = amendProblem(order, working);
    report.state(ORDER_INVALID, problem ? 'BREACH' : 'PASS', account, problem);
  },
};

function amendProblem(order: AmendOrder, working: WorkingOrder | undefined): string | null {
  if (!working) return `there is no working order ${order.orderId} to amend`;
  if (working.terms.approvalExpiresAt !== null) return `order ${order.orderId} waits for its approval`;
  if (working.order.symbol !== order.symbol) return `an amend keeps the symbol, ${working.order.symbol}`;
  if (working.side !== order.side) return `an amend keeps the side, ${working.side}`;
  const isPending = working.amends.some(({ amendId }) => amendId === order.amendId);
  return isPending ? `amend ${order.amendId} is pending already` : null;
}
