import { z } from 'zod';
import { accountId, decimalText, listOf, page, reasonText, symbol } from '../wire.schema.js';

const terms = {
  quantity: decimalText.describe('Total, filled part included'),
  order_type: z.enum(['LIMIT', 'MARKET']),
  price: decimalText.nullable(),
  lock_price: decimalText,
  approval_expires_at: z.iso.datetime().nullable().describe('While it waits for an approval'),
};

export const workingOrder = z
  .strictObject({
    order_id: z.string(),
    account_id: accountId,
    trader_id: z.string().nullable(),
    symbol,
    side: z.enum(['BUY', 'SELL']),
    ...terms,
    time_in_force: z.enum(['DAY', 'GTC']),
    reduce_only: z.boolean(),
    filled_quantity: decimalText,
    open_quantity: decimalText.describe('What it still holds, the larger of its own terms and those of its amends'),
    amends: z.array(z.strictObject({ amend_id: z.string(), ...terms })).describe('Amends that no venue has answered'),
    decided_at: z.iso.datetime(),
  })
  .meta({ id: 'WorkingOrder' });
export type WorkingReply = z.infer<typeof workingOrder>;

export const workingQuery = z.strictObject({ ...page, account_id: accountId });
export type WorkingQuery = z.output<typeof workingQuery>;

export const workingList = listOf(workingOrder).meta({ id: 'WorkingOrders' });
export type WorkingList = z.infer<typeof workingList>;

export const releaseInput = z.strictObject({ account_id: accountId, reason: reasonText }).meta({ id: 'ReleaseInput' });
export type ReleaseInput = z.output<typeof releaseInput>;

export const releaseReply = z
  .strictObject({ order_id: z.string(), account_id: accountId, released: z.literal(true) })
  .meta({ id: 'Release' });
export type ReleaseReply = z.infer<typeof releaseReply>;
