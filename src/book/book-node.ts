import { absolute, larger, type Money, type Scaled, worth } from './amount.js';
import type { AccountInput, AccountKind, NewOrder, Side } from './inputs.js';
import type { Instrument } from './instrument.js';
import { Scope } from './scope.js';
import { SlidingCount } from './sliding-count.js';
import { Totals } from './totals.js';
import type { VarNode } from './what-if-var.js';

/** A firm, desk or account with the sums over everything below it. */
export class BookNode extends Scope {
  parent: BookNode | null = null;
  readonly children = new Set<BookNode>();
  /** This node, its desk, … its firm. */
  path: readonly BookNode[] = [this];
  readonly totals = new Totals();
  /** Sums per symbol; of an account they are its holdings. */
  readonly symbols = new Map<string, Totals>();
  readonly holdings = new Map<string, Holding>();
  /** Orders of the last second by content. */
  readonly contents = new Map<string, SlidingCount>();
  cash: Money | null;
  /** Time of the last snapshot: fills up to it are part of it. */
  positionsAsOf: number | null = null;
  positionsVersion = 0;
  valueAtRisk: VarNode | undefined;
  /** Holdings without any price, and without scenarios. */
  unpricedCount = 0;
  unmodelledCount = 0;

  /**
   * Equity − market value, where the node has an equity of its own: set equity − market value then − signed cost of the
   * fills since. A fill and a snapshot move it, a price does not.
   */
  equityBase: Money | null = null;
  /** The same for equity that is the sum of the children's; known while every child's is. */
  private childrenBase: Money = 0n;
  private childrenKnown = false;
  private sum: { base: Money; value: Money; equity: Money } | null = null;
  dayStartEquity: Money | null = null;
  peakEquity: Money | null = null;

  constructor(public account: AccountInput) {
    super(account.kind, account.accountId);
    this.cash = account.cash ?? null;
  }

  get kind(): AccountKind {
    return this.account.kind;
  }

  get openOrders(): number {
    return this.totals.openOrders;
  }

  get base(): Money | null {
    return this.equityBase ?? (this.childrenKnown ? this.childrenBase : null);
  }

  /** Own equity if set, else the sum of the children's; null where one of them is missing. */
  get equity(): Money | null {
    const base = this.base;
    if (base === null) return null;
    const { value } = this.totals;
    // Asked for many times in one decision: comparing costs a fraction of adding.
    if (this.sum === null || this.sum.base !== base || this.sum.value !== value) {
      this.sum = { base, value, equity: base + value };
    }
    return this.sum.equity;
  }

  /** The cost of a fill, or what a snapshot changed: equity stays, its base moves. */
  moveBase(difference: Money): void {
    for (const node of this.path) {
      if (node.equityBase !== null) node.equityBase += difference;
      node.childrenBase += difference;
    }
  }

  sumChildren(): void {
    const bases = Array.from(this.children, (child) => child.base);
    this.childrenKnown = bases.length > 0 && bases.every((base) => base !== null);
    this.childrenBase = bases.reduce<Money>((sum, base) => sum + (base ?? 0n), 0n);
  }

  symbolTotals(symbol: string): Totals {
    let totals = this.symbols.get(symbol);
    if (!totals) {
      totals = new Totals();
      this.symbols.set(symbol, totals);
    }
    return totals;
  }
}

/** What a holding needs to know of a working order. */
export interface OpenOrder {
  readonly order: NewOrder;
  readonly side: Side;
  /** Null crosses everything. */
  readonly aggressivePrice: Scaled | null;
}

/** One account's position and working orders in one symbol. */
export class Holding {
  /** P, signed. */
  position: Scaled = 0n;
  averagePrice: Scaled | null = null;
  /** B and S: open quantity of working buys and sells. */
  buyQuantity: Scaled = 0n;
  sellQuantity: Scaled = 0n;
  /** ΣB·lock and ΣS·lock. */
  buyMoney: Money = 0n;
  sellMoney: Money = 0n;
  readonly orders = new Set<OpenOrder>();

  /** What the sums above contain of this holding. */
  counted = new Totals();
  /** Exposures that the what-if vectors contain, in currency: position, buys, sells at the mark. */
  countedPosition = 0;
  countedBuys = 0;
  countedSells = 0;
  /** How it is valued: at the mark, at its own average price while the symbol has no mark, or not at all. */
  valuation: 'MARK' | 'COST' | 'NONE' | 'EMPTY' = 'EMPTY';
  /** Held or worked in a symbol without scenarios: counted in its nodes as unknown to the VaR. */
  countedUnmodelled = false;
  countedUnpriced = false;

  constructor(
    readonly account: BookNode,
    readonly instrument: Instrument,
  ) {}

  get isEmpty(): boolean {
    return this.position === 0n && this.buyQuantity === 0n && this.sellQuantity === 0n;
  }

  /** Mark of the symbol; while it has none, what the position cost. */
  get valuationPrice(): Scaled | undefined {
    return this.instrument.reference?.price ?? this.averagePrice ?? undefined;
  }

  /** Its nodes have new vectors, which contain nothing of it. */
  forgetRisk(): void {
    this.countedPosition = 0;
    this.countedBuys = 0;
    this.countedSells = 0;
    this.countedUnmodelled = false;
  }

  /** Its part of every sum, at prices of now. */
  figures(): Totals {
    const totals = new Totals();
    const price = this.valuationPrice ?? 0n;
    totals.value = this.position === 0n ? 0n : worth(this.position, price, this.instrument.multiplier);
    totals.held = absolute(totals.value);
    totals.buys = this.buyMoney;
    totals.sells = this.sellMoney;
    totals.gross = larger(absolute(totals.value + this.buyMoney), absolute(totals.value - this.sellMoney));
    totals.worstLong = larger(this.position + this.buyQuantity, 0n);
    totals.worstShort = larger(this.sellQuantity - this.position, 0n);
    totals.openOrders = this.orders.size;
    return totals;
  }

  /** A working order on the other side that an order at `price` would trade with; a market order has no price. */
  crossing(side: Side, price: Scaled | null): OpenOrder | undefined {
    if ((side === 'BUY' ? this.sellQuantity : this.buyQuantity) === 0n) return undefined;
    let crossed: OpenOrder | undefined;
    for (const working of this.orders) {
      if (working.side === side) continue;
      const other = working.aggressivePrice;
      const crosses = price === null || other === null || (side === 'BUY' ? price >= other : price <= other);
      // Of several the first by id, so that a restored book names the same one.
      if (crosses && (!crossed || working.order.orderId < crossed.order.orderId)) crossed = working;
    }
    return crossed;
  }
}
