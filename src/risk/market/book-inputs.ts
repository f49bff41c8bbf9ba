import { scaled } from '../../book/amount.js';
import type { InstrumentInput as BookInstrument, QuoteInput as BookQuote } from '../../book/inputs.js';
import type { Instrument } from './instruments.schema.js';
import type { Quote } from './quotes.schema.js';

/** What was stored, in the words and numbers of the book. */

export function bookInstrument(instrument: Instrument): BookInstrument {
  const { symbol, currency, multiplier, tick_size, lot_size, adv, halted, allow_negative_price } = instrument;
  return {
    symbol,
    currency,
    multiplier: scaled(multiplier),
    tickSize: scaled(tick_size),
    lotSize: scaled(lot_size),
    adv: adv === null ? null : scaled(adv),
    halted,
    allowNegativePrice: allow_negative_price,
  };
}

export function bookQuote({ symbol, price, bid, ask, timestamp }: Quote): BookQuote {
  return {
    symbol,
    price: scaled(price),
    bid: bid === null ? null : scaled(bid),
    ask: ask === null ? null : scaled(ask),
    timestamp: Date.parse(timestamp),
  };
}
