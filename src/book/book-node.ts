import { Amount, type Money, NOTHING, type Scaled } from './amount.js';
import type { AccountInput, AccountKind, Side } from './inputs.js';
import type { Instrument } from './instrument.js';
import { type OpenOrder, OpenOrders } from './open-orders.js';
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
  /** Sums per symbol, of those that somebody has looked at; of an account they are its holdings. */
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
    instrument.sumUp();
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

const NO_SUMS: readonly SymbolTotals[] = [];

/** One account's position and working orders in one symbol. */
export class Holding {
  /** P, signed. */
  private readonly held = new Amount();
  averagePrice: Scaled | null = null;
  /** B and S: open quantity of working buys and sells. */
  readonly buyQuantity = new Amount();
  readonly sellQuantity = new Amount();
  /** ΣB·lock and ΣS·lock. */
  readonly buyMoney = new Amount();
  readonly sellMoney = new Amount();
  private readonly openBuys = new OpenOrders('BUY');
  private readonly openSells = new OpenOrders('SELL');

  /** P·mark and the symbol exposure. The sums of its nodes contain these two, its money and its orders. */
  readonly value = new Amount();
  readonly gross = new Amount();
  /** The price it is valued at; null where its value must be made anew. */
  private valuedAt: Scaled | undefined | null = null;
  /** The sums per symbol that contain it: none before somebody looks at such a sum. */
  private symbolSums: readonly SymbolTotals[] = NO_SUMS;
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

  get position(): Scaled {
    return this.held.exact;
  }

  set position(position: Scaled) {
    const [long, short] = [this.worst('BUY'), this.worst('SELL')];
    this.held.set(position);
    this.valuedAt = null;
    const [moreLong, moreShort] = [this.worst('BUY').subtract(long), this.worst('SELL').subtract(short)];
    for (const sums of this.symbolSums) {
      sums.worstLong.add(moreLong);
      sums.worstShort.add(moreShort);
    }
  }

  /** The double nearest to it. */
  get nearPosition(): number {
    return this.held.near;
  }

  get openOrders(): number {
    return this.openBuys.count + this.openSells.count;
  }

  get isEmpty(): boolean {
    return this.held.isZero && this.buyQuantity.isZero && this.sellQuantity.isZero;
  }

  /** Mark of the symbol; while it has none, what the position cost. */
  get valuationPrice(): Scaled | undefined {
    return this.instrument.reference?.price ?? this.averagePrice ?? undefined;
  }

  /** max(P + B, 0) of buys, max(S − P, 0) of sells; with `more` of that side working. */
  worst(side: Side, more = NOTHING): Amount {
    const worst = new Amount().setTo(side === 'BUY' ? this.buyQuantity : this.sellQuantity).add(more);
    if (side === 'BUY') worst.add(this.held);
    else worst.subtract(this.held);
    return worst.isNegative ? worst.setTo(NOTHING) : worst;
  }

  /**
   * Symbol exposure with more money working on one side: the larger of |P·mark + ΣB·lock| and |P·mark − ΣS·lock|,
   * written to `gross`.
   */
  grossWith(side: Side, more: Amount, gross: Amount): Amount {
    gross.setTo(this.value).add(this.buyMoney);
    OTHER.setTo(this.value).subtract(this.sellMoney);
    if (side === 'BUY') gross.add(more);
    else OTHER.subtract(more);
    gross.toAbsolute();
    return OTHER.toAbsolute().isAbove(gross) ? gross.setTo(OTHER) : gross;
  }

  /** More works on a side, or less. */
  hold(side: Side, quantity: Amount, money: Amount): void {
    const isBuy = side === 'BUY';
    const worst = this.symbolSums.length === 0 ? NOTHING : this.worst(side);
    (isBuy ? this.buyQuantity : this.sellQuantity).add(quantity);
    (isBuy ? this.buyMoney : this.sellMoney).add(money);
    for (const { totals } of this.account.path) (isBuy ? totals.buys : totals.sells).add(money);
    if (this.symbolSums.length === 0) return;
    const more = this.worst(side).subtract(worst);
    for (const sums of this.symbolSums) {
      (isBuy ? sums.buys : sums.sells).add(money);
      (isBuy ? sums.worstLong : sums.worstShort).add(more);
    }
  }

  /** One more order works, whose money and quantity `hold` counts. */
  add(order: OpenOrder): void {
    this.openOf(order.side).add(order);
    this.countOrders(1);
  }

  remove(order: OpenOrder): void {
    this.openOf(order.side).remove(order);
    this.countOrders(-1);
  }

  reprice(order: OpenOrder): void {
    this.openOf(order.side).reprice(order);
  }

  /** A working order on the other side that an order at `price` would trade with; a market order has no price. */
  crossing(side: Side, price: Scaled | null): OpenOrder | undefined {
    return (side === 'BUY' ? this.openSells : this.openBuys).crossedAt(price);
  }

  /** Brings its value, its exposure and the sums that contain it up to date with its position, its price and what works. */
  revalue(): void {
    // An order moves neither the position nor its price.
    if (this.valuedAt !== this.valuationPrice) this.moveValue();
    this.grossWith('BUY', NOTHING, AFTER);
    if (AFTER.equals(this.gross)) return;
    MORE.setTo(AFTER).subtract(this.gross);
    this.gross.setTo(AFTER);
    for (const { totals } of this.account.path) totals.gross.add(MORE);
    for (const sums of this.symbolSums) sums.gross.add(MORE);
  }

  /** Its value must be made anew: the multiplier is another one. */
  forgetValue(): void {
    this.valuedAt = null;
  }

  private moveValue(): void {
    const { account, held, instrument, value, valuationPrice: price } = this;
    this.valuedAt = price;
    if (held.isZero || price === undefined) AFTER.setTo(NOTHING);
    else AFTER.setProduct(held, OTHER.set(price), instrument.multiplier);
    if (AFTER.equals(value)) return;
    MORE.setTo(AFTER).subtract(value);
    OTHER.setTo(value).toAbsolute();
    value.setTo(AFTER);
    const moreHeld = AFTER.toAbsolute().subtract(OTHER);
    for (const node of account.path) {
      node.totals.value.add(MORE);
      node.totals.held.add(moreHeld);
      node.equityMoved();
    }
    for (const sums of this.symbolSums) {
      sums.value.add(MORE);
      sums.held.add(moreHeld);
    }
  }

  /** Its nodes have new sums, which contain nothing of it but what works. */
  forgetSums(): void {
    this.value.setTo(NOTHING);
    this.valuedAt = null;
    this.gross.setTo(NOTHING);
    this.symbolSums = NO_SUMS;
    this.countedUnpriced = false;
    // It is no first price: nothing moves the base of the equity here.
    this.valuation = 'EMPTY';
    for (const { totals } of this.account.path) {
      totals.buys.add(this.buyMoney);
      totals.sells.add(this.sellMoney);
      totals.openOrders += this.openOrders;
    }
  }

  /** Its nodes have new vectors, which contain nothing of it. */
  forgetRisk(): void {
    this.countedPosition = 0;
    this.countedBuys = 0;
    this.countedSells = 0;
    this.countedUnmodelled = false;
  }

  /** From now on the sums per symbol contain it: those above its account, and that of all accounts. */
  joinSums(ofInstrument: SymbolTotals): void {
    const { account, instrument } = this;
    this.symbolSums = [...account.path.slice(1).map((node) => node.symbolTotals(instrument.id)), ofInstrument];
    const own = this.symbolTotals();
    for (const sums of this.symbolSums) sums.include(own);
  }

  /** Its own sums as those of a symbol. */
  symbolTotals(): SymbolTotals {
    const totals = new SymbolTotals();
    totals.value.setTo(this.value);
    totals.held.setTo(this.value).toAbsolute();
    totals.buys.setTo(this.buyMoney);
    totals.sells.setTo(this.sellMoney);
    totals.gross.setTo(this.gross);
    totals.worstLong.setTo(this.worst('BUY'));
    totals.worstShort.setTo(this.worst('SELL'));
    totals.openOrders = this.openOrders;
    return totals;
  }

  private openOf(side: Side): OpenOrders {
    return side === 'BUY' ? this.openBuys : this.openSells;
  }

  private countOrders(more: 1 | -1): void {
    for (const { totals } of this.account.path) totals.openOrders += more;
    for (const sums of this.symbolSums) sums.openOrders += more;
  }
}

/** For a moment each. */
const AFTER = new Amount();
const OTHER = new Amount();
const MORE = new Amount();
