import { Amount, larger, NOTHING, type Scaled } from './amount.js';
import type { BookNode, Holding } from './book-node.js';
import type { CheckedOrder, Side } from './inputs.js';
import { type Instrument, lockPrice, type Reference } from './instrument.js';
import type { LevelLimit, LimitSheet } from './limit-sheet.js';
import type { BookSettings } from './limits.js';
import type { NodeRisk } from './node-risk.js';
import type { Scope } from './scope.js';
import type { SlidingCount } from './sliding-count.js';
import { SymbolTotals } from './totals.js';
import type { Trader } from './trader.js';
import type { Terms, WorkingOrder } from './working-order.js';

/** What the book knows around an order before anything is computed. */
export interface OrderContext {
  readonly now: number;
  readonly settings: BookSettings;
  readonly account: BookNode | undefined;
  readonly instrument: Instrument | undefined;
  readonly trader: Trader | null;
  /** Every limit the order meets. */
  readonly limits: LimitSheet;
  /** What makes orders the same but for their ids, where somebody limits how many there are; else null. */
  readonly content: string | null;
  /** The orders of that content before it; undefined where there were none. */
  readonly sameContent: SlidingCount | undefined;
  /** The working order of the same id. */
  readonly working: WorkingOrder | undefined;
  /** Filled before the order arrived. */
  readonly filledBefore: Scaled;
  /** Last day of the scenarios; null without any. */
  readonly scenariosAsOf: number | null;
  /** The second check, at an approval. */
  readonly approving: boolean;
}

const NO_PATH: readonly BookNode[] = [];

/**
 * An order with everything its checks compare, computed once. Quantities are those that the reservation would add: an
 * amend adds what it holds beyond the order, a fill that came first is not held again.
 */
export class OrderFacts {
  readonly side: Side;
  readonly account: BookNode | undefined;
  readonly path: readonly BookNode[];
  readonly instrument: Instrument | undefined;
  readonly limits: LimitSheet;
  readonly holding: Holding | undefined;
  readonly reference: Reference | undefined;
  readonly price: Amount | undefined;
  readonly lock: Amount | undefined;
  readonly quantity: Amount;
  readonly notional: Amount;
  /** What the reservation adds to the side's quantity and money. */
  readonly addedQuantity: Amount;
  readonly addedMoney: Amount;
  /** Worst long of a buy, worst short of a sell, of the account in the symbol; and what the order adds to it. */
  readonly worst: Amount;
  readonly worstAdded: Amount;
  /** Some part of the order raises it. */
  readonly opens: boolean;
  /** Symbol exposure of the account, and what the order adds to it and to every sum of it. */
  readonly symbolGross: Amount;
  readonly grossAdded: Amount;
  exactVar = false;
  /** VaR at each level that limits it, once it is computed. */
  risks: readonly NodeRisk[] | null = null;

  constructor(
    readonly order: CheckedOrder,
    readonly context: OrderContext,
  ) {
    const { account, instrument, working } = context;
    const { side } = order;
    this.side = side;
    this.account = account;
    this.path = account === undefined ? NO_PATH : account.path;
    this.instrument = instrument;
    this.limits = context.limits;
    this.holding = instrument && account?.holdings.get(instrument.id);
    this.reference = instrument?.reference;
    const orderPrice = instrument?.orderPrice(side, order.price, this.slippage());
    this.price = orderPrice === undefined ? undefined : new Amount(orderPrice);
    const { price, reference, holding } = this;
    this.lock = price === undefined || !reference ? undefined : lockPrice(price, reference.amount);
    this.quantity = new Amount(order.quantity);
    this.addedQuantity = this.quantityToHold(working);
    this.addedMoney = this.moneyToHold(working);
    this.notional = this.notionalOf();
    const quantity = this.addedQuantity;
    this.worst = holding === undefined ? NOTHING : holding.worst(side);
    this.worstAdded = addedToWorst(holding, side, quantity, this.worst);
    this.opens = this.worstAdded.isPositive;
    this.symbolGross = holding === undefined ? NOTHING : holding.gross;
    this.grossAdded = this.grossToAdd();
  }

  /** The order for another quantity, everything else equal. */
  withQuantity(quantity: Scaled): OrderFacts {
    return new OrderFacts({ ...this.order, quantity }, this.context);
  }

  get now(): number {
    return this.context.now;
  }

  get trader(): Trader | null {
    return this.context.trader;
  }

  /** Whether exposures can be computed: a known account, and prices. */
  get isPriced(): boolean {
    return this.account !== undefined && this.lock !== undefined;
  }

  get buysAdded(): Amount {
    return this.side === 'BUY' ? this.addedMoney : NOTHING;
  }

  get sellsAdded(): Amount {
    return this.side === 'BUY' ? NOTHING : this.addedMoney;
  }

  /** Who sets a limit of the sheet. */
  level({ place, scope }: LevelLimit<unknown>): Scope {
    return scope ?? this.path[place]!;
  }

  node({ place }: LevelLimit<unknown>): BookNode {
    return this.path[place]!;
  }

  /** Sums in the order's symbol at a level of the path, or over all accounts. */
  symbolSums(scope: Scope): SymbolTotals {
    if (scope === this.instrument) return this.instrument.totals;
    if (scope === this.account) return this.holding?.symbolTotals() ?? new SymbolTotals();
    return (scope as BookNode).symbolSums(this.instrument!);
  }

  /** The terms under which the order would be held. */
  terms(approvalExpiresAt: number | null = null): Terms {
    const { quantity, price, type, submitter } = this.order;
    return { quantity, price, type, lock: this.lock?.exact ?? 0n, approvalExpiresAt, submitter };
  }

  /** Strictest of all levels: the largest. */
  private slippage(): Scaled {
    let slippage = 0n;
    if (this.order.type === 'LIMIT') return slippage;
    for (const { limit } of this.limits.slippageRatio) slippage = larger(slippage, limit);
    return slippage;
  }

  private quantityToHold(working: WorkingOrder | undefined): Amount {
    const { order, context, quantity } = this;
    if (order.action === 'AMEND') {
      return working ? new Amount(working.openQuantity(this.terms())).subtract(working.held) : NOTHING;
    }
    return context.filledBefore === 0n ? quantity : new Amount(larger(order.quantity - context.filledBefore, 0n));
  }

  private moneyToHold(working: WorkingOrder | undefined): Amount {
    const { addedQuantity, instrument, lock, order } = this;
    if (lock === undefined || !instrument) return NOTHING;
    if (order.action === 'AMEND') {
      return working ? new Amount(working.money(this.terms())).subtract(working.heldMoney) : NOTHING;
    }
    return new Amount().setProduct(addedQuantity, lock, instrument.multiplier);
  }

  /** |quantity × order price × multiplier|: mostly the money that is held. */
  private notionalOf(): Amount {
    const { addedMoney, addedQuantity, instrument, lock, order, price, quantity } = this;
    if (price === undefined || !instrument) return NOTHING;
    if (order.action === 'NEW' && price === lock && addedQuantity === quantity) return addedMoney;
    return new Amount().setProduct(quantity, price, instrument.multiplier).toAbsolute();
  }

  private grossToAdd(): Amount {
    const { addedMoney, holding, side, symbolGross } = this;
    if (holding !== undefined) return holding.grossWith(side, addedMoney, new Amount()).subtract(symbolGross);
    return addedMoney.isNegative ? new Amount().setTo(addedMoney).toAbsolute() : addedMoney;
  }
}

function addedToWorst(holding: Holding | undefined, side: Side, quantity: Amount, worst: Amount): Amount {
  if (quantity.isPositive && worst.isPositive) return quantity;
  if (holding !== undefined) return holding.worst(side, quantity).subtract(worst);
  return quantity.isPositive ? quantity : NOTHING;
}
