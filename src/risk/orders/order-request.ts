import { scaled } from '../../book/amount.js';
import type { OrderRequest, Side } from '../../book/inputs.js';
import type { OrderInput, OrderMessage } from './order.schema.js';

interface Sender {
  /** Account of orders that name none. */
  readonly defaultAccountId: string;
  /** Who sent it, where that is known. */
  readonly submitter: string | null;
}

/** A parsed order in the words and numbers of the book. */
export function orderRequest(order: OrderMessage | OrderInput, { defaultAccountId, submitter }: Sender): OrderRequest {
  const { action, order_id: orderId, account_id: accountId = defaultAccountId } = order;
  const traderId = order.trader_id ?? null;
  if (action === 'CANCEL') return { action, orderId, accountId, traderId, symbol: order.symbol ?? null };
  // The schema has seen to it that these are there.
  const quantity = (order.quantity ?? order.volume)!;
  const price = order.price ?? null;
  const side = sideOf(order, quantity);
  const size = scaled(quantity.startsWith('-') ? quantity.slice(1) : quantity);
  const timestamp = order.timestamp == null ? null : Date.parse(order.timestamp);
  const { symbol, time_in_force: timeInForce, reduce_only: reduceOnly } = order;
  // One literal each: orders of one shape are what the checks are fast with.
  if (action === 'AMEND') {
    return {
      action,
      amendId: order.amend_id!,
      orderId,
      accountId,
      traderId,
      symbol: symbol!,
      side,
      quantity: size,
      type: price === null ? 'MARKET' : 'LIMIT',
      price: price === null ? null : scaled(price),
      timeInForce,
      reduceOnly,
      timestamp,
      submitter,
    };
  }
  return {
    action,
    orderId,
    accountId,
    traderId,
    symbol: symbol!,
    side,
    quantity: size,
    type: price === null ? 'MARKET' : 'LIMIT',
    price: price === null ? null : scaled(price),
    timeInForce,
    reduceOnly,
    timestamp,
    submitter,
  };
}

function sideOf({ side, direction }: OrderMessage, quantity: string): Side {
  if (side !== undefined) return side;
  if (direction !== undefined) return direction === 'LONG' ? 'BUY' : 'SELL';
  return quantity.startsWith('-') ? 'SELL' : 'BUY';
}
