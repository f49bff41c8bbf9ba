import type { Money, Scaled } from './amount.js';
import { type BookNode, Holding } from './book-node.js';
import type { Effect } from './effects.js';
import type { Level } from './inputs.js';
import { Instrument } from './instrument.js';
import { LimitSheets } from './limit-sheets.js';
import type { BookSettings } from './limits.js';
import type { AccountRecord } from './records.js';
import type { Scope } from './scope.js';
import { Trader } from './trader.js';
import { ScenarioColumns, VarNode } from './what-if-var.js';
import type { WorkingOrder } from './working-order.js';

/** Fills of one order, kept a day beyond its end: an exec id is booked once, an order that comes late finds its fills. */
export interface Execution {
  filled: Scaled;
  /** What each booked, as `fillContent`, by its exec id. */
  readonly fills: Map<string, string>;
  at: number;
}

/** The orders of one account by id. */
export interface AccountOrders {
  readonly working: Map<string, WorkingOrder>;
  readonly executions: Map<string, Execution>;
}

/**
 * Everything the book knows, with sums that always follow: whoever changes a holding calls `refresh`, and every sum it is
 * part of changes by the difference.
 */
export class BookState {
  now = 0;
  session: number | null = null;
  readonly accounts = new Map<string, BookNode>();
  readonly instruments = new Map<string, Instrument>();
  readonly traders = new Map<string, Trader>();
  readonly sheets: LimitSheets;
  /** Orders with a pending approval, of themselves or of an amend. */
  readonly pending = new Set<WorkingOrder>();
  scenariosAsOf: number | null = null;
  scenarios: ScenarioColumns;
  private readonly orders: (AccountOrders | undefined)[] = [];
  private readonly moved = new Set<Instrument>();
  private readonly changedAccounts = new Set<BookNode>();

  constructor(readonly settings: BookSettings) {
    this.scenarios = new ScenarioColumns(1, settings.varTailBasisPoints);
    this.sheets = new LimitSheets(settings);
  }

  /** Time never goes back, whatever a clock does. */
  timeOf(now: number): number {
    return Math.max(now, this.now);
  }

  instrument(symbol: string): Instrument {
    let instrument = this.instruments.get(symbol);
    if (!instrument) {
      instrument = new Instrument(symbol);
      this.instruments.set(symbol, instrument);
    }
    return instrument;
  }

  trader(id: string): Trader {
    let trader = this.traders.get(id);
    if (!trader) {
      trader = new Trader(id);
      this.traders.set(id, trader);
    }
    return trader;
  }

  /** Undefined for a firm, desk or account that is not there. */
  scope(level: Level, id: string): Scope | undefined {
    if (level === 'TRADER') return this.trader(id);
    if (level === 'INSTRUMENT') return this.instrument(id);
    return this.accounts.get(id);
  }

  addNode(node: BookNode): void {
    this.accounts.set(node.id, node);
    node.valueAtRisk = new VarNode(this.scenarios);
    node.index = this.orders.push({ working: new Map(), executions: new Map() }) - 1;
  }

  removeNode(node: BookNode): void {
    this.accounts.delete(node.id);
    this.orders[node.index] = undefined;
  }

  ordersOf(account: BookNode): AccountOrders {
    return this.orders[account.index]!;
  }

  holding(account: BookNode, instrument: Instrument): Holding {
    let holding = account.holdings.get(instrument.id);
    if (!holding) {
      holding = new Holding(account, instrument);
      account.holdings.set(instrument.id, holding);
      instrument.addHolder(holding);
    }
    return holding;
  }

  workingOrder(accountId: string, orderId: string): WorkingOrder | undefined {
    const account = this.accounts.get(accountId);
    return account && this.ordersOf(account).working.get(orderId);
  }

  /** A price of the symbol moved; its holders follow before the next input that looks. */
  priceMoved(instrument: Instrument): void {
    const before = instrument.reference?.price;
    instrument.priceVersion++;
    instrument.refreshReference();
    if (instrument.reference?.price !== before) this.moved.add(instrument);
  }

  revalue(): void {
    if (this.moved.size === 0) return;
    for (const instrument of this.moved) for (const holding of holdersOf(instrument)) this.refresh(holding);
    this.moved.clear();
  }

  /** Brings every sum up to date with a holding whose fields or prices changed. */
  refresh(holding: Holding): void {
    const wasAtCost = holding.valuation === 'COST' || holding.valuation === 'NONE';
    holding.valuation = valuationOf(holding);
    // The first price of a position is no profit: nobody knew what it was worth.
    if (wasAtCost && holding.valuation === 'MARK') this.keepEquity(holding, () => holding.revalue());
    else holding.revalue();
    this.refreshUnknowns(holding);
    this.refreshRisk(holding);
  }

  /** Whatever a change makes a holding worth, the equity of its account stays as it was. */
  keepEquity(holding: Holding, change: () => void): void {
    const before = holding.value.exact;
    change();
    this.moveBase(holding.account, before - holding.value.exact);
  }

  moveBase(account: BookNode, difference: Money): void {
    if (difference === 0n) return;
    account.moveBase(difference);
    for (const node of account.path) if (node.equityBase !== null) this.changedAccounts.add(node);
  }

  /** Limits or latches are others: every loss is looked at again. */
  watchAll(): void {
    for (const node of this.accounts.values()) node.isWatched = false;
  }

  accountChanged(node: BookNode): void {
    this.changedAccounts.add(node);
  }

  /** Records of the accounts whose equity, cash, day start or peak changed since the last time. */
  flushAccounts(effects: Effect[]): void {
    if (this.changedAccounts.size === 0) return;
    const nodes = [...this.changedAccounts].sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const node of nodes) effects.push({ kind: 'ACCOUNT', account: accountRecord(node) });
    this.changedAccounts.clear();
  }

  /** Builds every sum from nothing: after a change of the tree, and to prove the running ones. */
  rebuild(): void {
    this.revalue();
    for (const node of this.accounts.values()) {
      node.totals.clear();
      node.symbols.clear();
      node.unpricedCount = 0;
      node.unmodelledCount = 0;
    }
    for (const instrument of this.instruments.values()) instrument.forgetSums();
    this.sheets.forget();
    this.rebuildRisk();
    for (const node of this.accounts.values()) {
      for (const holding of node.holdings.values()) {
        holding.forgetSums();
        this.refresh(holding);
      }
    }
    for (const node of this.leavesFirst()) node.sumChildren();
  }

  /** New vectors for every node, from the exposures of its holdings. */
  rebuildRisk(): void {
    for (const node of this.accounts.values()) {
      node.valueAtRisk = new VarNode(this.scenarios);
      node.unmodelledCount = 0;
      for (const holding of node.holdings.values()) holding.forgetRisk();
    }
  }

  /** Children before their parents. */
  leavesFirst(): BookNode[] {
    return [...this.accounts.values()].sort((a, b) => b.path.length - a.path.length);
  }

  private refreshUnknowns(holding: Holding): void {
    const { account } = holding;
    const unpriced = holding.valuation === 'NONE';
    if (unpriced !== holding.countedUnpriced) {
      holding.countedUnpriced = unpriced;
      for (const node of account.path) node.unpricedCount += unpriced ? 1 : -1;
    }
    const unmodelled = !holding.isEmpty && !holding.instrument.column;
    if (unmodelled !== holding.countedUnmodelled) {
      holding.countedUnmodelled = unmodelled;
      for (const node of account.path) node.unmodelledCount += unmodelled ? 1 : -1;
    }
  }

  private refreshRisk(holding: Holding): void {
    const { instrument } = holding;
    const { column } = instrument;
    if (!column) return;
    const unit = instrument.reference
      ? instrument.exposurePerUnit
      : Number(holding.averagePrice ?? 0n) * instrument.moneyPerUnits;
    const position = holding.nearPosition * unit;
    const buys = holding.buyQuantity.near * unit;
    const sells = -holding.sellQuantity.near * unit;
    const dPosition = position - holding.countedPosition;
    const dBuys = buys - holding.countedBuys;
    const dSells = sells - holding.countedSells;
    if (dPosition === 0 && dBuys === 0 && dSells === 0) return;
    holding.countedPosition = position;
    holding.countedBuys = buys;
    holding.countedSells = sells;
    for (const node of holding.account.path) node.valueAtRisk!.shift(column, dPosition, dBuys, dSells);
  }

  /** Holdings that nothing is left of: kept through the session, since the next order mostly comes to them again. */
  dropEmpty(): void {
    for (const { holdings } of this.accounts.values()) {
      for (const [symbol, holding] of holdings) {
        if (!holding.isEmpty || holding.openOrders > 0) continue;
        holdings.delete(symbol);
        holding.instrument.holders.delete(holding);
      }
    }
  }

  /** The largest relative drift of any node's VaR vectors from a rebuild: rounding, unless a change was lost. */
  riskDrift(): number {
    let largest = 0;
    for (const node of this.accounts.values()) {
      const exposures = exposuresOf(node, this.accounts.values());
      largest = Math.max(largest, node.valueAtRisk!.driftFromRebuild(exposures));
    }
    return largest;
  }
}

/** Who has a position or a working order. */
export function* holdersOf(instrument: Instrument): Generator<Holding> {
  for (const holding of instrument.holders) if (!(holding as Holding).isEmpty) yield holding as Holding;
}

function exposuresOf(node: BookNode, accounts: Iterable<BookNode>) {
  const sums = new Map<Instrument, { position: number; buys: number; sells: number }>();
  for (const account of accounts) {
    if (!account.path.includes(node)) continue;
    for (const holding of account.holdings.values()) {
      const sum = sums.get(holding.instrument) ?? { position: 0, buys: 0, sells: 0 };
      sum.position += holding.countedPosition;
      sum.buys += holding.countedBuys;
      sum.sells += holding.countedSells;
      sums.set(holding.instrument, sum);
    }
  }
  return Array.from(sums)
    .filter(([instrument]) => instrument.column)
    .map(([instrument, sum]) => ({ column: instrument.column!, ...sum }));
}

function valuationOf(holding: Holding): Holding['valuation'] {
  if (holding.isEmpty) return 'EMPTY';
  if (holding.instrument.reference) return 'MARK';
  return holding.averagePrice === null ? 'NONE' : 'COST';
}

export function accountRecord(node: BookNode): AccountRecord {
  const { accountId, parentId, kind, accountType, currency } = node.account;
  const { cash, equityBase, dayStartEquity, peakEquity, positionsAsOf, positionsVersion } = node;
  const account = { accountId, parentId, kind, accountType, currency };
  return { account, cash, equityBase, dayStartEquity, peakEquity, positionsAsOf, positionsVersion };
}
