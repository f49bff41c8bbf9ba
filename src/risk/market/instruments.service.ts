import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { pageOf } from '../page.js';
import { refuseCurrencyChange } from './instrument-rules.js';
import type {
  Instrument,
  InstrumentInput,
  InstrumentList,
  InstrumentQuery,
  InstrumentsInput,
  InstrumentsStored,
} from './instruments.schema.js';
import { Instruments } from './ports.js';

@Injectable()
export class InstrumentsService {
  constructor(private readonly instruments: Instruments) {}

  async put(symbol: string, input: InstrumentInput): Promise<Instrument> {
    const instrument = { symbol, ...input };
    await this.instruments.put([instrument], (held) => refuseCurrencyChange([instrument], held, () => '/currency'));
    return instrument;
  }

  putMany({ instruments }: InstrumentsInput): Promise<InstrumentsStored> {
    return this.instruments.put(instruments, (held) => refuseCurrencyChange(instruments, held));
  }

  async get(symbol: string): Promise<Instrument> {
    const instrument = (await this.instruments.find([symbol])).get(symbol);
    if (!instrument) throw new RiskError('instrument_not_found', `no instrument has the symbol ${symbol}`);
    return instrument;
  }

  async list(query: InstrumentQuery): Promise<InstrumentList> {
    return pageOf(await this.instruments.list(query), query.limit, ({ symbol }) => symbol);
  }
}
