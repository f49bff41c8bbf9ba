import { scaled } from '../../book/amount.js';
import type { OrderUpdate } from '../../book/inputs.js';
import type { OrderUpdateMessage } from './order-update.schema.js';

/** A parsed update in the words and numbers of the book. */
export function orderUpdateOf(update: OrderUpdateMessage, defaultAccountId: string): OrderUpdate {
  const { status, order_id: orderId, account_id: accountId = defaultAccountId, quantity } = update;
  const timestamp = Date.parse(update.timestamp);
  if (status !== 'PARTIALLY_FILLED' && status !== 'FILLED') {
    return {
      status,
      orderId,
      accountId,
      timestamp,
      amendId: update.amend_id ?? null,
      quantity: status === 'AMENDED' && quantity != null ? scaled(quantity) : null,
    };
  }
  // The schema has seen to it that a fill has all of these.
  return {
    status,
    orderId,
    accountId,
    timestamp,
    execId: update.exec_id!,
    symbol: update.symbol!,
    side: update.side!,
    quantity: scaled(quantity!),
    price: scaled(update.price!),
  };
}
