import { type FieldProblem, RiskError } from '../errors.js';
import type { Terms } from '../market/ports.js';
import type { PriceBook } from '../market/price-book.js';
import { dateOf } from '../market/price-day.js';
import { closeAsOf, type ReturnWindow } from '../market/return-window.js';
import type { Holdings } from '../portfolio/ports.js';
import type { InlinePosition } from './var-request.schema.js';

/** One position: what it is worth, given a way to the close of its symbol. */
export interface Line {
  readonly symbol: string;
  /** Where a problem with it is reported. */
  readonly pointer?: string;
  /** Something is known of the symbol beside its prices. */
  readonly known: boolean;
  readonly value: (close: () => number) => number;
}

/**
 * Positions given in a request, valued at `price` or at the close, times the multiplier of a stored instrument; prices
 * suffice. Throws `currency_mismatch` for an instrument of another currency: currencies are never added.
 */
export function inlineLines(
  positions: readonly InlinePosition[],
  currency: string,
  terms: ReadonlyMap<string, Terms>,
): Line[] {
  const foreign = positions.flatMap(({ symbol }, index): FieldProblem[] => {
    const own = terms.get(symbol)?.currency ?? currency;
    const detail = `expected instruments in ${currency}, got ${symbol} in ${own}`;
    return own === currency ? [] : [{ pointer: `/positions/${index}/symbol`, code: 'currency_mismatch', detail }];
  });
  if (foreign.length > 0) throw new RiskError('currency_mismatch', foreign[0]!.detail, { errors: foreign });
  return positions.map(({ symbol, quantity, direction, volume, market_value, price }, index) => {
    const line = { symbol, pointer: `/positions/${index}/symbol`, known: terms.has(symbol) };
    if (market_value !== undefined) return { ...line, value: () => Number(market_value) };
    const held = quantity === undefined ? Number(volume) * (direction === 'SHORT' ? -1 : 1) : Number(quantity);
    const units = held * Number(terms.get(symbol)?.multiplier ?? 1);
    return { ...line, value: (close) => units * (price === undefined ? close() : Number(price)) };
  });
}

/** Positions of an account at live marks, or, `historical` and where a symbol has no mark, at the close. */
export function accountLines(holdings: Holdings, { historical }: { historical: boolean }): Line[] {
  return holdings.positions.map(({ symbol, quantity, multiplier, mark }) => {
    const units = Number(quantity) * Number(multiplier);
    return { symbol, known: true, value: (close) => units * (mark && !historical ? Number(mark.price) : close()) };
  });
}

/**
 * The held symbols, ascending, so that the order of positions never matters; yields between lines. Throws
 * `unknown_symbol`, and `no_price` for an instrument without history or with one that begins only after `endDay`, naming
 * all of them.
 */
export function* heldSymbols(
  lines: readonly Line[],
  book: PriceBook,
  endDay = Number.POSITIVE_INFINITY,
): Generator<void, string[]> {
  const without: Line[] = [];
  const later: Line[] = [];
  for (const line of lines) {
    const series = book.series(line.symbol);
    if (!series) without.push(line);
    else if (series.days[0]! > endDay) later.push(line);
    yield;
  }
  const unknown = without.filter(({ known }) => !known);
  if (unknown.length > 0) throw refusal('unknown_symbol', unknown, 'no price history is stored');
  if (without.length > 0) throw refusal('no_price', without, 'no price history is stored');
  if (later.length > 0) throw refusal('no_price', later, `no close on or before ${dateOf(endDay)}`);
  return [...new Set(lines.map(({ symbol }) => symbol))].sort();
}

export interface Exposures {
  readonly symbols: readonly string[];
  /** Signed market value per symbol, in the order of `symbols`. */
  readonly marketValues: Float64Array;
  /** Symbols that were valued at a close older than asked, with its date. */
  readonly stale: ReadonlyMap<string, string>;
}

/**
 * Values every line, closes being those as of `asOfDay`; yields between lines. Throws `no_price` naming all symbols that
 * have none by then.
 */
export function* exposuresAt(
  lines: readonly Line[],
  { symbols, book, asOfDay }: { symbols: readonly string[]; book: PriceBook; asOfDay: number },
): Generator<void, Exposures> {
  const values = new Map<string, number[]>();
  const stale = new Map<string, string>();
  const unpriced: Line[] = [];
  for (const line of lines) {
    const close = () => {
      const last = closeAsOf(book.series(line.symbol)!, asOfDay);
      if (last && last.day < asOfDay) stale.set(line.symbol, dateOf(last.day));
      if (!last) unpriced.push(line);
      return last?.close ?? Number.NaN;
    };
    const lots = values.get(line.symbol);
    if (lots) lots.push(line.value(close));
    else values.set(line.symbol, [line.value(close)]);
    yield;
  }
  if (unpriced.length > 0) throw refusal('no_price', unpriced, `no close on or before ${dateOf(asOfDay)}`);
  return { symbols, marketValues: Float64Array.from(symbols, (symbol) => net(values.get(symbol)!)), stale };
}

/** Lots of one symbol, added smallest first: the order in which they were listed must not show in the last bit. */
function net(lots: readonly number[]): number {
  return [...lots].sort((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}

/** Share of gross exposure·time that rests on real returns; the rest is β·benchmark. */
export function coverageOf({ proxied, calendarCount }: ReturnWindow, { marketValues }: Exposures): number {
  const gross = marketValues.reduce((sum, value) => sum + Math.abs(value), 0);
  if (gross === 0) return 1;
  const missing = proxied.reduce((sum, { index, count }) => sum + Math.abs(marketValues[index]!) * count, 0);
  return 1 - missing / calendarCount / gross;
}

function refusal(code: 'unknown_symbol' | 'no_price', lines: readonly Line[], reason: string): RiskError {
  const symbols = [...new Set(lines.map(({ symbol }) => symbol))];
  const errors = lines.flatMap(({ symbol, pointer }): FieldProblem[] =>
    pointer ? [{ pointer, code, detail: `${reason} for ${symbol}` }] : [],
  );
  return new RiskError(code, `${reason} for ${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ', …' : ''}`, {
    members: { symbols },
    ...(errors.length > 0 && { errors }),
  });
}
