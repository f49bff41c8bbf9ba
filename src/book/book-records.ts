import { BookNode } from './book-node.js';
import { accountRecord, BookState } from './book-state.js';
import type { Level } from './inputs.js';
import type { BookSettings } from './limits.js';
import type { BookRecords, ExecutionRecord, ScopeRecord } from './records.js';
import { setAccount } from './reference-data.js';
import { hold, workingRecord } from './reservations.js';
import type { Scope } from './scope.js';
import { SlidingCount } from './sliding-count.js';
import { WorkingOrder } from './working-order.js';

/** The state as plain data, in one order whatever the way it came about; sums and vectors follow from it. */
export function exportRecords(state: BookState): BookRecords {
  const { now } = state;
  const accounts = [...state.accounts.values()].sort((a, b) => a.path.length - b.path.length || compare(a.id, b.id));
  const instruments = byId(state.instruments.values());
  return {
    now,
    session: state.session,
    accounts: accounts.map(accountRecord),
    symbols: instruments.map(({ id, spec, quote, close, priceVersion }) => ({
      symbol: id,
      instrument: spec,
      quote,
      close,
      priceVersion,
    })),
    scopes: [...accounts, ...instruments, ...byId(state.traders.values())].map((scope) => scopeRecord(scope, now)),
    positions: accounts.flatMap((account) =>
      [...account.holdings.values()]
        .filter(({ position }) => position !== 0n)
        .sort((a, b) => compare(a.instrument.id, b.instrument.id))
        .map(({ instrument, position, averagePrice }) => ({
          accountId: account.id,
          symbol: instrument.id,
          quantity: position,
          averagePrice,
        })),
    ),
    working: accounts.flatMap((account) =>
      [...state.ordersOf(account).working.values()]
        .sort((a, b) => compare(a.order.orderId, b.order.orderId))
        .map(workingRecord),
    ),
    executions: accounts.flatMap((account) => executionRecords(state, account)),
    contents: accounts.flatMap((account) =>
      [...account.contents]
        .map(([content, count]) => ({ accountId: account.id, content, rate: count.entries(now) }))
        .filter(({ rate }) => rate.length > 0)
        .sort((a, b) => compare(a.content, b.content)),
    ),
  };
}

/** A book that answers like the one the records were taken from, once it has scenarios. */
export function restoreState(settings: BookSettings, records: BookRecords): BookState {
  const state = new BookState(settings);
  for (const { symbol, instrument, quote, close, priceVersion } of records.symbols) {
    const restored = state.instrument(symbol);
    if (instrument) restored.setSpec(instrument);
    restored.quote = quote;
    restored.close = close;
    restored.priceVersion = priceVersion;
    restored.refreshReference();
  }
  for (const { account } of records.accounts) setAccount(state, account);
  for (const record of records.scopes) restoreScope(state, record);
  for (const { accountId, symbol, quantity, averagePrice } of records.positions) {
    const holding = state.holding(state.accounts.get(accountId)!, state.instrument(symbol));
    holding.position = quantity;
    holding.averagePrice = averagePrice;
    state.refresh(holding);
  }
  for (const { accountId, orderId, filled, fills, at } of records.executions) {
    const { executions } = state.ordersOf(state.accounts.get(accountId)!);
    executions.set(orderId, { filled, fills: new Map(fills), at });
  }
  restoreWorking(state, records);
  for (const { accountId, content, rate } of records.contents) {
    state.accounts.get(accountId)!.contents.set(content, countOf(rate));
  }
  for (const record of records.accounts) {
    const node = state.accounts.get(record.account.accountId)!;
    const { cash, equityBase, dayStartEquity, peakEquity, positionsAsOf, positionsVersion } = record;
    Object.assign(node, { cash, equityBase, dayStartEquity, peakEquity, positionsAsOf, positionsVersion });
  }
  for (const node of state.leavesFirst()) node.sumChildren();
  state.now = records.now;
  state.session = records.session;
  state.flushAccounts([]);
  return state;
}

function restoreWorking(state: BookState, { working }: BookRecords): void {
  for (const { order, terms, amends, decidedAt } of working) {
    const account = state.accounts.get(order.accountId)!;
    const holding = state.holding(account, state.instrument(order.symbol));
    const trader = order.traderId === null ? null : state.trader(order.traderId);
    const filled = state.ordersOf(account).executions.get(order.orderId)?.filled ?? 0n;
    const restored = new WorkingOrder(order, holding, trader, { ...terms }, filled, decidedAt);
    restored.amends = amends.map((amend) => ({ ...amend }));
    hold(state, restored);
  }
}

function restoreScope(
  state: BookState,
  { level, id, limits, limitsVersion, state: set, latches, rate }: ScopeRecord,
): void {
  const scope = state.scope(level, id);
  if (!scope) return;
  scope.setLimits(limits, limitsVersion);
  Object.assign(scope, { state: set, latches: [...latches] });
  for (const [time, count] of rate) scope.rate.add(time, count);
}

function scopeRecord(scope: Scope, now: number): ScopeRecord {
  const { id, limits, limitsVersion, state, latches } = scope;
  const level: Level = scope instanceof BookNode ? scope.kind : scope.level;
  return { level, id, limits, limitsVersion, state, latches, rate: scope.rate.entries(now) };
}

function executionRecords(state: BookState, account: BookNode): ExecutionRecord[] {
  return [...state.ordersOf(account).executions]
    .map(([orderId, { filled, fills, at }]) => ({
      accountId: account.id,
      orderId,
      filled,
      fills: [...fills].sort(([a], [b]) => compare(a, b)),
      at,
    }))
    .sort((a, b) => compare(a.orderId, b.orderId));
}

function countOf(rate: readonly (readonly [number, number])[]): SlidingCount {
  const count = new SlidingCount();
  for (const [time, events] of rate) count.add(time, events);
  return count;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId = <T extends { id: string }>(scopes: Iterable<T>): T[] => [...scopes].sort((a, b) => compare(a.id, b.id));
