import { Controller } from '@nestjs/common';
import { type BatchContext, Consume, type Refusal } from '../../messaging/consume.decorator.js';
import { RISK_MONITOR_GROUP } from '../../messaging/names.schema.js';
import { type QuoteMessage, quoteMessage } from './quotes.schema.js';
import { QuotesService } from './quotes.service.js';

/** Not wrong, only of no use: overtaken by a newer quote, or of something that is not traded here. */
const SKIPPED: ReadonlySet<string> = new Set(['stale_quote', 'unknown_symbol']);

@Controller()
export class QuotesConsumer {
  constructor(private readonly quotes: QuotesService) {}

  @Consume('market_data', {
    group: RISK_MONITOR_GROUP,
    messageType: 'MARKET_DATA',
    schema: quoteMessage,
    summary: 'A quote; the newest of each symbol by its timestamp is kept.',
    example: { symbol: 'AAPL', price: '150.00', bid: '149.99', ask: '150.01', timestamp: '2022-12-28T20:59:30Z' },
  })
  async onQuotes(messages: readonly QuoteMessage[], context: BatchContext): Promise<Refusal[]> {
    const { rejected } = await this.quotes.take(
      messages.map((message, i) => ({ ...message, source: sourceOf(context.records[i]!) })),
    );
    for (const code of SKIPPED) context.skip(code, rejected.filter((quote) => quote.code === code).length);
    return rejected.filter(({ code }) => !SKIPPED.has(code));
  }
}

const SOURCE_LENGTH_MAX = 100;

function sourceOf({ headers: { source } }: BatchContext['records'][number]): string | null {
  return source === undefined
    ? null
    : String(source)
        .replaceAll(/\p{Cc}/gu, '')
        .slice(0, SOURCE_LENGTH_MAX);
}
