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

/** What the book keeps of an account beside what a person set: it moves with fills and snapshots. Money, exact. */
export const accountBooks = pgTable('account_books', {
  accountId: identifier('account_id')
    .primaryKey()
    .references(() => accounts.accountId, { onDelete: 'cascade' }),
  /** Equity − market value. */
  equityBase: numeric('equity_base'),
  cash: numeric('cash'),
  dayStartEquity: numeric('day_start_equity'),
  peakEquity: numeric('peak_equity'),
});

/** One row: who owns the book, and how far its clock is. Every write of the book proves the epoch in its own statement. */
export const bookLease = pgTable(
  'book_lease',
  {
    id: boolean('id').primaryKey().default(true),
    /** Rises with every change of owner. */
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    /** The process that owns it, as it describes itself. */
    holder: json('holder'),
    expiresAt: instant('expires_at').notNull().defaultNow(),
    /** Latest event time of the book, in ms since 1970: it never goes back. */
    eventTime: bigint('event_time', { mode: 'number' }).notNull().default(0),
    /** Number of the trading session; null before the first event. */
    session: integer('session'),
    /** How many writes there were: each has its number, without a gap, in the order in which they are seen. */
    writes: bigint('writes', { mode: 'number' }).notNull().default(0),
    /** What came with the writes up to this one was told. */
    told: bigint('told', { mode: 'number' }).notNull().default(0),
  },
  (table) => [check('book_lease_single_row', sql`${table.id}`)],
);

/**
 * Every binding decision, in the order in which they were made, and what its order still holds. Columns are narrow and a
 * row stays far below 2 kB, from where on the server compresses it at ten times the cost.
 */
export const decisions = pgTable(
  'decisions',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    decisionId: identifier('decision_id').notNull().unique(),
    accountId: identifier('account_id').notNull(),
    orderId: identifier('order_id').notNull(),
    action: text('action', { enum: ['NEW', 'AMEND', 'CANCEL'] }).notNull(),
    amendId: text('amend_id'),
    /** False for the refusal of a used id with other content. */
    ofOrder: boolean('of_order').notNull(),
    contentHash: text('content_hash').notNull(),
    revision: integer('revision').notNull(),
    decision: text('decision', { enum: ['ACCEPT', 'ACCEPT_WITH_WARNING', 'PENDING_APPROVAL', 'REJECT'] }).notNull(),
    /** Lists are separated by commas, which no item contains. */
    controlActions: text('control_actions').notNull(),
    warnings: text('warnings').notNull(),
    /** As they were answered. */
    reasons: json('reasons'),
    /** Its fields, see `nearest-check.ts`. */
    nearest: text('nearest'),
    maxAllowedQuantity: numeric('max_allowed_quantity'),
    varBeforeRatio: doublePrecision('var_before_ratio'),
    varAfterRatio: doublePrecision('var_after_ratio'),
    varLimitRatio: doublePrecision('var_limit_ratio'),
    varExact: boolean('var_exact'),
    referencePrice: text('reference_price'),
    referenceSource: text('reference_source'),
    referenceAgeMs: bigint('reference_age_ms', { mode: 'number' }),
    positionsVersion: bigint('positions_version', { mode: 'number' }),
    limitsVersion: bigint('limits_version', { mode: 'number' }),
    priceVersion: bigint('price_version', { mode: 'number' }),
    /** The owner's clock at intake. */
    eventTime: instant('event_time').notNull(),
    traderId: text('trader_id'),
    symbol: text('symbol'),
    side: text('side', { enum: ['BUY', 'SELL'] }),
    quantity: numeric('quantity'),
    orderType: text('order_type', { enum: ['LIMIT', 'MARKET'] }),
    price: numeric('price'),
    timeInForce: text('time_in_force', { enum: ['DAY', 'GTC'] }),
    reduceOnly: boolean('reduce_only'),
    orderTimestamp: instant('order_timestamp'),
    submitter: text('submitter'),
    reservedQuantity: text('reserved_quantity'),
    lockPrice: text('lock_price'),
    reservedNotional: text('reserved_notional'),
    reservationExpiresAt: instant('reservation_expires_at'),
    /** The order holds its reservation. */
    isWorking: boolean('is_working').notNull(),
    /** Terms and pending amends, once they are no longer those of the row itself. */
    terms: json('terms'),
    doneCause: text('done_cause'),
    doneReason: text('done_reason'),
    doneActor: text('done_actor'),
    /** Number of the write that brought it; null where whoever sent the order is told by its record. */
    outboxWrite: bigint('outbox_write', { mode: 'number' }),
  },
  (table) => [
    index('decisions_order').on(table.accountId, table.orderId),
    index('decisions_event_time').using('brin', table.eventTime),
    index('decisions_working').on(table.seq).where(sql`${table.isWorking}`),
    index('decisions_outbox').on(table.outboxWrite).where(sql`${table.outboxWrite} is not null`),
  ],
);

/** Every fill that was booked, once. */
export const executions = pgTable(
  'executions',
  {
    accountId: identifier('account_id').notNull(),
    orderId: identifier('order_id').notNull(),
    execId: identifier('exec_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side', { enum: ['BUY', 'SELL'] }).notNull(),
    quantity: numeric('quantity').notNull(),
    price: numeric('price').notNull(),
    /** The venue's time. */
    filledAt: instant('filled_at').notNull(),
    /** False where a snapshot of the positions contained it already. */
    movedPosition: boolean('moved_position').notNull(),
    bookedAt: instant('booked_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.orderId, table.execId] }),
    index('executions_booked_at').using('brin', table.bookedAt),
  ],
);

const scopeKey = { level: text('level').notNull(), id: identifier('id').notNull() };

export const limits = pgTable(
  'limits',
  {
    ...scopeKey,
    version: bigint('version', { mode: 'number' }).notNull(),
    /** As they were put. */
    limits: json('limits').notNull(),
    updatedAt: updatedAt(),
    updatedBy: text('updated_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.id] })],
);

export const limitChanges = pgTable(
  'limit_changes',
  {
    changeId: bigint('change_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    ...scopeKey,
    version: bigint('version', { mode: 'number' }).notNull(),
    before: json('before'),
    after: json('after').notNull(),
    actor: text('actor').notNull(),
    changedAt: instant('changed_at').notNull().defaultNow(),
  },
  (table) => [index('limit_changes_scope').on(table.level, table.id, table.changeId)],
);

export const tradingStates = pgTable(
  'trading_states',
  {
    ...scopeKey,
    state: text('state', { enum: ['ACTIVE', 'REDUCING', 'HALTED'] }).notNull(),
    /** Losses that hold it at REDUCING. */
    latches: text('latches').array().notNull(),
    reason: text('reason').notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
    updatedAt: updatedAt(),
    /** Null where a loss did it. */
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.level, table.id] })],
);

export const tradingStateChanges = pgTable(
  'trading_state_changes',
  {
    changeId: bigint('change_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    ...scopeKey,
    version: bigint('version', { mode: 'number' }).notNull(),
    before: text('before'),
    state: text('state', { enum: ['ACTIVE', 'REDUCING', 'HALTED'] }).notNull(),
    latches: text('latches').array().notNull(),
    reason: text('reason').notNull(),
    actor: text('actor'),
    changedAt: instant('changed_at').notNull().defaultNow(),
  },
  (table) => [index('trading_state_changes_scope').on(table.level, table.id, table.changeId)],
);

/** What somebody should know at once. */
export const alerts = pgTable(
  'alerts',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    alertId: identifier('alert_id').notNull().unique(),
    code: text('code').notNull(),
    severity: text('severity').notNull(),
    accountId: identifier('account_id'),
    orderId: text('order_id'),
    /** The message of `risk_alerts`, as it is sent. */
    message: json('message').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Number of the write that brought it. */
    outboxWrite: bigint('outbox_write', { mode: 'number' }).notNull(),
  },
  (table) => [index('alerts_outbox').on(table.outboxWrite)],
);
