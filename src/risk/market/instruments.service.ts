import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { LiveBook } from '../orders/ports.js';
import { pageOf } from '../page.js';
import { bookInstrument } from './book-inputs.js';
import { type HeldInstrument, refuseCurrencyChange } from './instrument-rules.js';
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
  constructor(
    private readonly instruments: Instruments,
    private readonly book: LiveBook,
  ) {}

  async put(symbol: string, input: InstrumentInput): Promise<Instrument> {
    const instrument = { symbol, ...input };
    await this.store([instrument], (held) => refuseCurrencyChange([instrument], held, () => '/currency'));
    return instrument;
  }

  putMany({ instruments }: InstrumentsInput): Promise<InstrumentsStored> {
    return this.store(instruments, (held) => refuseCurrencyChange(instruments, held));
  }

  private store(instruments: readonly Instrument[], check: (held: readonly HeldInstrument[]) => void) {
    return this.book.change(
      () => this.instruments.put(instruments, check),
      (book, now) => instruments.flatMap((instrument) => book.setInstrument(bookInstrument(instrument), now)),
    );
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
