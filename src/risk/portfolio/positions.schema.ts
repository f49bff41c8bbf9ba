import { z } from 'zod';
import { always, fieldsOf, symbolsOnce } from '../cross-field.schema.js';
import { accountId, currency, decimal, decimalText, symbol, timestamp } from '../wire.schema.js';

export const POSITIONS_MAX = 10_000;

export const direction = z.enum(['LONG', 'SHORT']);

/** A position: how much of a symbol, as signed `quantity` or as `direction` with `volume`. */
const positionInput = z
  .strictObject({
    symbol,
    direction: direction.optional(),
    volume: decimal({ gt: 0 }).optional(),
    quantity: decimal()
      .refine((quantity) => quantity !== '0', 'expected a number other than 0')
      .optional(),
    average_price: decimal().nullable().optional(),
  })
  .superRefine((position, context) => {
    const { direction, volume, quantity } = fieldsOf(position);
    const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (quantity !== undefined && (direction !== undefined || volume !== undefined)) {
      problem('quantity', 'expected either quantity, or direction and volume');
    } else if (quantity === undefined && direction === undefined && volume === undefined) {
      problem('quantity', 'expected a signed quantity, or direction and volume');
    } else if (quantity === undefined && volume === undefined) {
      problem('volume', 'expected a volume beside the direction');
    } else if (quantity === undefined && direction === undefined) {
      problem('direction', 'expected "LONG" or "SHORT" beside the volume');
    }
  }, always)
  .meta({ id: 'PositionInput' });

export const positionsInput = z
  .strictObject({
    as_of: timestamp
      .refine((text) => !(Date.parse(text) < 0), 'expected a time since 1970')
      .optional()
      .describe('Time the positions are of; default now'),
    positions: z.array(positionInput).max(POSITIONS_MAX),
  })
  .superRefine(symbolsOnce('positions'), always)
  .meta({ id: 'PositionsInput' });
export type PositionsInput = z.output<typeof positionsInput>;

/** A snapshot as it comes on `portfolio_updates`: fields it has beyond these are ignored and counted. */
export const positionsMessage = z
  .object({ account_id: accountId, ...positionsInput.shape })
  .superRefine(symbolsOnce('positions'), always)
  .meta({ id: 'PositionsMessage' });
export type PositionsMessage = z.output<typeof positionsMessage>;

export const positionSchema = z
  .strictObject({
    symbol,
    direction,
    volume: decimalText,
    quantity: decimalText,
    average_price: decimalText.nullable(),
    market_value: decimalText.nullable(),
    mark: decimalText.nullable(),
    mark_as_of: z.iso.datetime().nullable(),
    unrealized_pnl: decimalText.nullable(),
  })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof positionSchema>;

export const positionsSchema = z
  .strictObject({
    account_id: accountId,
    currency,
    as_of: z.iso.datetime().nullable(),
    version: z.int(),
    positions: z.array(positionSchema),
  })
  .meta({ id: 'Positions' });
export type PositionsReply = z.infer<typeof positionsSchema>;
