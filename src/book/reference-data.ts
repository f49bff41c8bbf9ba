import { BookNode } from './book-node.js';
import { type BookState, holdersOf } from './book-state.js';
import type { Effect } from './effects.js';
import type {
  AccountInput,
  CloseInput,
  InstrumentInput,
  LimitsInput,
  QuoteInput,
  ScenariosInput,
  Snapshot,
  TradingStateInput,
} from './inputs.js';
import { positionOf } from './order-updates.js';
import { rehold } from './reservations.js';
import { ScenarioColumns } from './what-if-var.js';

/** An input that names something the book does not know, or that would break the tree. */
export class BookInputError extends Error {}

/** Creates or changes an account. Its parent must be there; the tree's own rules are the caller's. */
export function setAccount(state: BookState, input: AccountInput): void {
  const parent = input.parentId === null ? null : known(state, input.parentId);
  let node = state.accounts.get(input.accountId);
  if (parent && node && parent.path.includes(node)) throw new BookInputError(`${parent.id} stands below ${node.id}`);
  // Whatever moves, equity that a person changes is money in or out, of the nodes above too.
  const watched = new Set<BookNode>([...(node?.path ?? []), ...(parent?.path ?? [])]);
  const before = new Map(Array.from(watched, (above) => [above, above.equity]));
  if (!node) {
    node = new BookNode(input);
    state.addNode(node);
    before.set(node, null);
    attach(node, parent);
  } else {
    const moves = node.parent !== parent;
    node.account = { ...input, equity: undefined, cash: undefined };
    node.level = input.kind;
    if (moves) attach(node, parent);
    if (moves) state.rebuild();
  }
  if (input.cash !== undefined) node.cash = input.cash;
  if (input.equity !== undefined)
    node.equityBase = input.equity === null ? null : input.equity - node.totals.value.exact;
  for (const above of node.path) above.sumChildren();
  for (const changed of before.keys()) changed.sumChildren();
  for (const [above, equity] of before) moneyMoved(state, above, equity);
  state.accountChanged(node);
}

function attach(node: BookNode, parent: BookNode | null): void {
  node.parent?.children.delete(node);
  node.parent = parent;
  parent?.children.add(node);
  refreshPath(node);
}

function refreshPath(node: BookNode): void {
  node.path = [node, ...(node.parent?.path ?? [])];
  for (const child of node.children) refreshPath(child);
}

/** Money in or out is no profit: day start and peak move with the equity. */
function moneyMoved(state: BookState, node: BookNode, before: bigint | null): void {
  const { equity } = node;
  if (equity === before && (equity === null || node.dayStartEquity !== null)) return;
  const difference = equity === null || before === null ? null : equity - before;
  if (difference === null) {
    node.dayStartEquity = equity;
    node.peakEquity = equity;
  } else {
    node.dayStartEquity = (node.dayStartEquity ?? before!) + difference;
    node.peakEquity = (node.peakEquity ?? before!) + difference;
  }
  node.equityMoved();
  state.accountChanged(node);
}

/** Takes an account that nothing stands below; what it held and worked goes with it. */
export function removeAccount(state: BookState, accountId: string): void {
  const node = known(state, accountId);
  if (node.children.size > 0) throw new BookInputError(`${node.children.size} accounts stand below ${accountId}`);
  const above = node.path.slice(1);
  const before = new Map(above.map((parent) => [parent, parent.equity]));
  for (const holding of node.holdings.values()) holding.instrument.holders.delete(holding);
  for (const working of state.ordersOf(node).working.values()) {
    state.pending.delete(working);
    if (working.trader) working.trader.workingCount--;
  }
  state.removeNode(node);
  attach(node, null);
  state.rebuild();
  for (const [parent, equity] of before) moneyMoved(state, parent, equity);
}

export function setInstrument(state: BookState, input: InstrumentInput): void {
  const instrument = state.instrument(input.symbol);
  const before = instrument.multiplier.exact;
  instrument.setSpec(input);
  if (input.multiplier === before) return;
  // Every sum contains the old multiplier; equity does not jump.
  for (const holding of [...holdersOf(instrument)]) {
    state.keepEquity(holding, () => {
      holding.forgetValue();
      for (const working of state.ordersOf(holding.account).working.values()) {
        if (working.holding === holding) rehold(state, working);
      }
      state.refresh(holding);
    });
  }
}

export function setQuote(state: BookState, quote: QuoteInput): void {
  const instrument = state.instrument(quote.symbol);
  if (instrument.quote && quote.timestamp < instrument.quote.timestamp) return;
  instrument.quote = quote;
  state.priceMoved(instrument);
}

export function setClose(state: BookState, close: CloseInput): void {
  const instrument = state.instrument(close.symbol);
  instrument.close = close;
  state.priceMoved(instrument);
}

/** Another window of returns; it replaces the one before as a whole. */
export function setScenarios(state: BookState, { observationCount, asOf, returns }: ScenariosInput): void {
  const scenarios = new ScenarioColumns(observationCount, state.settings.varTailBasisPoints);
  for (const [symbol, column] of returns) scenarios.set(symbol, column);
  for (const symbol of returns.keys()) state.instrument(symbol);
  state.scenarios = scenarios;
  state.scenariosAsOf = asOf;
  for (const instrument of state.instruments.values()) instrument.column = scenarios.get(instrument.id);
  state.rebuildRisk();
  for (const node of state.accounts.values()) for (const holding of node.holdings.values()) state.refresh(holding);
}

export function setLimits(state: BookState, { level, id, limits, version }: LimitsInput): void {
  const scope = state.scope(level, id);
  if (!scope) throw new BookInputError(`there is no ${level} ${id}`);
  scope.setLimits(limits, version);
  state.sheets.forget();
  state.watchAll();
}

/** A person's word: ACTIVE also clears what a loss has latched. */
export function setTradingState(state: BookState, input: TradingStateInput): Effect[] {
  const { level, id, reason, actor } = input;
  const scope = state.scope(level, id);
  if (!scope) throw new BookInputError(`there is no ${level} ${id}`);
  scope.state = input.state;
  if (input.state === 'ACTIVE') scope.latches = [];
  state.watchAll();
  const { latches } = scope;
  const effects: Effect[] = [{ kind: 'STATE', level, id, state: input.state, latches, reason, actor }];
  if (input.state === 'HALTED')
    effects.push({ kind: 'ALERT', alert: { code: 'KILL_SWITCH', level, id, reason, actor } });
  return effects;
}

/** Replaces the positions of an account as of a time. Reservations stay, and equity does not jump. */
export function applySnapshot(state: BookState, { accountId, asOf, positions }: Snapshot): Effect[] {
  const account = known(state, accountId);
  if (account.kind !== 'ACCOUNT') throw new BookInputError(`${accountId} is a ${account.kind}, which holds nothing`);
  const effects: Effect[] = [];
  const wanted = new Map(positions.map((position) => [position.symbol, position]));
  for (const symbol of account.holdings.keys()) {
    if (!wanted.has(symbol)) wanted.set(symbol, { symbol, quantity: 0n, averagePrice: null });
  }
  const sorted = [...wanted.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  for (const { symbol, quantity, averagePrice } of sorted) {
    const holding = state.holding(account, state.instrument(symbol));
    const moved = holding.position !== quantity || holding.averagePrice !== averagePrice;
    holding.position = quantity;
    holding.averagePrice = quantity === 0n ? null : averagePrice;
    // Else a price that comes later would count as the first of it.
    if (moved) holding.valuation = 'EMPTY';
    state.keepEquity(holding, () => state.refresh(holding));
    if (moved) effects.push({ kind: 'POSITION', position: positionOf(account, symbol) });
  }
  account.positionsAsOf = asOf;
  account.positionsVersion++;
  state.accountChanged(account);
  return effects;
}

function known(state: BookState, accountId: string): BookNode {
  const node = state.accounts.get(accountId);
  if (!node) throw new BookInputError(`there is no account ${accountId}`);
  return node;
}
