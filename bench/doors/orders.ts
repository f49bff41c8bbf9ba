import type { ServiceProcess } from '../../test/support/service.js';
import { accountOf, ORDER_QUANTITY_MAX, priceOf, symbolOf } from './firm.js';

const UPDATES_AT_ONCE = 500;

let ids = 0;

export type EngineOrders = ReturnType<typeof engineOrders>;

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

/** The venue cancels whatever of them works. */
export async function endAll(service: ServiceProcess, orders: EngineOrders): Promise<void> {
  for (let from = 0; from < orders.length; from += UPDATES_AT_ONCE) {
    const updates = orders.slice(from, from + UPDATES_AT_ONCE).map(({ order_id, account_id }) => ({
      order_id,
      account_id,
      status: 'CANCELLED',
      timestamp: new Date().toISOString(),
    }));
    const { status, body } = await service.post('/v1/orders/updates', { updates });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
}
