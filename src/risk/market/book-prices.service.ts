import { Injectable, Logger } from '@nestjs/common';
import { scaled } from '../../book/amount.js';
import type { RiskBook } from '../../book/risk-book.js';
import { canonical } from '../../decimal/decimal.js';
import { type BookHistory, LiveBook } from '../orders/ports.js';
import { Prices } from './ports.js';
import type { PriceBook } from './price-book.js';
import { scenarioWindow } from './scenario-window.js';

const DAY_MS = 86_400_000;
/** All the digits behind the point that the order book has. */
const PRICE_DIGITS = 8;

/** Keeps the order book's closes and scenarios those of the price history. */
@Injectable()
export class BookPrices {
  private readonly logger = new Logger('Prices');

  constructor(
    private readonly liveBook: LiveBook,
    prices: Prices,
  ) {
    liveBook.readHistoryWith(async () => historyOf(await prices.current()));
    prices.onChange((book) => void this.changed(book));
  }

  private async changed(book: PriceBook): Promise<void> {
    const history = historyOf(book);
    try {
      await this.liveBook.commit((live, now) => ({ effects: tell(live, history, now) }));
    } catch (error) {
      // A book that is loaded later reads the history then.
      this.logger.debug(`the order book did not take the new closes: ${String(error)}`);
    }
  }
}

function historyOf(book: PriceBook): BookHistory {
  const closes = book.symbols().map((symbol) => {
    const { day, close } = book.lastClose(symbol)!;
    return { symbol, price: scaled(canonical(close.toFixed(PRICE_DIGITS))), timestamp: day * DAY_MS };
  });
  return { closes, scenarios: scenarioWindow(book) };
}

function tell(book: RiskBook, { closes, scenarios }: BookHistory, now: number) {
  for (const close of closes) book.close(close, now);
  return scenarios ? book.setScenarios(scenarios, now) : [];
}
