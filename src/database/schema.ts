import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  pgView,
  primaryKey,
  real,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/** Names and ids sort by code point on every server, whatever its locale: pages and locks keep one order everywhere. */
const identifier = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
/** Every point in time carries its zone; a Date in code. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const createdAt = () => instant('created_at').notNull().defaultNow();
const updatedAt = () => instant('updated_at').notNull().defaultNow();

// numeric accepts 'NaN', and NaN sorts above every number: "> 0" alone would let it in.
const positive = (column: AnyPgColumn) => sql`${column} > 0 and ${column} < 'Infinity'::numeric`;
const finite = (column: AnyPgColumn) => sql`${column} > '-Infinity'::numeric and ${column} < 'Infinity'::numeric`;

export const accounts = pgTable(
  'accounts',
  {
    accountId: identifier('account_id').primaryKey(),
    parentId: identifier('parent_id').references((): AnyPgColumn => accounts.accountId),
    kind: text('kind', { enum: ['FIRM', 'DESK', 'ACCOUNT'] }).notNull(),
    accountType: text('account_type', { enum: ['CASH', 'MARGIN'] }).notNull(),
    currency: text('currency').notNull(),
    equity: numeric('equity'),
    cash: numeric('cash'),
    /** Counts every accepted change of the account's positions. */
    positionsVersion: bigint('positions_version', { mode: 'number' }).notNull().default(0),
    positionsAsOf: instant('positions_as_of'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('accounts_parent_id').on(table.parentId),
    check('accounts_kind', sql`${table.kind} in ('FIRM', 'DESK', 'ACCOUNT')`),
    check('accounts_account_type', sql`${table.accountType} in ('CASH', 'MARGIN')`),
    check('accounts_currency', sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check('accounts_parent_is_another', sql`${table.parentId} <> ${table.accountId}`),
    check('accounts_equity', finite(table.equity)),
    check('accounts_cash', finite(table.cash)),
  ],
);

/** Signed quantities; a flat position has no row. */
export const positions = pgTable(
  'positions',
  {
    accountId: identifier('account_id')
      .notNull()
      .references(() => accounts.accountId, { onDelete: 'cascade' }),
    symbol: identifier('symbol').notNull(),
    quantity: numeric('quantity').notNull(),
    averagePrice: numeric('average_price'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.symbol] }),
    check('positions_quantity', sql`${table.quantity} <> 0 and ${finite(table.quantity)}`),
    check('positions_average_price', finite(table.averagePrice)),
  ],
);

export const instruments = pgTable(
  'instruments',
  {
    symbol: identifier('symbol').primaryKey(),
    assetClass: text('asset_class').notNull(),
    currency: text('currency').notNull(),
    sector: text('sector'),
    multiplier: numeric('multiplier').notNull().default('1'),
    tickSize: numeric('tick_size'),
    lotSize: numeric('lot_size'),
    /** Average daily volume, in units of the instrument. */
    adv: numeric('adv'),
    halted: boolean('halted').notNull().default(false),
    allowNegativePrice: boolean('allow_negative_price').notNull().default(false),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('instruments_currency', sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check('instruments_multiplier', positive(table.multiplier)),
    check('instruments_tick_size', positive(table.tickSize)),
    check('instruments_lot_size', positive(table.lotSize)),
    check('instruments_adv', positive(table.adv)),
  ],
);

/** The latest quote of each symbol. */
export const quotes = pgTable(
  'quotes',
  {
    symbol: identifier('symbol').primaryKey(),
    price: numeric('price').notNull(),
    bid: numeric('bid'),
    ask: numeric('ask'),
    volume: numeric('volume'),
    /** The quote's own timestamp, given by its source. */
    quotedAt: instant('quoted_at').notNull(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** Who sent it, where that is known. */
    source: text('source'),
  },
  (table) => [check('quotes_price', finite(table.price))],
);

/**
 * Closing prices, one row per symbol and year: importing a million closes stays a few thousand rows in one transaction.
 * `days` counts from 1970-01-01, ascending; `closes` runs in parallel. The view `closes` shows one row per close.
 */
export const priceChunks = pgTable(
  'price_chunks',
  {
    symbol: identifier('symbol').notNull(),
    year: integer('year').notNull(),
    days: integer('days').array().notNull(),
    closes: doublePrecision('closes').array().notNull(),
    /** The price version whose import wrote this chunk last. */
    version: bigint('version', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.symbol, table.year] }),
    index('price_chunks_version').on(table.version),
    check('price_chunks_parallel', sql`cardinality(${table.days}) = cardinality(${table.closes})`),
    check('price_chunks_year_bound', sql`cardinality(${table.days}) between 1 and 366`),
  ],
);

export const closes = pgView('closes', {
  symbol: text('symbol').notNull(),
  date: text('date').notNull(),
  close: doublePrecision('close').notNull(),
}).as(sql`
  select chunk.symbol, date '1970-01-01' + entry.day as date, entry.close
  from price_chunks chunk cross join unnest(chunk.days, chunk.closes) as entry(day, close)`);

/** One row. Each import locks it first, so that imports run one after the other, and raises it in the same transaction. */
export const priceVersion = pgTable(
  'price_version',
  {
    id: boolean('id').primaryKey().default(true),
    version: bigint('version', { mode: 'number' }).notNull().default(0),
  },
  (table) => [check('price_version_single_row', sql`${table.id}`)],
);

export const jobs = pgTable(
  'jobs',
  {
    jobId: identifier('job_id').primaryKey(),
    kind: text('kind').notNull(),
    status: text('status', { enum: ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] }).notNull(),
    phase: text('phase'),
    percent: real('percent').notNull().default(0),
    // Not jsonb, which has an order of keys of its own: a reply keeps that of its schema.
    request: json('request').notNull(),
    result: json('result'),
    error: json('error'),
    createdAt: createdAt(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** The service instance that runs it: a restart fails what its dead predecessor left running. */
    owner: text('owner'),
    /** When the owner last said that it lives; tells a dead owner on another host. */
    heartbeatAt: instant('heartbeat_at'),
  },
  (table) => [
    index('jobs_created_at').on(table.createdAt),
    check('jobs_status', sql`${table.status} in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')`),
    check('jobs_percent', sql`${table.percent} between 0 and 100`),
  ],
);

/** Facts about this database itself, such as `demo_loaded`. */
export const settings = pgTable('settings', {
  key: identifier('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: updatedAt(),
});
