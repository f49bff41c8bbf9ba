import { type FieldProblem, RiskError } from '../errors.js';
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
  readonly value: (close: () => number) => number;
}

/** Positions given in a request, valued at `price` or at the close. */
export function inlineLines(positions: readonly InlinePosition[]): Line[] {
  return positions.map(({ symbol, quantity, direction, volume, market_value, price }, index) => {
    const line = { symbol, pointer: `/positions/${index}/symbol` };
    if (market_value !== undefined) return { ...line, value: () => Number(market_value) };
    const units = quantity === undefined ? Number(volume) * (direction === 'SHORT' ? -1 : 1) : Number(quantity);
    return { ...line, value: (close) => units * (price === undefined ? close() : Number(price)) };
  });
}

/** Positions of an account at live marks, or, `historical` and where a symbol has no mark, at the close. */
export function accountLines(holdings: Holdings, { historical }: { historical: boolean }): Line[] {
  return holdings.positions.map(({ symbol, quantity, multiplier, mark }) => {
    const units = Number(quantity) * Number(multiplier);
    return { symbol, value: (close) => units * (mark && !historical ? Number(mark.price) : close()) };
  });
}

/** The held symbols, ascending, so that the order of positions never matters. Throws `unknown_symbol` naming all. */
export function heldSymbols(lines: readonly Line[], book: PriceBook): string[] {
  const unknown = lines.filter(({ symbol }) => book.series(symbol) === undefined);
  if (unknown.length > 0) throw refusal('unknown_symbol', unknown, 'no price history is stored');
  return [...new Set(lines.map(({ symbol }) => symbol))].sort();
}

export interface Exposures {
  readonly symbols: readonly string[];
  /** Signed market value per symbol, in the order of `symbols`. */
  readonly marketValues: Float64Array;
  /** Symbols that were valued at a close older than asked, with its date. */
  readonly stale: ReadonlyMap<string, string>;
}

/** Values every line, closes being those as of `asOfDay`. Throws `no_price` naming all symbols that have none by then. */
export function exposuresAt(
  lines: readonly Line[],
  { symbols, book, asOfDay }: { symbols: readonly string[]; book: PriceBook; asOfDay: number },
): Exposures {
  const values = new Map<string, number>();
  const stale = new Map<string, string>();
  const unpriced: Line[] = [];
  for (const line of lines) {
    const close = () => {
      const last = closeAsOf(book.series(line.symbol)!, asOfDay);
      if (last && last.day < asOfDay) stale.set(line.symbol, dateOf(last.day));
      if (!last) unpriced.push(line);
      return last?.close ?? Number.NaN;
    };
    values.set(line.symbol, (values.get(line.symbol) ?? 0) + line.value(close));
  }
  if (unpriced.length > 0) throw refusal('no_price', unpriced, `no close on or before ${dateOf(asOfDay)}`);
  return { symbols, marketValues: Float64Array.from(symbols, (symbol) => values.get(symbol)!), stale };
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
