import { Injectable } from '@nestjs/common';
import { type Mark, markOf } from './mark.js';
import { Marks, Prices, Quotes } from './ports.js';

@Injectable()
export class MarksService extends Marks {
  constructor(
    private readonly quotes: Quotes,
    private readonly prices: Prices,
  ) {
    super();
  }

  async of(symbols: readonly string[]): Promise<ReadonlyMap<string, Mark>> {
    const [book, quotes] = await Promise.all([this.prices.current(), this.quotes.find(symbols)]);
    const marks = new Map<string, Mark>();
    for (const symbol of symbols) {
      const mark = markOf(quotes.get(symbol), book.lastClose(symbol));
      if (mark) marks.set(symbol, mark);
    }
    return marks;
  }
}
