import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Batched } from '../batched.js';
import { RiskError } from '../errors.js';
import { type MarketMoment, PriceHistory, Prices } from './ports.js';
import { lowerBound, PriceBook, type PriceSeries } from './price-book.js';
import { dateOf, dayOf } from './price-day.js';
import type { Closes, ClosesQuery, CoverageList, CoverageQuery } from './prices.schema.js';

/** Holds the price history in memory and keeps up with the store, whichever instance imports. */
@Injectable()
export class PricesService extends Prices implements OnApplicationBootstrap {
  private readonly logger = new Logger('Prices');
  private readonly listeners: ((book: PriceBook) => void)[] = [];
  private image = PriceBook.empty;
  private readonly moments = new Batched<string, MarketMoment>((symbols) => this.ask(symbols));

  constructor(private readonly history: PriceHistory) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.current().catch((error: Error) =>
      this.logger.warn(`The price history is not loaded yet: ${error.message}`),
    );
  }

  async current(): Promise<PriceBook> {
    return (await this.moment([])).book;
  }

  moment(symbols: readonly string[]): Promise<MarketMoment> {
    return this.moments.ask(symbols);
  }

  override onChange(listener: (book: PriceBook) => void): void {
    this.listeners.push(listener);
  }

  /** Takes over what this instance has just written, so that it need not be read back. */
  async written(baseVersion: number, series: ReadonlyMap<string, PriceSeries>): Promise<PriceBook> {
    if (this.image.version !== baseVersion) return this.current();
    this.show(this.image.with(baseVersion + 1, series));
    return this.image;
  }

  async closes(symbol: string, { start_date, end_date, limit, cursor }: ClosesQuery): Promise<Closes> {
    const series = (await this.current()).series(symbol);
    if (!series) throw new RiskError('prices_not_found', `got ${symbol}`);
    const { days, closes } = series;
    const from = Math.max(
      start_date === undefined ? 0 : lowerBound(days, dayOf(start_date)!),
      cursor === undefined ? 0 : lowerBound(days, dayOf(cursor)! + 1),
    );
    const to = end_date === undefined ? days.length : lowerBound(days, dayOf(end_date)! + 1);
    const page = days.subarray(from, Math.max(from, Math.min(to, from + limit)));
    const data = Array.from(page, (day, i) => ({ date: dateOf(day), close: String(closes[from + i]) }));
    return { symbol, data, next_cursor: from + limit < to ? data.at(-1)!.date : null };
  }

  async coverage({ limit, cursor }: CoverageQuery): Promise<CoverageList> {
    const book = await this.current();
    const after = cursor === undefined ? book.symbols() : book.symbols().filter((symbol) => symbol > cursor);
    const data = after.slice(0, limit).map((symbol) => {
      const { firstDay, lastDay, count, gaps } = book.coverage(symbol)!;
      return { symbol, first_date: dateOf(firstDay), last_date: dateOf(lastDay), count, gaps };
    });
    return { data, next_cursor: after.length > limit ? data.at(-1)!.symbol : null };
  }

  private async ask(symbols: readonly string[]): Promise<MarketMoment> {
    const { version: stored, terms } = await this.history.moment(symbols);
    if (stored !== this.image.version) {
      const { version, chunks } = await this.history.load(this.image.version);
      // An import of this instance may have been taken over meanwhile.
      if (version > this.image.version) this.show(this.image.apply(version, chunks));
    }
    return { book: this.image, terms };
  }

  private show(image: PriceBook): void {
    this.image = image;
    for (const listener of this.listeners) listener(image);
  }
}
