import { larger, type Scaled, smaller } from './amount.js';
import type { NewOrder, Side } from './inputs.js';

/** What a holding needs to know of a working order. */
export interface OpenOrder {
  readonly order: NewOrder;
  readonly side: Side;
  /** Null crosses everything. */
  readonly aggressivePrice: Scaled | null;
  /** The same when its holding last looked. */
  seenPrice: Scaled | null;
}

/** The working orders of one holding on one side. */
export class OpenOrders {
  private readonly orders: OpenOrder[] = [];
  /** The price that would trade first; undefined where it must be looked for. */
  private best: Scaled | null | undefined = undefined;

  constructor(private readonly side: Side) {}

  get count(): number {
    return this.orders.length;
  }

  add(order: OpenOrder): void {
    const { aggressivePrice: price } = order;
    order.seenPrice = price;
    if (this.orders.push(order) === 1) this.best = price;
    else if (this.best !== undefined) this.best = moreAggressive(this.side, this.best, price);
  }

  remove(order: OpenOrder): void {
    const { orders } = this;
    const last = orders.pop()!;
    if (last !== order) orders[orders.indexOf(order)] = last;
    if (order.seenPrice === this.best) this.best = undefined;
  }

  /** An amend may trade at another price. */
  reprice(order: OpenOrder): void {
    const { aggressivePrice: price } = order;
    if (price === order.seenPrice) return;
    order.seenPrice = price;
    this.best = undefined;
  }

  /** An order of these that one of the other side at `price` would trade with; a market order has no price. */
  crossedAt(price: Scaled | null): OpenOrder | undefined {
    if (this.orders.length === 0 || !crosses(this.side, this.bestPrice(), price)) return undefined;
    let crossed: OpenOrder | undefined;
    for (const working of this.orders) {
      if (!crosses(this.side, working.aggressivePrice, price)) continue;
      // Of several the first by id, so that a restored book names the same one.
      if (!crossed || working.order.orderId < crossed.order.orderId) crossed = working;
    }
    return crossed;
  }

  private bestPrice(): Scaled | null {
    if (this.best !== undefined) return this.best;
    let best = this.orders[0]!.aggressivePrice;
    for (const { aggressivePrice } of this.orders) best = moreAggressive(this.side, best, aggressivePrice);
    this.best = best;
    return best;
  }
}

/** Null crosses everything. */
function crosses(side: Side, price: Scaled | null, other: Scaled | null): boolean {
  if (price === null || other === null) return true;
  return side === 'BUY' ? price >= other : price <= other;
}

function moreAggressive(side: Side, a: Scaled | null, b: Scaled | null): Scaled | null {
  if (a === null || b === null) return null;
  return side === 'BUY' ? larger(a, b) : smaller(a, b);
}
