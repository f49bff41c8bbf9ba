import { z } from 'zod';
import { always, symbolsOnce } from '../cross-field.schema.js';
import { currency, decimal, decimalText, listOf, page, symbol } from '../wire.schema.js';

export const INSTRUMENTS_MAX = 10_000;

const label = (what: string, example: string) =>
  z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9]([A-Za-z0-9 _&/.,-]*[A-Za-z0-9])?$/, `expected ${what} such as ${example}`);
const assetClass = label('an asset class', 'EQUITY');
const sector = label('a sector', 'TECH');

const fields = {
  asset_class: assetClass.default('EQUITY'),
  currency,
  sector: sector.nullable().default(null),
  multiplier: decimal({ gt: 0 }).default('1').describe('Money per unit of price and quantity'),
  tick_size: decimal({ gt: 0 }).default('0.01'),
  lot_size: decimal({ gt: 0 }).default('1'),
  adv: decimal({ gt: 0 }).nullable().default(null).describe('Average daily volume, in units'),
  halted: z.boolean().default(false),
  allow_negative_price: z.boolean().default(false),
};

export const instrumentInput = z.strictObject(fields).meta({ id: 'InstrumentInput' });
export type InstrumentInput = z.output<typeof instrumentInput>;

export const instrumentsInput = z
  .strictObject({
    instruments: z
      .array(z.strictObject({ symbol, ...fields }).meta({ id: 'NamedInstrumentInput' }))
      .min(1)
      .max(INSTRUMENTS_MAX),
  })
  .superRefine(symbolsOnce('instruments'), always)
  .meta({ id: 'InstrumentsInput' });
export type InstrumentsInput = z.output<typeof instrumentsInput>;

export const instrumentSchema = z
  .strictObject({
    symbol,
    asset_class: z.string(),
    currency,
    sector: z.string().nullable(),
    multiplier: decimalText,
    tick_size: decimalText,
    lot_size: decimalText,
    adv: decimalText.nullable(),
    halted: z.boolean(),
    allow_negative_price: z.boolean(),
  })
  .meta({ id: 'Instrument' });
export type Instrument = z.infer<typeof instrumentSchema>;

export const instrumentQuery = z.strictObject({ ...page, cursor: symbol.optional() });
export type InstrumentQuery = z.output<typeof instrumentQuery>;

export const instrumentList = listOf(instrumentSchema).meta({ id: 'InstrumentList' });
export type InstrumentList = z.infer<typeof instrumentList>;

export const instrumentsStored = z
  .strictObject({ created: z.int(), updated: z.int() })
  .meta({ id: 'InstrumentsStored' });
export type InstrumentsStored = z.infer<typeof instrumentsStored>;
