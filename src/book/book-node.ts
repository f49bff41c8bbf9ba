import { Amount, absolute, larger, type Money, type Scaled, smaller } from './amount.js';
import type { AccountInput, AccountKind, NewOrder, Side } from './inputs.js';
import type { Instrument } from './instrument.js';
import { Scope } from './scope.js';
import { SlidingCount } from './sliding-count.js';
import { SymbolTotals, Totals } from './totals.js';
import type { VarNode } from './what-if-var.js';

/** What a node has lost: since the start of the session (negative is a profit), and from its peak. */
export interface Losses {
  readonly day: Amount | null;
  readonly fall: { readonly loss: Amount; readonly peak: Amount } | null;
}

/** A firm, desk or account with the sums over everything below it. */
export class BookNode extends Scope {
  parent: BookNode | null = null;
  readonly children = new Set<BookNode>();
  /** This node, its desk, … its firm. */
  path: readonly BookNode[] = [this];
  readonly totals = new Totals();
  /** Sums per symbol, brought up to date by whoever looks; of an account they are its holdings. */
  readonly symbols = new Map<string, SymbolTotals>();
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
  private readonly sum = new Amount();
  private sumIsKnown = false;
  dayStartEquity: Money | null = null;
  peakEquity: Money | null = null;
  /** Kept until the equity moves, which an order alone never does. */
  losses: Losses | null = null;
  /** Its peak and its latches are those of this equity. */
  isWatched = false;
  /** Its place in lists of all nodes. */
  index = -1;

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
    return this.equityAmount?.exact ?? null;
  }

  get equityAmount(): Amount | null {
    const base = this.base;
    if (base === null) return null;
    if (!this.sumIsKnown) {
      this.sumIsKnown = true;
      this.sum.set(base + this.totals.value.exact);
    }
    return this.sum;
  }

  /** Its value, base, day start or peak is another one. */
  equityMoved(): void {
    this.sumIsKnown = false;
    this.losses = null;
    this.isWatched = false;
  }

  /** The cost of a fill, or what a snapshot changed: equity stays, its base moves. */
  moveBase(difference: Money): void {
    for (const node of this.path) {
      if (node.equityBase !== null) node.equityBase += difference;
      node.childrenBase += difference;
      node.equityMoved();
    }
  }

  sumChildren(): void {
    const bases = Array.from(this.children, (child) => child.base);
    this.childrenKnown = bases.length > 0 && bases.every((base) => base !== null);
    this.childrenBase = bases.reduce<Money>((sum, base) => sum + (base ?? 0n), 0n);
    this.equityMoved();
  }

  /** Sums in a symbol over the accounts below. */
  symbolSums(instrument: Instrument): SymbolTotals {
    instrument.settleSums();
    return this.symbolTotals(instrument.id);
  }

  symbolTotals(symbol: string): SymbolTotals {
    let totals = this.symbols.get(symbol);
    if (!totals) {
      totals = new SymbolTotals();
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
  /** The same when its holding last looked. */
  seenPrice: Scaled | null;
}

/** One account's position and working orders in one symbol. */
export class Holding {
  private held: Scaled = 0n;
  averagePrice: Scaled | null = null;
  /** B and S: open quantity of working buys and sells. */
  buyQuantity: Scaled = 0n;
  sellQuantity: Scaled = 0n;
  /** ΣB·lock and ΣS·lock. */
  buyMoney: Money = 0n;
  sellMoney: Money = 0n;
  private readonly open: OpenOrder[] = [];
  /** The price of each side that would trade first; undefined where it must be looked for. */
  private bestBuy: Scaled | null | undefined = undefined;
  private bestSell: Scaled | null | undefined = undefined;

  /** P·mark and the symbol exposure: with the next three what the sums of its nodes contain of it. */
  value: Money = 0n;
  /** The price it is valued at; null where its value must be made anew. */
  valuedAt: Scaled | undefined | null = null;
  gross: Money = 0n;
  countedBuyMoney: Money = 0n;
  countedSellMoney: Money = 0n;
  countedOrders = 0;
  /** What the sums per symbol contain of it; null where they contain nothing. */
  private inSymbol: SymbolTotals | null = null;
  private waits = false;
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

  /** P, signed. */
  get position(): Scaled {
    return this.held;
  }

  set position(position: Scaled) {
    this.held = position;
    this.valuedAt = null;
  }

  get openOrders(): number {
    return this.open.length;
  }

  get isEmpty(): boolean {
    return this.position === 0n && this.buyQuantity === 0n && this.sellQuantity === 0n;
  }

  /** Mark of the symbol; while it has none, what the position cost. */
  get valuationPrice(): Scaled | undefined {
    return this.instrument.reference?.price ?? this.averagePrice ?? undefined;
  }

  get worstLong(): Scaled {
    return larger(this.position + this.buyQuantity, 0n);
  }

  get worstShort(): Scaled {
    return larger(this.sellQuantity - this.position, 0n);
  }

  /** Symbol exposure with more working: the larger of |P·mark + ΣB·lock| and |P·mark − ΣS·lock|. */
  grossWith(buys: Money, sells: Money): Money {
    const long = absolute(this.value + this.buyMoney + buys);
    const short = absolute(this.value - this.sellMoney - sells);
    return larger(long, short);
  }

  /** Its nodes have new sums, which contain nothing of it. */
  forgetSums(): void {
    this.value = 0n;
    this.valuedAt = null;
    this.gross = 0n;
    this.countedBuyMoney = 0n;
    this.countedSellMoney = 0n;
    this.countedOrders = 0;
    this.inSymbol = null;
    this.waits = false;
    this.countedUnpriced = false;
    // It is no first price: nothing moves the base of the equity here.
    this.valuation = 'EMPTY';
  }

  /** Its nodes have new vectors, which contain nothing of it. */
  forgetRisk(): void {
    this.countedPosition = 0;
    this.countedBuys = 0;
    this.countedSells = 0;
    this.countedUnmodelled = false;
  }

  /** It changed: the sums per symbol must follow. */
  wait(): void {
    if (this.waits) return;
    this.waits = true;
    this.instrument.wait(this);
  }

  /** Brings the sums per symbol up to date with it, those above its account and those of all accounts. */
  reach(ofInstrument: SymbolTotals): void {
    this.waits = false;
    const before = this.inSymbol;
    this.inSymbol = this.symbolTotals();
    const { account, instrument } = this;
    for (const node of account.path) {
      if (node !== account) node.symbolTotals(instrument.id).replace(before, this.inSymbol);
    }
    ofInstrument.replace(before, this.inSymbol);
  }

  /** Its sums as those of a symbol. */
  symbolTotals(): SymbolTotals {
    const totals = new SymbolTotals();
    totals.value.set(this.value);
    totals.held.set(absolute(this.value));
    totals.buys.set(this.buyMoney);
    totals.sells.set(this.sellMoney);
    totals.gross.set(this.gross);
    totals.worstLong.set(this.worstLong);
    totals.worstShort.set(this.worstShort);
    totals.openOrders = this.openOrders;
    return totals;
  }

  /** A working order on the other side that an order at `price` would trade with; a market order has no price. */
  crossing(side: Side, price: Scaled | null): OpenOrder | undefined {
    if ((side === 'BUY' ? this.sellQuantity : this.buyQuantity) === 0n) return undefined;
    const other = side === 'BUY' ? 'SELL' : 'BUY';
    if (!crosses(side, price, this.bestPrice(other))) return undefined;
    let crossed: OpenOrder | undefined;
    for (const working of this.open) {
      if (working.side === side || !crosses(side, price, working.aggressivePrice)) continue;
      // Of several the first by id, so that a restored book names the same one.
      if (!crossed || working.order.orderId < crossed.order.orderId) crossed = working;
    }
    return crossed;
  }

  /** Before what it holds is counted. */
  add(order: OpenOrder): void {
    const { side, aggressivePrice: price } = order;
    const isFirst = (side === 'BUY' ? this.buyQuantity : this.sellQuantity) === 0n;
    const best = this.knownBest(side);
    this.open.push(order);
    order.seenPrice = price;
    if (isFirst) this.setBest(side, price);
    else if (best !== undefined) this.setBest(side, moreAggressive(side, best, price));
  }

  remove(order: OpenOrder): void {
    const last = this.open.pop()!;
    if (last !== order) this.open[this.open.indexOf(order)] = last;
    if (order.seenPrice === this.knownBest(order.side)) this.setBest(order.side, undefined);
  }

  /** An amend may trade at another price. */
  reprice(order: OpenOrder): void {
    const price = order.aggressivePrice;
    if (price === order.seenPrice) return;
    order.seenPrice = price;
    this.setBest(order.side, undefined);
  }

  private bestPrice(side: Side): Scaled | null {
    let best = this.knownBest(side);
    if (best !== undefined) return best;
    for (const order of this.open) {
      if (order.side !== side) continue;
      best = best === undefined ? order.aggressivePrice : moreAggressive(side, best, order.aggressivePrice);
    }
    this.setBest(side, best);
    return best ?? null;
  }

  private knownBest(side: Side): Scaled | null | undefined {
    return side === 'BUY' ? this.bestBuy : this.bestSell;
  }

  private setBest(side: Side, price: Scaled | null | undefined): void {
    if (side === 'BUY') this.bestBuy = price;
    else this.bestSell = price;
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
