import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PRICE_AGE_MS_MAX } from '../book/limits.js';
import { MessageNotSentError, Messaging } from '../messaging/ports.js';
import { Prices, Quotes } from '../risk/market/ports.js';
import { lowerBound } from '../risk/market/price-book.js';
import { DEMO_INSTRUMENTS } from './demo-data.js';
import { PriceWalk } from './price-walk.js';

const TICK_MS = 1_000;
/** Closes that volatility and correlation are taken from: a year. */
const CLOSES = 253;
const SEED = 20_221_228;
const SOURCE = 'demo';

/**
 * Sends a made-up quote of every demo symbol each second, so that a newcomer sees prices move. A symbol that anybody
 * else quotes is left alone while an order may rely on those quotes.
 */
@Injectable()
export class DemoFeed implements OnApplicationShutdown {
  private readonly logger = new Logger('DemoFeed');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly messaging: Messaging,
    private readonly prices: Prices,
    private readonly quotes: Quotes,
  ) {}

  /** Begins where the last quotes or closes ended. False where no demo symbol has prices. */
  async start(): Promise<boolean> {
    const book = await this.prices.current();
    const symbols = DEMO_INSTRUMENTS.map(({ symbol }) => symbol).filter((symbol) => book.series(symbol));
    const days = book.calendar().slice(-CLOSES);
    const closes = symbols.map((symbol) => {
      const series = book.series(symbol)!;
      // The last close before a gap stands for it.
      return Float64Array.from(days, (day) => series.closes[Math.max(lowerBound(series.days, day + 1) - 1, 0)]!);
    });
    if (symbols.length === 0 || days.length < 3) return false;
    const quotes = await this.quotes.find(symbols);
    const prices = symbols.map((symbol, i) => Number(quotes.get(symbol)?.price ?? closes[i]!.at(-1)!));
    const walk = new PriceWalk({ closes, prices, seed: SEED });
    clearInterval(this.timer);
    // Whoever comes at once finds prices.
    await this.tick(symbols, walk);
    this.timer = setInterval(() => void this.tick(symbols, walk), TICK_MS);
    return true;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private async tick(symbols: readonly string[], walk: PriceWalk): Promise<void> {
    const prices = walk.next();
    try {
      const stored = await this.quotes.find(symbols);
      const timestamp = new Date().toISOString();
      const messages = symbols.flatMap((symbol, i) => {
        const latest = stored.get(symbol);
        if (
          latest &&
          latest.source !== SOURCE &&
          Date.parse(timestamp) - Date.parse(latest.timestamp) < PRICE_AGE_MS_MAX
        )
          return [];
        const value = { symbol, price: prices[i]!.toFixed(2), timestamp };
        return [{ key: symbol, value, headers: { source: SOURCE }, messageType: 'MARKET_DATA' as const }];
      });
      const { failures } = await this.messaging.sendBatch('market_data', messages);
      if (failures[0]) throw new MessageNotSentError(failures[0].code, failures[0].detail);
    } catch (error) {
      // The next second tries again; a demo must not fill the log.
      this.logger.debug(`no demo quotes this second: ${String(error)}`);
    }
  }
}
