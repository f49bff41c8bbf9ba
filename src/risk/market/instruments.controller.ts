import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { Operation } from '../../http/operation.decorator.js';
import { symbol as symbolSchema } from '../wire.schema.js';
import {
  type Instrument,
  type InstrumentInput,
  type InstrumentList,
  type InstrumentQuery,
  type InstrumentsInput,
  type InstrumentsStored,
  instrumentInput,
  instrumentList,
  instrumentQuery,
  instrumentSchema,
  instrumentsInput,
  instrumentsStored,
} from './instruments.schema.js';
import { InstrumentsService } from './instruments.service.js';

const EXAMPLE_INPUT = {
  asset_class: 'EQUITY',
  currency: 'USD',
  sector: 'TECH',
  multiplier: '1',
  tick_size: '0.01',
  lot_size: '1',
  adv: '50000000',
  halted: false,
  allow_negative_price: false,
};
const EXAMPLE = { symbol: 'EXMPL', ...EXAMPLE_INPUT };

@Controller('v1/instruments')
export class InstrumentsController {
  constructor(private readonly instruments: InstrumentsService) {}

  @Put(':symbol')
  @Operation({
    summary: 'Creates or replaces an instrument.',
    description: 'While an account holds it, an instrument keeps its currency.',
    reply: instrumentSchema,
    errors: ['currency_mismatch'],
    example: { params: { symbol: 'EXMPL' }, body: EXAMPLE_INPUT, reply: EXAMPLE },
  })
  putInstrument(
    @Param('symbol', { schema: symbolSchema }) symbol: string,
    @Body({ schema: instrumentInput }) body: InstrumentInput,
  ): Promise<Instrument> {
    return this.instruments.put(symbol, body);
  }

  @Post()
  @Operation({
    summary: 'Creates or replaces many instruments, all or none.',
    reply: instrumentsStored,
    errors: ['currency_mismatch'],
    example: {
      body: { instruments: [EXAMPLE, { symbol: 'EXMPL.B', currency: 'USD' }] },
      reply: { created: 1, updated: 1 },
    },
  })
  postInstruments(@Body({ schema: instrumentsInput }) body: InstrumentsInput): Promise<InstrumentsStored> {
    return this.instruments.putMany(body);
  }

  @Get(':symbol')
  @Operation({
    summary: 'Shows an instrument.',
    reply: instrumentSchema,
    errors: ['instrument_not_found'],
    example: { params: { symbol: 'EXMPL' }, reply: EXAMPLE },
  })
  getInstrument(@Param('symbol', { schema: symbolSchema }) symbol: string): Promise<Instrument> {
    return this.instruments.get(symbol);
  }

  @Get()
  @Operation({
    summary: 'Lists instruments by symbol.',
    reply: instrumentList,
    example: { query: { limit: 1, cursor: 'EXMPK' }, reply: { data: [EXAMPLE], next_cursor: 'EXMPL' } },
  })
  listInstruments(@Query({ schema: instrumentQuery }) query: InstrumentQuery): Promise<InstrumentList> {
    return this.instruments.list(query);
  }
}
