import { z } from 'zod';
import { decimal, decimalText, senderTime, symbol } from '../wire.schema.js';

export const QUOTES_MAX = 10_000;

/** A quote as it comes in; whether it is taken is decided quote by quote. */
export const quoteInput = z
  .strictObject({
    symbol,
    price: decimal(),
    bid: decimal().nullable().default(null),
    ask: decimal().nullable().default(null),
    volume: decimal({ gte: 0 }).nullable().default(null),
    timestamp: senderTime,
  })
  .meta({ id: 'QuoteInput' });
export type QuoteInput = z.output<typeof quoteInput>;

/** A quote as it comes on `market_data`: fields it has beyond these are ignored and counted. */
export const quoteMessage = z.object(quoteInput.shape).meta({ id: 'QuoteMessage' });
export type QuoteMessage = z.output<typeof quoteMessage>;

export const quotesInput = z
  .strictObject({ quotes: z.array(quoteInput).min(1).max(QUOTES_MAX) })
  .meta({ id: 'QuotesInput' });
export type QuotesInput = z.output<typeof quotesInput>;

/** Why a quote is not taken. */
export const quoteRefusal = z.enum([
  'unknown_symbol',
  'price_not_positive',
  'crossed_quote',
  'future_quote',
  'stale_quote',
]);
export type QuoteRefusal = z.infer<typeof quoteRefusal>;

export const rejectedQuote = z
  .strictObject({ index: z.int(), symbol, code: quoteRefusal, detail: z.string() })
  .meta({ id: 'RejectedQuote' });
export type RejectedQuote = z.infer<typeof rejectedQuote>;

export const quotesTaken = z
  .strictObject({ accepted: z.int(), rejected: z.array(rejectedQuote) })
  .meta({ id: 'QuotesTaken' });
export type QuotesTaken = z.infer<typeof quotesTaken>;

/** A quote as the service keeps it; the timestamp is UTC to the millisecond, so that text order is time order. */
const quoteFields = {
  symbol,
  price: decimalText,
  bid: decimalText.nullable(),
  ask: decimalText.nullable(),
  volume: decimalText.nullable(),
  timestamp: z.iso.datetime(),
  source: z.string().nullable().describe('Who sent it, where the message said so; `demo` is made up'),
};
export type Quote = z.infer<z.ZodObject<typeof quoteFields>>;

export const quoteSchema = z
  .strictObject({ ...quoteFields, age_ms: z.int().describe('Time since the timestamp; 0 for one ahead of our clock') })
  .meta({ id: 'Quote' });
export type AgedQuote = z.infer<typeof quoteSchema>;
