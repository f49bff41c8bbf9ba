import { z } from 'zod';
import { always, fieldsOf } from '../cross-field.schema.js';
import { accountId, decimal, accountId as id, senderTime, symbol } from '../wire.schema.js';
import { side } from './order.schema.js';

/** What a venue says of an order, over HTTP and on `portfolio_updates`. */

export const UPDATES_MAX = 10_000;

const updateFields = {
  order_id: id,
  account_id: accountId.optional().describe('Default: the account DEFAULT_ACCOUNT_ID'),
  status: z.enum([
    'NEW',
    'PARTIALLY_FILLED',
    'FILLED',
    'AMENDED',
    'AMEND_REJECTED',
    'CANCELLED',
    'REJECTED',
    'EXPIRED',
  ]),
  exec_id: id
    .nullish()
    .describe('Of a fill: unique per order; a fill is booked once, and one that says something else is alerted'),
  symbol: symbol.nullish().describe('Of a fill'),
  side: side.nullish().describe('Of a fill'),
  quantity: decimal({ gt: 0 }).nullish().describe('Of this fill, not the sum; of AMENDED the new total'),
  price: decimal().nullish().describe('Of a fill'),
  amend_id: id
    .nullish()
    .describe('Which amend AMENDED or AMEND_REJECTED speaks of; default: the one that fits, else the oldest'),
  timestamp: senderTime,
};

const FILL_FIELDS = ['exec_id', 'symbol', 'side', 'quantity', 'price'] as const;

/** A fill says what was filled. What another update says beside its status is of no use, and is no problem. */
function updateRules(update: unknown, context: z.core.$RefinementCtx): void {
  const fields = fieldsOf(update);
  if (fields['status'] !== 'PARTIALLY_FILLED' && fields['status'] !== 'FILLED') return;
  for (const field of FILL_FIELDS) {
    if (fields[field] != null) continue;
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `expected a value with the status ${fields['status']}`,
    });
  }
}

const orderUpdate = z.strictObject(updateFields).superRefine(updateRules, always).meta({ id: 'OrderUpdate' });

/** As it comes on `portfolio_updates`: fields it has beyond these are ignored and counted. */
export const orderUpdateMessage = z
  .object(updateFields)
  .superRefine(updateRules, always)
  .meta({ id: 'OrderUpdateMessage' });
export type OrderUpdateMessage = z.output<typeof orderUpdateMessage>;

export const orderUpdateInput = z
  .strictObject({ updates: z.array(orderUpdate).min(1).max(UPDATES_MAX) })
  .meta({ id: 'OrderUpdateInput' });
export type OrderUpdateInput = z.output<typeof orderUpdateInput>;

export const orderUpdatesTaken = z
  .strictObject({
    results: z.array(
      z.strictObject({
        index: z.int(),
        status: z
          .enum(['applied', 'duplicate', 'unexpected'])
          .describe(
            'duplicate: booked before, and not again; unexpected: nothing the book waited for; a fill is booked and an amend is held all the same',
          ),
      }),
    ),
  })
  .meta({ id: 'OrderUpdatesTaken' });
export type OrderUpdatesTaken = z.infer<typeof orderUpdatesTaken>;
