import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { RiskError } from '../errors.js';
import { LiveBook } from '../orders/ports.js';
import { bookQuote } from './book-inputs.js';
import { Instruments, Quotes } from './ports.js';
import { newestBySymbol, type OfferedQuote, refusalOf, staleQuotes } from './quote-rules.js';
import type { AgedQuote, Quote, QuoteInput, QuotesTaken, RejectedQuote } from './quotes.schema.js';

@Injectable()
export class QuotesService {
  constructor(
    private readonly quotes: Quotes,
    private readonly instruments: Instruments,
    private readonly clock: Clock,
    private readonly book: LiveBook,
  ) {}

  /** Takes each quote that is sound and newer than the stored one, as if they came one by one. */
  async take(inputs: readonly (QuoteInput & { source?: string | null })[]): Promise<QuotesTaken> {
    const now = this.clock.now();
    const known = await this.instruments.find([...new Set(inputs.map(({ symbol }) => symbol))]);
    const sound: { index: number; quote: Quote }[] = [];
    const refused: RejectedQuote[] = [];
    inputs.forEach((input, index) => {
      const quote = { source: null, ...input, timestamp: new Date(input.timestamp).toISOString() };
      const refusal = refusalOf(quote, known.get(quote.symbol), now);
      if (refusal) refused.push({ index, symbol: quote.symbol, ...refusal });
      else sound.push({ index, quote });
    });
    const newest = newestBySymbol(sound.map(({ quote }) => quote));
    const offered = await this.quotes.offer(newest);
    this.tellBook(newest, offered);
    const rejected = [...refused, ...staleQuotes(sound, offered)].sort((a, b) => a.index - b.index);
    return { accepted: inputs.length - rejected.length, rejected };
  }

  private tellBook(newest: readonly Quote[], offered: readonly OfferedQuote[]): void {
    const written = new Set(offered.filter((offer) => offer.written).map(({ symbol }) => symbol));
    const quotes = newest.filter(({ symbol }) => written.has(symbol)).map(bookQuote);
    this.book.tell((book, now) => {
      for (const quote of quotes) book.quote(quote, now);
    });
  }

  async get(symbol: string): Promise<AgedQuote> {
    const quote = (await this.quotes.find([symbol])).get(symbol);
    if (!quote) throw new RiskError('quote_not_found', `no quote of ${symbol} has come in`);
    const ageMs = this.clock.now().getTime() - Date.parse(quote.timestamp);
    return { ...quote, age_ms: Math.max(ageMs, 0) };
  }
}
