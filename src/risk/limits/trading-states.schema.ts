import { z } from 'zod';
import { listOf, page, reasonText } from '../wire.schema.js';
import { levelId, levelName } from './level.schema.js';

export const tradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
const latches = z
  .array(z.enum(['DAILY_LOSS', 'DRAWDOWN']))
  .describe('Losses that hold it at REDUCING until a person sets it ACTIVE');
const setBy = z.string().nullable().describe('Null where a loss did it, or nobody ever did');

export const tradingStateInput = z
  .strictObject({
    state: tradingState.describe('REDUCING lets nothing open, HALTED nothing but cancels pass'),
    reason: reasonText,
  })
  .meta({ id: 'TradingStateInput' });
export type TradingStateInput = z.output<typeof tradingStateInput>;

export const tradingStateReply = z
  .strictObject({
    level: levelName,
    id: levelId,
    state: tradingState.describe('As it was set here'),
    reason: z.string().nullable(),
    latches,
    version: z.int().describe('Number of changes so far'),
    updated_at: z.iso.datetime().nullable(),
    updated_by: setBy,
    effective: z
      .strictObject({ state: tradingState, source: z.strictObject({ level: levelName, id: levelId }) })
      .describe('The strictest of this level and those above it, and where it comes from; a latch is REDUCING'),
  })
  .meta({ id: 'TradingState' });
export type TradingStateReply = z.infer<typeof tradingStateReply>;

/** The cursor is the last level and id of the page before. */
export const tradingStateQuery = z.strictObject({
  ...page,
  cursor: z
    .string()
    .max(100)
    .regex(/^(firm|desk|account|trader|instrument)\/./, 'expected the next_cursor of a page')
    .optional(),
});
export type TradingStateQuery = z.output<typeof tradingStateQuery>;

export const tradingStateList = listOf(tradingStateReply).meta({ id: 'TradingStateList' });
export type TradingStateList = z.infer<typeof tradingStateList>;

const tradingStateChange = z
  .strictObject({
    version: z.int(),
    updated_at: z.iso.datetime(),
    updated_by: setBy,
    before: tradingState.nullable().describe('Null for the first change of the level'),
    state: tradingState,
    latches,
    reason: z.string(),
  })
  .meta({ id: 'TradingStateChange' });
export type TradingStateChange = z.infer<typeof tradingStateChange>;

export const tradingStateChanges = listOf(tradingStateChange).meta({ id: 'TradingStateChanges' });
export type TradingStateChanges = z.infer<typeof tradingStateChanges>;
