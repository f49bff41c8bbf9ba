import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { symbol } from '../wire.schema.js';
import {
  type Closes,
  type ClosesQuery,
  type CoverageList,
  type CoverageQuery,
  closes,
  closesQuery,
  coverageList,
  coverageQuery,
} from './prices.schema.js';
import { PricesService } from './prices.service.js';

@ApiTags('Prices')
@Controller('v1/prices')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  @Get()
  @Operation({
    summary: 'Lists the symbols with stored closes and what their history covers.',
    reply: coverageList,
    example: {
      query: { limit: 1 },
      reply: {
        data: [{ symbol: 'AAPL', first_date: '2007-01-03', last_date: '2022-12-28', count: 4026, gaps: 0 }],
        next_cursor: 'AAPL',
      },
    },
  })
  listPrices(@Query({ schema: coverageQuery }) query: CoverageQuery): Promise<CoverageList> {
    return this.prices.coverage(query);
  }

  @Get(':symbol')
  @Operation({
    summary: 'Shows the stored closes of a symbol by date.',
    reply: closes,
    errors: ['prices_not_found'],
    example: {
      params: { symbol: 'AAPL' },
      query: { start_date: '2008-01-02', end_date: '2008-01-02' },
      reply: { symbol: 'AAPL', data: [{ date: '2008-01-02', close: '5.914' }], next_cursor: null },
    },
  })
  getPrices(
    @Param('symbol', { schema: symbol }) id: string,
    @Query({ schema: closesQuery }) query: ClosesQuery,
  ): Promise<Closes> {
    return this.prices.closes(id, query);
  }
}
