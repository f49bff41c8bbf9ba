import type { Instrument } from './instruments.schema.js';
import type { Quote, QuoteRefusal, RejectedQuote } from './quotes.schema.js';

/** A quote may be this far ahead of our clock: clocks differ. */
export const FUTURE_MS_MAX = 5_000;

/** What became of the newest quote of a symbol when it was offered to the store. */
export interface OfferedQuote {
  symbol: string;
  /** It is newer than what was stored, and stored now. */
  written: boolean;
  /** Timestamp of the quote stored before, if any. */
  before: string | null;
}

/** The first rule a quote breaks by itself, if any; whether it is newer than the stored one shows when it is offered. */
export function refusalOf(
  quote: Quote,
  instrument: Instrument | undefined,
  now: Date,
): { code: QuoteRefusal; detail: string } | undefined {
  if (!instrument) return { code: 'unknown_symbol', detail: `expected a stored instrument, got "${quote.symbol}"` };
  for (const field of ['price', 'bid', 'ask'] as const) {
    const value = quote[field];
    if (value !== null && Number(value) <= 0 && !instrument.allow_negative_price) {
      return { code: 'price_not_positive', detail: `expected ${field} > 0, got ${value}` };
    }
  }
  if (quote.bid !== null && quote.ask !== null && Number(quote.bid) > Number(quote.ask)) {
    return { code: 'crossed_quote', detail: `expected bid <= ask, got bid ${quote.bid} and ask ${quote.ask}` };
  }
  if (Date.parse(quote.timestamp) - now.getTime() > FUTURE_MS_MAX) {
    return { code: 'future_quote', detail: `expected a time up to ${now.toISOString()}, got ${quote.timestamp}` };
  }
  return undefined;
}

/** The newest quote of each symbol; of two of one time the first, as if they had come one by one. */
export function newestBySymbol(quotes: readonly Quote[]): Quote[] {
  const newest = new Map<string, Quote>();
  for (const quote of quotes) {
    const other = newest.get(quote.symbol);
    if (!other || quote.timestamp > other.timestamp) newest.set(quote.symbol, quote);
  }
  return [...newest.values()];
}

/** The quotes of a batch that came too late, each judged as if the batch had come quote by quote. */
export function staleQuotes(
  batch: readonly { index: number; quote: Quote }[],
  offered: readonly OfferedQuote[],
): RejectedQuote[] {
  const latest = new Map(offered.map(({ symbol, before }) => [symbol, before ?? '']));
  const overtaken = new Set(offered.filter(({ written }) => !written).map(({ symbol }) => symbol));
  return batch.flatMap(({ index, quote: { symbol, timestamp } }): RejectedQuote[] => {
    const before = latest.get(symbol) ?? '';
    if (timestamp > before && !overtaken.has(symbol)) {
      latest.set(symbol, timestamp);
      return [];
    }
    const detail =
      timestamp > before
        ? `expected a time after the stored quote's, got ${timestamp}`
        : `expected a time after ${before}, got ${timestamp}`;
    return [{ index, symbol, code: 'stale_quote', detail }];
  });
}
