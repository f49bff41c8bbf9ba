import { absolute, larger, type Money, type Scaled, worth } from './amount.js';
import type { BookNode, Holding } from './book-node.js';
import type { CheckedOrder, Side } from './inputs.js';
import { type Instrument, lockPrice, type Reference } from './instrument.js';
import type { BookSettings } from './limits.js';
import type { Scope } from './scope.js';
import { Totals } from './totals.js';
import type { Trader } from './trader.js';
import type { Terms, WorkingOrder } from './working-order.js';

/** What the book knows around an order before anything is computed. */
export interface OrderContext {
  readonly now: number;
  readonly settings: BookSettings;
  readonly account: BookNode | undefined;
  readonly instrument: Instrument | undefined;
  readonly trader: Trader | null;
  /** The working order of the same id. */
  readonly working: WorkingOrder | undefined;
  /** Filled before the order arrived. */
  readonly filledBefore: Scaled;
  /** Last day of the scenarios; null without any. */
  readonly scenariosAsOf: number | null;
  /** The second check, at an approval. */
  readonly approving: boolean;
}

const NOTHING = new Totals();

/**
 * An order with everything its checks compare, computed once. Quantities are those that the reservation would add: an
 * amend adds what it holds beyond the order, a fill that came first is not held again.
 */
export class OrderFacts {
  readonly side: Side;
  readonly account: BookNode | undefined;
  readonly path: readonly BookNode[];
  readonly instrument: Instrument | undefined;
  /** The levels that limit the size of an order: the account's path, the instrument, the trader. */
  readonly scopes: readonly Scope[];
  readonly holding: Holding | undefined;
  /** This account's sums in the symbol. */
  readonly sums: Totals;
  readonly reference: Reference | undefined;
  readonly price: Scaled | undefined;
  readonly lock: Scaled | undefined;
  readonly notional: Money | undefined;
  /** What the reservation adds to the side's quantity and money. */
  readonly addedQuantity: Scaled;
  readonly addedMoney: Money;
  readonly longAdded: Scaled;
  readonly shortAdded: Scaled;
  /** Some part of the order raises the worst long or the worst short. */
  readonly opens: boolean;
  readonly symbolGross: Money;
  readonly grossAdded: Money;
  readonly buysAdded: Money;
  readonly sellsAdded: Money;
  exactVar = false;

  constructor(
    readonly order: CheckedOrder,
    readonly context: OrderContext,
  ) {
    const { account, instrument, working } = context;
    this.side = order.side;
    this.account = account;
    this.path = account?.path ?? [];
    this.instrument = instrument;
    this.scopes = scopesOf(this.path, instrument, context.trader);
    this.holding = account?.holdings.get(order.symbol);
    this.sums = this.holding?.counted ?? NOTHING;
    this.reference = instrument?.reference;
    this.price = instrument?.orderPrice(order.side, order.price, this.slippage());
    const { price, reference } = this;
    this.lock = price === undefined || !reference ? undefined : lockPrice(price, reference.price);
    this.notional =
      price === undefined || !instrument ? undefined : absolute(worth(order.quantity, price, instrument.multiplier));
    this.addedQuantity = this.quantityToHold(working);
    this.addedMoney = this.moneyToHold(working);
    const isBuy = order.side === 'BUY';
    const position = this.holding?.position ?? 0n;
    const worstLong = isBuy
      ? larger(position + (this.holding?.buyQuantity ?? 0n) + this.addedQuantity, 0n)
      : this.sums.worstLong;
    const worstShort = isBuy
      ? this.sums.worstShort
      : larger((this.holding?.sellQuantity ?? 0n) + this.addedQuantity - position, 0n);
    this.longAdded = isBuy ? worstLong - this.sums.worstLong : 0n;
    this.shortAdded = isBuy ? 0n : worstShort - this.sums.worstShort;
    this.opens = this.longAdded > 0n || this.shortAdded > 0n;
    this.buysAdded = isBuy ? this.addedMoney : 0n;
    this.sellsAdded = isBuy ? 0n : this.addedMoney;
    this.symbolGross = this.grossAfter();
    this.grossAdded = this.symbolGross - this.sums.gross;
  }

  /** The order for another quantity, everything else equal. */
  withQuantity(quantity: Scaled): OrderFacts {
    return new OrderFacts({ ...this.order, quantity }, this.context);
  }

  get now(): number {
    return this.context.now;
  }

  /** Whether exposures can be computed: a known account, and prices. */
  get isPriced(): boolean {
    return this.account !== undefined && this.lock !== undefined;
  }

  /** Sums in the order's symbol at a level of the path. */
  symbolSums(node: BookNode): Totals {
    return node === this.account ? this.sums : (node.symbols.get(this.order.symbol) ?? NOTHING);
  }

  /** The terms under which the order would be held. */
  terms(approvalExpiresAt: number | null = null): Terms {
    const { quantity, price, type, submitter } = this.order;
    return { quantity, price, type, lock: this.lock ?? 0n, approvalExpiresAt, submitter };
  }

  /** Strictest of the path: the largest. */
  private slippage(): Scaled {
    let slippage = 0n;
    if (this.order.type === 'LIMIT') return slippage;
    for (const scope of this.scopes)
      slippage = larger(slippage, scope.limitsFor(this.order.symbol).marketSlippageRatio ?? 0n);
    return slippage;
  }

  private quantityToHold(working: WorkingOrder | undefined): Scaled {
    if (this.order.action === 'AMEND') return working ? working.openQuantity(this.terms()) - working.heldQuantity : 0n;
    return larger(this.order.quantity - this.context.filledBefore, 0n);
  }

  private moneyToHold(working: WorkingOrder | undefined): Money {
    if (this.lock === undefined || !this.instrument) return 0n;
    if (this.order.action === 'AMEND') return working ? working.money(this.terms()) - working.heldMoney : 0n;
    return worth(this.addedQuantity, this.lock, this.instrument.multiplier);
  }

  /** Symbol exposure: the larger of |P·mark + ΣB·lock| and |P·mark − ΣS·lock|. */
  private grossAfter(): Money {
    const { value, buys, sells } = this.sums;
    return larger(absolute(value + buys + this.buysAdded), absolute(value - sells - this.sellsAdded));
  }
}

function scopesOf(path: readonly Scope[], instrument: Instrument | undefined, trader: Trader | null): Scope[] {
  const scopes = path.slice();
  if (instrument) scopes.push(instrument);
  if (trader) scopes.push(trader);
  return scopes;
}
