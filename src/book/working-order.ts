import { Amount, larger, type Money, type Scaled, smaller, worth } from './amount.js';
import type { Holding } from './book-node.js';
import type { NewOrder, OrderType, Side } from './inputs.js';
import type { OpenOrder } from './open-orders.js';
import type { Trader } from './trader.js';

/** Terms that the venue may be working on. */
export interface Terms {
  /** Total, filled part included. */
  quantity: Scaled;
  price: Scaled | null;
  type: OrderType;
  lock: Scaled;
  /** Time when a pending approval expires; null once approved or where none is needed. */
  approvalExpiresAt: number | null;
  submitter: string | null;
}

export interface PendingAmend extends Terms {
  amendId: string;
}

/** Shared by the many orders that nobody amends. */
const NONE: readonly PendingAmend[] = [];

/** An accepted order, or one that waits for an approval: what it holds stays held until the venue says otherwise. */
export class WorkingOrder implements OpenOrder {
  amends: readonly PendingAmend[] = NONE;
  /** Quantity and money that the holding contains of it. */
  readonly held = new Amount();
  readonly heldMoney = new Amount();
  seenPrice: Scaled | null = null;

  constructor(
    readonly order: NewOrder,
    readonly holding: Holding,
    readonly trader: Trader | null,
    public terms: Terms,
    public filled: Scaled,
    readonly decidedAt: number,
  ) {}

  get side(): Side {
    return this.order.side;
  }

  /** Open quantity: the larger of the order's and its pending amends'. */
  openQuantity(more?: Terms): Scaled {
    if (more === undefined && this.amends.length === 0 && this.filled === 0n) return this.terms.quantity;
    let quantity = more ? larger(this.terms.quantity, more.quantity) : this.terms.quantity;
    for (const amend of this.amends) quantity = larger(quantity, amend.quantity);
    return larger(quantity - this.filled, 0n);
  }

  /** Price at which it is held: the larger of the order's and its pending amends'. */
  lock(more?: Terms): Scaled {
    if (more === undefined && this.amends.length === 0) return this.terms.lock;
    let lock = more ? larger(this.terms.lock, more.lock) : this.terms.lock;
    for (const amend of this.amends) lock = larger(lock, amend.lock);
    return lock;
  }

  money(more?: Terms): Money {
    return worth(this.openQuantity(more), this.lock(more), this.holding.instrument.multiplier.exact);
  }

  /** The price that crosses most, a pending amend's included; null crosses everything. */
  get aggressivePrice(): Scaled | null {
    if (this.amends.length === 0) return this.terms.type === 'MARKET' ? null : this.terms.price;
    const all: Terms[] = [this.terms, ...this.amends];
    return all.reduce<Scaled | null>((best, { price, type }) => {
      if (type === 'MARKET' || price === null || best === null) return null;
      return this.side === 'BUY' ? larger(best, price) : smaller(best, price);
    }, this.terms.price);
  }
}
