import { MONEY_PER_SCALED, type Money, money, type Scaled, scaled, scaledText } from '../../book/amount.js';
import { type Limits as BookLimits, type SymbolLimits as BookSymbolLimits, DAY_MS } from '../../book/limits.js';
import type { Limits, SymbolLimits } from './limits.schema.js';

/** How one kind of number is written on the wire and in the book. */
interface Scale<Wire, Book> {
  read(wire: Wire): Book;
  write(book: Book): Wire;
}

const SCALED: Scale<string, Scaled> = { read: scaled, write: scaledText };
const MONEY: Scale<string, Money> = { read: money, write: (amount) => scaledText(amount / MONEY_PER_SCALED) };
const COUNT: Scale<number, number> = { read: (count) => count, write: (count) => count };
const SECONDS: Scale<number, number> = { read: (seconds) => seconds * 1_000, write: (ms) => ms / 1_000 };
const DAYS: Scale<number, number> = { read: (days) => days * DAY_MS, write: (ms) => ms / DAY_MS };

type ScaleOf<Wire> = NonNullable<Wire> extends string ? Scale<string, bigint> : Scale<number, number>;
/** Name in the book and scale of each field of the wire. */
type Names<Wire, Book> = { readonly [Field in keyof Wire]-?: readonly [keyof Book, ScaleOf<Wire[Field]>] };

const SYMBOL_FIELDS = {
  approval_order_quantity: ['approvalOrderQuantity', SCALED],
  max_order_quantity: ['maxOrderQuantity', SCALED],
  max_order_notional: ['maxOrderNotional', MONEY],
  price_collar_ratio: ['priceCollarRatio', SCALED],
  max_adv_ratio: ['maxAdvRatio', SCALED],
  max_long_quantity: ['maxLongQuantity', SCALED],
  max_short_quantity: ['maxShortQuantity', SCALED],
  max_gross_exposure: ['maxGrossExposure', MONEY],
  max_net_exposure: ['maxNetExposure', MONEY],
  max_open_orders: ['maxOpenOrders', COUNT],
  max_position_ratio: ['maxPositionRatio', SCALED],
  max_price_age_seconds: ['maxPriceAgeMs', SECONDS],
  market_slippage_ratio: ['marketSlippageRatio', SCALED],
} as const satisfies Names<SymbolLimits, BookSymbolLimits>;

const LEVEL_FIELDS = {
  ...SYMBOL_FIELDS,
  max_leverage: ['maxLeverage', SCALED],
  max_var_ratio: ['maxVarRatio', SCALED],
  max_daily_loss: ['maxDailyLoss', MONEY],
  max_drawdown_ratio: ['maxDrawdownRatio', SCALED],
  max_orders_per_second: ['maxOrdersPerSecond', COUNT],
  max_duplicates_per_second: ['maxDuplicatesPerSecond', COUNT],
  max_history_age_days: ['maxHistoryAgeMs', DAYS],
} as const satisfies Names<Omit<Limits, 'symbols' | 'restricted_symbols'>, BookLimits>;

/** Limits as the book compares them. */
export function bookLimits(set: Limits): BookLimits {
  const limits = read(set, LEVEL_FIELDS) as BookLimits;
  const { symbols, restricted_symbols } = set;
  if (symbols) limits.symbols = ofEach(symbols, (own) => read(own, SYMBOL_FIELDS) as BookSymbolLimits);
  if (restricted_symbols) limits.restrictedSymbols = restricted_symbols;
  return limits;
}

/** The inverse of `bookLimits`. */
export function wireLimits(limits: BookLimits): Limits {
  const set = write(limits, LEVEL_FIELDS) as Limits;
  const { symbols, restrictedSymbols } = limits;
  if (symbols) set.symbols = ofEach(symbols, (own) => write(own, SYMBOL_FIELDS) as SymbolLimits);
  if (restrictedSymbols) set.restricted_symbols = [...restrictedSymbols];
  return set;
}

type Table = Readonly<Record<string, readonly [string, Scale<unknown, unknown>]>>;

/** A field that is not set is left out: in the book one that is there, but undefined, would hide that of the level. */
function read(from: object, table: Table): object {
  const values = from as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(table).flatMap(([field, [name, scale]]) =>
      values[field] === undefined ? [] : [[name, scale.read(values[field])]],
    ),
  );
}

function write(from: object, table: Table): object {
  const values = from as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(table).flatMap(([field, [name, scale]]) =>
      values[name] === undefined ? [] : [[field, scale.write(values[name])]],
    ),
  );
}

function ofEach<From, To>(record: Readonly<Record<string, From>>, map: (from: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([symbol, own]) => [symbol, map(own)]));
}
