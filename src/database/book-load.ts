import { asc, sql } from 'drizzle-orm';
import type { AccountInput, Level, Side } from '../book/inputs.js';
import { DAY_MS } from '../book/limits.js';
import { contentOf } from '../book/order-content.js';
import { fillContent } from '../book/order-updates.js';
import type {
  AccountRecord,
  BookRecords,
  ContentRecord,
  ExecutionRecord,
  ScopeRecord,
  SymbolRecord,
} from '../book/records.js';
import type { Latch } from '../book/scope.js';
import { bookLimits } from '../risk/limits/book-limits.js';
import type { Limits as WireLimits } from '../risk/limits/limits.schema.js';
import type { StoredBook } from '../risk/orders/ports.js';
import { moneyOf, scaledOf } from './book-numbers.js';
import type { Sql } from './database.js';
import { type DecisionRow, requestOf, workingOf } from './decision-rows.js';
import * as tables from './schema.js';

/** Fills of an order that is done are remembered so long before the book's clock; older ones are looked up. */
const EXECUTIONS_KEPT_MS = DAY_MS;

/** The book as it is stored, seen at one moment: call it within a transaction of its own. */
export async function loadBook(db: Sql): Promise<StoredBook> {
  const { accounts, newAccounts } = await loadAccounts(db);
  const working = (await db.select().from(tables.decisions).where(sql`is_working`)).map(workingOf);
  const [lease] = await db.select().from(tables.bookLease);
  const eventTime = lease?.eventTime ?? 0;
  const recent = await recentDecisions(db, eventTime);
  const held = await db.select().from(tables.positions).orderBy(asc(tables.positions.accountId));
  const records: BookRecords = {
    now: eventTime,
    session: lease?.session ?? null,
    accounts,
    symbols: await loadSymbols(db),
    scopes: await loadScopes(db, accounts, recent),
    positions: held.map(({ accountId, symbol, quantity, averagePrice }) => ({
      accountId,
      symbol,
      quantity: scaledOf(quantity),
      averagePrice: scaledOf(averagePrice),
    })),
    working,
    executions: await loadExecutions(db, eventTime, new Set(accounts.map(({ account }) => account.accountId))),
    contents: contentsOf(recent),
  };
  return { records, newAccounts };
}

/** Parents before their children. */
async function loadAccounts(db: Sql): Promise<{ accounts: AccountRecord[]; newAccounts: AccountInput[] }> {
  const rows = await db
    .select({ account: tables.accounts, book: tables.accountBooks })
    .from(tables.accounts)
    .leftJoin(tables.accountBooks, sql`account_books.account_id = accounts.account_id`)
    .orderBy(asc(tables.accounts.accountId));
  const ordered: typeof rows = [];
  const byParent = new Map<string | null, typeof rows>();
  for (const row of rows) byParent.set(row.account.parentId, [...(byParent.get(row.account.parentId) ?? []), row]);
  for (let level = byParent.get(null) ?? []; level.length > 0; ) {
    ordered.push(...level);
    level = level.flatMap(({ account }) => byParent.get(account.accountId) ?? []);
  }
  const accounts = ordered.map(({ account: row, book }): AccountRecord => {
    const { accountId, parentId, kind, accountType, currency } = row;
    return {
      account: { accountId, parentId, kind, accountType, currency },
      cash: moneyOf(book?.cash ?? null),
      equityBase: moneyOf(book?.equityBase ?? null),
      dayStartEquity: moneyOf(book?.dayStartEquity ?? null),
      peakEquity: moneyOf(book?.peakEquity ?? null),
      positionsAsOf: row.positionsAsOf?.getTime() ?? null,
      positionsVersion: row.positionsVersion,
    };
  });
  const unseen = ordered.flatMap(({ account: { equity, cash }, book }, i) =>
    book ? [] : [{ ...accounts[i]!.account, equity: moneyOf(equity), cash: moneyOf(cash) }],
  );
  return { accounts, newAccounts: unseen };
}

async function loadSymbols(db: Sql): Promise<SymbolRecord[]> {
  const instruments = await db.select().from(tables.instruments);
  const quotes = new Map((await db.select().from(tables.quotes)).map((quote) => [quote.symbol, quote]));
  return instruments.map((row): SymbolRecord => {
    const { symbol, currency, halted, allowNegativePrice } = row;
    const quote = quotes.get(symbol);
    return {
      symbol,
      instrument: {
        symbol,
        currency,
        halted,
        allowNegativePrice,
        multiplier: scaledOf(row.multiplier),
        tickSize: scaledOf(row.tickSize),
        lotSize: scaledOf(row.lotSize),
        adv: scaledOf(row.adv),
      },
      quote: quote
        ? {
            symbol,
            price: scaledOf(quote.price),
            bid: scaledOf(quote.bid),
            ask: scaledOf(quote.ask),
            timestamp: quote.quotedAt.getTime(),
          }
        : null,
      close: null,
      priceVersion: 0,
    };
  });
}

/** What a row of `executions` says, numbers as text. */
export type StoredFill = { symbol: string; side: Side; quantity: string; price: string };

export const storedFillContent = ({ symbol, side, quantity, price }: StoredFill): string =>
  fillContent({ symbol, side, quantity: scaledOf(quantity), price: scaledOf(price) });

async function loadExecutions(db: Sql, eventTime: number, known: ReadonlySet<string>): Promise<ExecutionRecord[]> {
  const { rows } = await db.execute<{
    account_id: string;
    order_id: string;
    filled: string;
    fills: (StoredFill & { exec_id: string })[];
    at: string;
  }>(sql`
    select account_id, order_id, sum(quantity)::text as filled,
      json_agg(json_build_object('exec_id', exec_id, 'symbol', symbol, 'side', side, 'quantity', quantity::text,
        'price', price::text) order by exec_id collate "C") as fills,
      (extract(epoch from max(booked_at)) * 1000)::bigint::text as at
    from executions
    where booked_at > ${new Date(eventTime - EXECUTIONS_KEPT_MS)} or (account_id, order_id) in
      (select account_id, order_id from decisions where is_working)
    group by account_id, order_id`);
  return rows
    .filter(({ account_id }) => known.has(account_id))
    .map((row) => ({
      accountId: row.account_id,
      orderId: row.order_id,
      filled: scaledOf(row.filled),
      fills: row.fills.map((fill) => [fill.exec_id, storedFillContent(fill)]),
      at: Number(row.at),
    }));
}

/** Orders of the last second: the windows of rates are made of them. */
async function recentDecisions(db: Sql, eventTime: number): Promise<DecisionRow[]> {
  const since = new Date(eventTime - 1_000);
  return db
    .select()
    .from(tables.decisions)
    .where(sql`event_time > ${since} and of_order`)
    .orderBy(asc(tables.decisions.seq));
}

type Rate = [number, number][];

async function loadScopes(
  db: Sql,
  accounts: readonly AccountRecord[],
  recent: readonly DecisionRow[],
): Promise<ScopeRecord[]> {
  const scopes = new Map<string, Mutable<ScopeRecord>>();
  const scope = (level: Level, id: string) => {
    const key = `${level} ${id}`;
    const known = scopes.get(key);
    if (known) return known;
    const made = { level, id, limits: {}, limitsVersion: 0, state: 'ACTIVE' as const, latches: [], rate: [] };
    scopes.set(key, made);
    return made;
  };
  for (const { level, id, version, limits } of await db.select().from(tables.limits)) {
    const known = scope(level as Level, id);
    known.limits = bookLimits(limits as WireLimits);
    known.limitsVersion = version;
  }
  for (const { level, id, state, latches } of await db.select().from(tables.tradingStates)) {
    const known = scope(level as Level, id);
    known.state = state;
    known.latches = latches as Latch[];
  }
  const byId = new Map(accounts.map(({ account }) => [account.accountId, account]));
  for (const { accountId, symbol, traderId, eventTime } of recent) {
    for (let at = byId.get(accountId); at; at = byId.get(at.parentId ?? ''))
      count(scope(at.kind, at.accountId), eventTime);
    if (symbol !== null) count(scope('INSTRUMENT', symbol), eventTime);
    if (traderId !== null) count(scope('TRADER', traderId), eventTime);
  }
  return [...scopes.values()];
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

function count(scope: Mutable<ScopeRecord>, time: Date): void {
  (scope.rate as Rate).push([time.getTime(), 1]);
}

function contentsOf(recent: readonly DecisionRow[]): ContentRecord[] {
  const contents = new Map<string, Mutable<ContentRecord>>();
  for (const row of recent) {
    const order = requestOf(row);
    if (order.action !== 'NEW') continue;
    const content = contentOf(order);
    const key = `${row.accountId} ${content}`;
    const known = contents.get(key) ?? { accountId: row.accountId, content, rate: [] };
    contents.set(key, known);
    (known.rate as Rate).push([row.eventTime.getTime(), 1]);
  }
  return [...contents.values()];
}
