import { Injectable, Logger } from '@nestjs/common';
import { scaled } from '../../book/amount.js';
import type { CloseInput } from '../../book/inputs.js';
import type { RiskBook } from '../../book/risk-book.js';
import { inSlices } from '../in-slices.js';
import { type BookHistory, LiveBook } from '../orders/ports.js';
import { Prices } from './ports.js';
import { PriceBook } from './price-book.js';
import { scenarioWindow } from './scenario-window.js';

const DAY_MS = 86_400_000;
/** All the digits behind the point that the order book has. */
const PRICE_DIGITS = 8;

/** Keeps the order book's closes and scenarios those of the price history. */
@Injectable()
export class BookPrices {
  private readonly logger = new Logger('Prices');
  /** What the order book was told last, and what tells it now: one after the other. */
  private told = PriceBook.empty;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly liveBook: LiveBook,
    prices: Prices,
  ) {
    liveBook.readHistoryWith(async () => {
      this.told = await prices.current();
      return historyOf(this.told, PriceBook.empty);
    });
    prices.onChange((book) => {
      this.telling = this.telling.then(() => this.tell(book));
    });
  }

  private async tell(book: PriceBook): Promise<void> {
    try {
      const history = await historyOf(book, this.told);
      await this.liveBook.commit((live, now) => ({ effects: tell(live, history, now) }));
      this.told = book;
    } catch (error) {
      // A book that is loaded later reads the history then.
      this.logger.debug(`the order book did not take the new closes: ${String(error)}`);
    }
  }
}

/** The scenarios, and the closes of the symbols whose history is another than in `before`; a large one in slices. */
async function historyOf(book: PriceBook, before: PriceBook): Promise<BookHistory> {
  const scenarios = await inSlices(scenarioWindow(book));
  const closes = await inSlices(lastCloses(book, before));
  return { closes, scenarios };
}

function* lastCloses(book: PriceBook, before: PriceBook): Generator<void, CloseInput[]> {
  const closes: CloseInput[] = [];
  for (const symbol of book.symbols()) {
    // Series that stayed the same are shared by both.
    if (book.series(symbol) === before.series(symbol)) continue;
    const { day, close } = book.lastClose(symbol)!;
    closes.push({ symbol, price: scaled(close.toFixed(PRICE_DIGITS)), timestamp: day * DAY_MS });
    yield;
  }
  return closes;
}

function tell(book: RiskBook, { closes, scenarios }: BookHistory, now: number) {
  for (const close of closes) book.close(close, now);
  return scenarios ? book.setScenarios(scenarios, now) : [];
}
