import { canonical } from '../../decimal/decimal.js';
import { type Day, dateOf } from './price-day.js';

/** Latest price used for a symbol and the time it is of. */
export interface Mark {
  price: string;
  /** RFC 3339 UTC. */
  asOf: string;
}

/**
 * The mark of a symbol: its quote's price as of the quote's timestamp, else its last stored close as of that date at
 * 00:00 UTC, else none. A quote wins over a later close, as an order's reference price does.
 */
export function markOf(
  quote: { price: string; timestamp: string } | undefined,
  close: { day: Day; close: number } | undefined,
): Mark | undefined {
  if (quote) return { price: quote.price, asOf: quote.timestamp };
  return close && { price: canonical(close.close), asOf: `${dateOf(close.day)}T00:00:00.000Z` };
}
