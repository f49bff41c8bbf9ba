import { accountOf, ORDER_QUANTITY_MAX, priceOf, symbolOf } from './firm.js';

let ids = 0;

/** Orders as an engine sends them, each with an id of its own; every `rejectEvery`th is larger than its account may send. */
export function engineOrders(count: number, rejectEvery = Number.POSITIVE_INFINITY) {
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, (_, i) => {
    const id = ids++;
    const isBuy = i % 2 === 0;
    const quantity = 10 + (i % 50) + (i % rejectEvery === rejectEvery - 1 ? ORDER_QUANTITY_MAX : 0);
    return {
      order_id: `ORDER-${id}`,
      account_id: accountOf(id * 17),
      symbol: symbolOf(id * 13),
      side: isBuy ? 'BUY' : 'SELL',
      quantity,
      order_type: 'LIMIT',
      // Buys below sells: nothing trades with itself.
      price: priceOf(id * 13) + (isBuy ? -0.05 : 0.05),
      timestamp,
    };
  });
}
