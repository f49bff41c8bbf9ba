import type { WorkingView } from '../../book/views.js';
import type { Terms } from '../../book/working-order.js';
import { minorUnits } from '../../decimal/decimal.js';
import { priceFigure, scaledFigure } from './figures.js';
import type { WorkingReply } from './working.schema.js';

/** A working order as it is shown. */
export function workingRow(
  { order, terms, amends, decidedAt, filled, openQuantity }: WorkingView,
  currency: string,
): WorkingReply {
  const digits = minorUnits(currency);
  return {
    order_id: order.orderId,
    account_id: order.accountId,
    trader_id: order.traderId,
    symbol: order.symbol,
    side: order.side,
    ...termsRow(terms, digits),
    time_in_force: order.timeInForce,
    reduce_only: order.reduceOnly,
    filled_quantity: scaledFigure(filled),
    open_quantity: scaledFigure(openQuantity),
    amends: amends.map(({ amendId, ...amended }) => ({ amend_id: amendId, ...termsRow(amended, digits) })),
    decided_at: new Date(decidedAt).toISOString(),
  };
}

const termsRow = ({ quantity, type, price, lock, approvalExpiresAt }: Terms, digits: number) => ({
  quantity: scaledFigure(quantity),
  order_type: type,
  price: price === null ? null : priceFigure(price, digits),
  lock_price: priceFigure(lock, digits),
  approval_expires_at: approvalExpiresAt === null ? null : new Date(approvalExpiresAt).toISOString(),
});
