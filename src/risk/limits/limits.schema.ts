import { z } from 'zod';
import { always } from '../cross-field.schema.js';
import { decimal, decimalText, integer, listOf, page, symbol } from '../wire.schema.js';
import { levelId, levelName } from './level.schema.js';

export const LIMITED_SYMBOLS_MAX = 10_000;
const COUNT_MAX = 1_000_000;
const YEAR_SECONDS = 31_536_000;
/** A hundred years: whoever wants no bound says so. */
const HISTORY_DAYS_MAX = 36_500;

/** At least zero; a ratio has an end, so that nobody writes 5 for 5 %. */
function limitNumber(max?: number) {
  return decimal({ gte: 0 }).superRefine((text: unknown, context) => {
    if (max === undefined || !(Number(text) > max)) return;
    context.addIssue({ code: 'too_big', origin: 'number', maximum: max, inclusive: true, input: text });
  });
}

/** `number` makes the decimals: what comes in may be a JSON number, what goes out is text. */
const symbolFields = <Decimal extends z.ZodType>(number: (max?: number) => Decimal) => ({
  approval_order_quantity: number().optional().describe('Units; a larger order waits for an approval'),
  max_order_quantity: number().optional().describe('Units'),
  max_order_notional: number().optional().describe('Money, quantity × price × multiplier'),
  price_collar_ratio: number(10)
    .optional()
    .describe('How far beyond the reference price a price may be, ÷ that price; at most 10'),
  max_adv_ratio: number(10).optional().describe('Quantity of an order ÷ average daily volume; at most 10'),
  max_long_quantity: number().optional().describe('Units of one symbol, working buys included'),
  max_short_quantity: number().optional().describe('Units of one symbol, working sells included; 0 forbids shorts'),
  max_gross_exposure: number().optional().describe('Money, Σ |exposure| with working orders: nothing nets'),
  max_net_exposure: number().optional().describe('Money, the larger of |all buys filled| and |all sells filled|'),
  max_open_orders: integer(0, COUNT_MAX).optional().describe('Working orders and such as wait for an approval'),
  max_position_ratio: number(1_000).optional().describe('Exposure in one symbol ÷ equity; at most 1000'),
  max_price_age_seconds: integer(1, YEAR_SECONDS)
    .optional()
    .describe('Age of a quote that opens positions; 60 where no level sets it'),
  market_slippage_ratio: number(1)
    .optional()
    .describe('What a market order is counted dearer by, ÷ its price; at most 1, 0 where no level sets it'),
});

const levelFields = <Decimal extends z.ZodType>(number: (max?: number) => Decimal) => ({
  ...symbolFields(number),
  max_leverage: number(1_000).optional().describe('Gross exposure ÷ equity; at most 1000'),
  max_var_ratio: number(1_000).optional().describe('Value at risk ÷ equity; at most 1000'),
  max_daily_loss: number().optional().describe('Money since the start of the session; beyond it only reductions'),
  max_drawdown_ratio: number(1).optional().describe('Loss from the peak ÷ peak, at most 1; beyond it only reductions'),
  max_orders_per_second: integer(0, COUNT_MAX).optional().describe('Rejected orders and cancels count too'),
  max_duplicates_per_second: integer(1, COUNT_MAX)
    .optional()
    .describe('Orders of the same content in an account, the first included'),
  max_history_age_days: integer(0, HISTORY_DAYS_MAX)
    .optional()
    .describe('Age of the last close behind the VaR; 7 where no level sets it'),
});

const restrictedSymbols = z
  .array(symbol)
  .max(LIMITED_SYMBOLS_MAX)
  .superRefine((symbols, context) => {
    const first = new Map<string, number>();
    for (const [index, name] of symbols.entries()) {
      const earlier = first.get(name);
      const message = `expected each symbol once, /restricted_symbols/${earlier} has it already`;
      if (earlier !== undefined) context.addIssue({ code: 'custom', path: [index], message });
      else first.set(name, index);
    }
  })
  .optional()
  .describe('Not traded, in neither direction');

const symbolLimitsInput = z.strictObject(symbolFields(limitNumber)).meta({ id: 'SymbolLimitsInput' });

const symbolsInput = z
  .record(symbol, symbolLimitsInput)
  .superRefine((limits: unknown, context) => {
    const count = Object.keys(limits ?? {}).length;
    if (count <= LIMITED_SYMBOLS_MAX) return;
    const message = `expected at most ${LIMITED_SYMBOLS_MAX} symbols`;
    context.addIssue({ code: 'custom', message });
  }, always)
  .optional()
  .describe('Limits of single symbols by symbol; where they set a field, it stands in place of that of the level');

/** Unset: no limit at this level. */
export const limitsInput = z
  .strictObject({ ...levelFields(limitNumber), symbols: symbolsInput, restricted_symbols: restrictedSymbols })
  .meta({ id: 'LimitsInput' });
export type Limits = z.output<typeof limitsInput>;
export type SymbolLimits = z.output<typeof symbolLimitsInput>;

const text = () => decimalText;
const limitSetFields = {
  ...levelFields(text),
  symbols: z.record(z.string(), z.strictObject(symbolFields(text)).meta({ id: 'SymbolLimits' })).optional(),
  restricted_symbols: z.array(symbol).optional(),
};

export const limitsReply = z
  .strictObject({
    level: levelName,
    id: levelId,
    version: z.int().describe('Number of changes so far'),
    ...limitSetFields,
    unknown_symbols: z
      .array(symbol)
      .optional()
      .describe('Symbols named above that are no instrument (yet): a mistyped name protects from nothing'),
    updated_at: z.iso.datetime().nullable(),
    updated_by: z.string().nullable(),
  })
  .meta({ id: 'Limits' });
export type LimitsReply = z.infer<typeof limitsReply>;

const limitSet = z.strictObject(limitSetFields).meta({ id: 'LimitSet' });

const limitChange = z
  .strictObject({
    version: z.int(),
    updated_at: z.iso.datetime(),
    updated_by: z.string(),
    before: limitSet.nullable().describe('Null for the first limits of the level'),
    after: limitSet,
  })
  .meta({ id: 'LimitChange' });
export type LimitChange = z.infer<typeof limitChange>;

/** Newest first; the cursor is the number of a change. */
export const changeQuery = z.strictObject({
  ...page,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'expected the next_cursor of a page')
    .optional(),
});
export type ChangeQuery = z.output<typeof changeQuery>;

export const limitChanges = listOf(limitChange).meta({ id: 'LimitChanges' });
export type LimitChanges = z.infer<typeof limitChanges>;
