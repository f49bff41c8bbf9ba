import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Operation } from '../../http/operation.decorator.js';
import { symbol as symbolSchema } from '../wire.schema.js';
import {
  type AgedQuote,
  type QuotesInput,
  type QuotesTaken,
  quoteSchema,
  quotesInput,
  quotesTaken,
} from './quotes.schema.js';
import { QuotesService } from './quotes.service.js';

const EXAMPLE = {
  symbol: 'EXMPL',
  price: '150',
  bid: '149.99',
  ask: '150.01',
  volume: '1000',
  timestamp: '2022-12-28T21:00:00.000Z',
};

@Controller('v1/quotes')
export class QuotesController {
  constructor(private readonly quotes: QuotesService) {}

  @Post()
  @Operation({
    summary: 'Takes quotes; the newest of each symbol is kept.',
    description:
      'Each quote is judged by itself, as if they came one by one; times are compared to the millisecond. ' +
      'Refused: an unknown instrument (`unknown_symbol`), a price, bid or ask that is not above 0 where the instrument ' +
      'does not allow it (`price_not_positive`), a bid above the ask (`crossed_quote`), a time more than 5 s ahead ' +
      '(`future_quote`) or not after that of the stored quote (`stale_quote`).',
    reply: quotesTaken,
    example: {
      body: { quotes: [EXAMPLE, { symbol: 'UNKNOWN', price: '1', timestamp: '2022-12-28T21:00:00Z' }] },
      reply: {
        accepted: 1,
        rejected: [
          {
            index: 1,
            symbol: 'UNKNOWN',
            code: 'unknown_symbol',
            detail: 'expected a stored instrument, got "UNKNOWN"',
          },
        ],
      },
    },
  })
  postQuotes(@Body({ schema: quotesInput }) body: QuotesInput): Promise<QuotesTaken> {
    return this.quotes.take(body.quotes);
  }

  @Get(':symbol')
  @Operation({
    summary: 'Shows the latest quote of a symbol and its age.',
    reply: quoteSchema,
    errors: ['quote_not_found'],
    example: { params: { symbol: 'EXMPL' }, reply: { ...EXAMPLE, source: null, age_ms: 86_400_000 } },
  })
  getQuote(@Param('symbol', { schema: symbolSchema }) symbol: string): Promise<AgedQuote> {
    return this.quotes.get(symbol);
  }
}
