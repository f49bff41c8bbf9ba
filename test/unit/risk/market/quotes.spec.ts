import fc from 'fast-check';
import { markOf } from '../../../../src/risk/market/mark.js';
import { dayOf } from '../../../../src/risk/market/price-day.js';
import { newestBySymbol, type OfferedQuote, refusalOf, staleQuotes } from '../../../../src/risk/market/quote-rules.js';
import type { Quote } from '../../../../src/risk/market/quotes.schema.js';
import { anInstrument, aQuote } from '../../../support/builders.js';

const now = new Date('2026-03-02T15:00:00.000Z');
const instrument = anInstrument();

describe('a single quote', () => {
  it('is taken when it is sound', () => {
    expect(refusalOf(aQuote(), instrument, now)).toBeUndefined();
    expect(refusalOf(aQuote({ bid: '150', ask: '150' }), instrument, now)).toBeUndefined(); // a locked market
    expect(refusalOf(aQuote({ bid: null, ask: null }), instrument, now)).toBeUndefined();
  });

  it('is refused for a symbol that is no instrument', () => {
    expect(refusalOf(aQuote(), undefined, now)?.code).toBe('unknown_symbol');
  });

  it.each(['price', 'bid', 'ask'] as const)('is refused when its %s is not above 0', (field) => {
    expect(refusalOf(aQuote({ bid: null, ask: null, [field]: '0' }), instrument, now)).toEqual({
      code: 'price_not_positive',
      detail: `expected ${field} > 0, got 0`,
    });
  });

  it('may be negative where the instrument allows it', () => {
    const oil = anInstrument({ allow_negative_price: true });
    expect(refusalOf(aQuote({ price: '-37.63', bid: '-38', ask: '-37' }), oil, now)).toBeUndefined();
  });

  it('is refused when the bid is above the ask', () => {
    expect(refusalOf(aQuote({ bid: '150.02', ask: '150.01' }), instrument, now)?.code).toBe('crossed_quote');
  });

  it('is refused when it is more than 5 s ahead of our clock', () => {
    expect(refusalOf(aQuote({ timestamp: '2026-03-02T15:00:05.000Z' }), instrument, now)).toBeUndefined();
    expect(refusalOf(aQuote({ timestamp: '2026-03-02T15:00:05.001Z' }), instrument, now)?.code).toBe('future_quote');
  });
});

describe('a batch of quotes', () => {
  const quote = fc
    .record({ symbol: fc.constantFrom('AAPL', 'GE', 'KO'), second: fc.integer({ min: 0, max: 9 }) })
    .map(({ symbol, second }) => aQuote({ symbol, timestamp: `2026-03-02T15:00:0${second}.000Z` }));

  it('comes to the same as its quotes one by one', () => {
    fc.assert(
      fc.property(fc.array(quote, { maxLength: 20 }), fc.array(quote, { maxLength: 5 }), (batch, earlier) => {
        const together = new MemoryStore(earlier);
        const stale = staleQuotes(
          batch.map((quote, index) => ({ index, quote })),
          together.offer(newestBySymbol(batch)),
        );
        const oneByOne = new MemoryStore(earlier);
        const late = batch.flatMap((quote, index) => (oneByOne.offer([quote])[0]!.written ? [] : [index]));
        expect(stale.map(({ index }) => index)).toEqual(late);
        expect(together.latest).toEqual(oneByOne.latest);
      }),
    );
  });

  it('refuses all quotes of a symbol that a newer one from elsewhere has overtaken meanwhile', () => {
    const stale = staleQuotes([{ index: 4, quote: aQuote() }], [{ symbol: 'AAPL', written: false, before: null }]);
    expect(stale).toMatchObject([{ index: 4, symbol: 'AAPL', code: 'stale_quote' }]);
  });
});

describe('the mark of a symbol', () => {
  const close = { day: dayOf('2026-02-27')!, close: 148.5 };

  it('is the price of its quote, as of the timestamp of the quote', () => {
    expect(markOf(aQuote(), close)).toEqual({ price: '150', asOf: '2026-03-02T15:00:00.000Z' });
  });

  it('is else its last close, as of that day at 00:00 UTC', () => {
    expect(markOf(undefined, close)).toEqual({ price: '148.5', asOf: '2026-02-27T00:00:00.000Z' });
  });

  it('is plain decimal text however small the close', () => {
    expect(markOf(undefined, { ...close, close: 1.5e-7 })?.price).toBe('0.00000015');
  });

  it('is missing where there is neither', () => {
    expect(markOf(undefined, undefined)).toBeUndefined();
  });
});

/** Keeps the newest quote of each symbol, as the store does. */
class MemoryStore {
  readonly latest = new Map<string, Quote>();

  constructor(quotes: readonly Quote[]) {
    for (const quote of quotes) this.offer([quote]);
  }

  offer(quotes: readonly Quote[]): OfferedQuote[] {
    return quotes.map((quote) => {
      const before = this.latest.get(quote.symbol)?.timestamp ?? null;
      const written = before === null || quote.timestamp > before;
      if (written) this.latest.set(quote.symbol, quote);
      return { symbol: quote.symbol, written, before };
    });
  }
}
