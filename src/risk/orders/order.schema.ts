import { z } from 'zod';
import { always, fieldsOf } from '../cross-field.schema.js';
import { accountId, decimal, accountId as id, senderTime, symbol } from '../wire.schema.js';

/** An order as it comes in, over HTTP and on `trade_orders`; what the old engine sends is one too. */

export const ORDERS_MAX = 500;

export const side = z.enum(['BUY', 'SELL']);

const orderFields = {
  order_id: id.describe('Unique per account and action; the same order again gets the same decision'),
  account_id: accountId.optional().describe('Default: the account DEFAULT_ACCOUNT_ID'),
  trader_id: id.nullish(),
  symbol: symbol.optional().describe('Required unless the action is CANCEL'),
  side: side.optional().describe('Without side and direction the sign of the quantity is the side'),
  direction: z.enum(['LONG', 'SHORT']).optional().describe('LONG is BUY, SHORT is SELL'),
  quantity: decimal()
    .optional()
    .describe('Of an AMEND the new total, filled part included. Above 0 where a side or direction is given'),
  volume: decimal().optional().describe('The same as quantity'),
  order_type: z.enum(['LIMIT', 'MARKET']).optional().describe('Default: LIMIT where a price is given, else MARKET'),
  price: decimal().nullish().describe('Of a LIMIT order'),
  time_in_force: z.enum(['DAY', 'GTC']).default('DAY'),
  reduce_only: z.boolean().default(false),
  action: z.enum(['NEW', 'AMEND', 'CANCEL']).default('NEW').describe('CANCEL needs order_id and account_id only'),
  amend_id: id.nullish().describe('Required for AMEND, and for nothing else'),
  timestamp: senderTime.nullish().describe('When it was sent; too old a new order is refused'),
};

/** The order on `trade_orders`; there it always reserves. */
export const orderMessage = z.strictObject(orderFields).superRefine(orderRules, always).meta({ id: 'OrderMessage' });
export type OrderMessage = z.output<typeof orderMessage>;

/** What names an order, whatever else is wrong with it: it gets a decision. Anything else is a dead letter. */
export const orderRecord = z.custom<Readonly<Record<string, unknown>> & { order_id: string }>(
  (value) => !Array.isArray(value) && typeof fieldsOf(value)['order_id'] === 'string',
  { error: 'expected an object with an order_id that is text' },
);

const mode = z
  .enum(['CHECK', 'RESERVE'])
  .default('CHECK')
  .describe('CHECK answers and changes nothing; RESERVE binds: what is accepted holds its part of the limits');

export const orderInput = z
  .strictObject({ ...orderFields, mode })
  .superRefine(orderRules, always)
  .meta({ id: 'OrderInput' });
export type OrderInput = z.output<typeof orderInput>;

/** Decided in sequence, each on its own. */
export const ordersBatchInput = z
  .strictObject({ mode, orders: z.array(orderMessage).min(1).max(ORDERS_MAX) })
  .meta({ id: 'OrdersBatchInput' });
export type OrdersBatchInput = z.output<typeof ordersBatchInput>;

/** What the fields of an order say together. A cancel is not refused for terms that it does not use. */
function orderRules(order: unknown, context: z.core.$RefinementCtx): void {
  const fields = fieldsOf(order);
  const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (fields['action'] === 'AMEND') {
    if (fields['amend_id'] == null) problem('amend_id', 'expected an id of the amend with the action AMEND');
  } else if (fields['amend_id'] != null) problem('amend_id', 'expected no amend_id unless the action is AMEND');
  if (fields['action'] === 'CANCEL') return;
  if (fields['symbol'] === undefined) problem('symbol', 'expected a symbol unless the action is CANCEL');
  sideRule(fields, problem);
  quantityRule(fields, context);
  priceRule(fields, problem);
}

type Fields = Record<string, unknown>;
type Problem = (field: string, message: string) => void;

function sideRule({ side, direction }: Fields, problem: Problem): void {
  if (side === undefined || direction === undefined) return;
  if (side === 'BUY' && direction === 'SHORT') problem('direction', 'expected "LONG" beside the side BUY');
  if (side === 'SELL' && direction === 'LONG') problem('direction', 'expected "SHORT" beside the side SELL');
}

/** A decimal that is wrong in itself is no text any more, and has its problem already. */
function quantityRule({ quantity, volume, side, direction }: Fields, context: z.core.$RefinementCtx): void {
  const field = quantity === undefined ? 'volume' : 'quantity';
  const given = quantity ?? volume;
  if (given === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['quantity'],
      message: 'expected a quantity unless the action is CANCEL',
    });
    return;
  }
  if (typeof given === 'string' && typeof volume === 'string' && given !== volume) {
    context.addIssue({ code: 'custom', path: ['volume'], message: `expected the same as the quantity, ${given}` });
  }
  if (typeof given !== 'string') return;
  if (side === undefined && direction === undefined) {
    if (given === '0') context.addIssue({ code: 'custom', path: [field], message: 'expected a number other than 0' });
  } else if (given === '0' || given.startsWith('-')) {
    context.addIssue({
      code: 'too_small',
      origin: 'number',
      minimum: 0,
      inclusive: false,
      path: [field],
      input: given,
    });
  }
}

function priceRule({ order_type, price }: Fields, problem: Problem): void {
  if (order_type === 'MARKET' && price != null) problem('price', 'expected no price with the order type MARKET');
  if (order_type === 'LIMIT' && price == null) problem('price', 'expected a price with the order type LIMIT');
}
