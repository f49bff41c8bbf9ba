import fc from 'fast-check';
import type { z } from 'zod';
import { fieldProblems } from '../../../../src/risk/field-problems.js';
import {
  ORDERS_MAX,
  orderInput,
  orderMessage,
  orderRecord,
  ordersBatchInput,
} from '../../../../src/risk/orders/order.schema.js';

function problemsOf(schema: z.ZodType, body: unknown): string[] {
  const parsed = schema.safeParse(body);
  return parsed.success ? [] : fieldProblems(parsed.error, body).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}
const pointersOf = (schema: z.ZodType, body: unknown) => problemsOf(schema, body).map((text) => text.split(':')[0]);

const limit = { order_id: 'O1', symbol: 'AAPL', side: 'BUY', quantity: '100', price: '150' };
const withFields = (fields: object) => ({ ...limit, ...fields });

describe('an order on the wire', () => {
  it('may be the message of the old engine, as it is', () => {
    const text =
      '{"order_id":"ORDER_123","symbol":"AAPL","quantity":100,"price":150.00,"timestamp":"2026-01-05T14:30:00.123456Z"}';
    expect(orderMessage.parse(JSON.parse(text))).toEqual({
      order_id: 'ORDER_123',
      symbol: 'AAPL',
      quantity: '100',
      price: '150',
      timestamp: '2026-01-05T14:30:00.123456Z',
      action: 'NEW',
      time_in_force: 'DAY',
      reduce_only: false,
    });
  });

  it('is only looked at over HTTP unless it says RESERVE, and has no mode on Kafka', () => {
    expect(orderInput.parse(limit).mode).toBe('CHECK');
    expect(orderInput.parse(withFields({ mode: 'RESERVE' })).mode).toBe('RESERVE');
    expect(problemsOf(orderMessage, withFields({ mode: 'RESERVE' }))).toEqual([
      '/mode: expected no field of this name, got "RESERVE"',
    ]);
  });

  it('names its problem as the wire contract shows it', () => {
    const body = withFields({ quantity: -5 });
    expect(fieldProblems(orderInput.safeParse(body).error!, body)).toEqual([
      { pointer: '/quantity', code: 'too_small', detail: 'expected a number > 0, got -5' },
    ]);
  });

  it.each([
    [{ side: 'BUY', direction: 'SHORT' }, '/direction: expected "LONG" beside the side BUY, got "SHORT"'],
    [{ side: 'SELL', direction: 'LONG' }, '/direction: expected "SHORT" beside the side SELL, got "LONG"'],
    [{ volume: '50' }, '/volume: expected the same as the quantity, 100, got "50"'],
    [{ quantity: '0' }, '/quantity: expected a number > 0, got "0"'],
    [{ quantity: undefined, volume: '-1' }, '/volume: expected a number > 0, got "-1"'],
    [{ side: undefined, quantity: '0.00' }, '/quantity: expected a number other than 0, got "0.00"'],
    [{ quantity: undefined }, '/quantity: expected a quantity unless the action is CANCEL, got nothing'],
    [{ symbol: undefined }, '/symbol: expected a symbol unless the action is CANCEL, got nothing'],
    [{ order_type: 'MARKET' }, '/price: expected no price with the order type MARKET, got "150"'],
    [{ order_type: 'LIMIT', price: undefined }, '/price: expected a price with the order type LIMIT, got nothing'],
    [{ action: 'AMEND' }, '/amend_id: expected an id of the amend with the action AMEND, got nothing'],
    [{ amend_id: 'A1' }, '/amend_id: expected no amend_id unless the action is AMEND, got "A1"'],
    [{ action: 'CANCEL', amend_id: 'A1' }, '/amend_id: expected no amend_id unless the action is AMEND, got "A1"'],
  ])('does not contradict itself: %j', (fields, problem) => {
    expect(problemsOf(orderMessage, withFields(fields))).toEqual([problem]);
  });

  it('says the same twice where it wants to', () => {
    expect(problemsOf(orderMessage, withFields({ direction: 'LONG', volume: 100.0 }))).toEqual([]);
    expect(problemsOf(orderMessage, withFields({ side: 'SELL', direction: 'SHORT', volume: '1e2' }))).toEqual([]);
  });

  it('has all of its problems reported at once, wrong fields and contradictions', () => {
    const body = {
      order_id: 'O 1',
      symbol: 'AAPL',
      side: 'BUY',
      direction: 'SHORT',
      quantity: '-1',
      volume: '5',
      order_type: 'MARKET',
      price: '150',
      amend_id: 'A1',
      timestamp: 'now',
      reduce_only: 'no',
      colour: 'red',
    };
    expect(pointersOf(orderMessage, body).sort()).toEqual(
      [
        '/amend_id',
        '/colour',
        '/direction',
        '/order_id',
        '/price',
        '/quantity',
        '/reduce_only',
        '/timestamp',
        '/volume',
      ].sort(),
    );
  });

  it('is not told twice of one wrong field', () => {
    for (const quantity of [true, 'many', '1'.repeat(16), '0.123456789', Number.NaN]) {
      expect(pointersOf(orderMessage, withFields({ quantity }))).toEqual(['/quantity']);
    }
    expect(pointersOf(orderMessage, withFields({ order_type: 'LIMIT', price: 'high' }))).toEqual(['/price']);
    expect(pointersOf(orderMessage, withFields({ action: 'WITHDRAW' }))).toEqual(['/action']);
  });

  it.each(['', 'a b', 'x'.repeat(65), 'a\u0000', 'a\nb', '\u001b[0m', 'Ü1'])('has no id such as %j', (text) => {
    expect(pointersOf(orderMessage, withFields({ order_id: text }))).toEqual(['/order_id']);
    expect(pointersOf(orderMessage, withFields({ account_id: text }))).toEqual(['/account_id']);
    expect(pointersOf(orderMessage, withFields({ trader_id: text }))).toEqual(['/trader_id']);
    expect(pointersOf(orderMessage, withFields({ action: 'AMEND', amend_id: text }))).toEqual(['/amend_id']);
  });

  it('was sent since 1970, in a time that has an end', () => {
    const at = (timestamp: string) => pointersOf(orderMessage, withFields({ timestamp }));
    expect(at('1970-01-01T00:00:00Z')).toEqual([]);
    expect(at('1969-12-31T23:59:59Z')).toEqual(['/timestamp']);
    expect(at('1970-01-01T01:00:00+02:00')).toEqual(['/timestamp']);
    expect(at('2026-01-05T14:30:00.123456789+01:00')).toEqual([]);
    expect(at(`2026-01-05T14:30:00.${'1'.repeat(30)}Z`)).toEqual(['/timestamp']);
    expect(at('2026-01-05')).toEqual(['/timestamp']);
  });

  it('is of UTC where its time names no zone, as an engine in Python writes it', () => {
    const { timestamp } = orderMessage.parse(withFields({ timestamp: '2026-01-05T14:30:00.123456' }));
    expect(timestamp).toBe('2026-01-05T14:30:00.123456Z');
  });

  it('may say null for what it does not have, but not for whose it is', () => {
    const nothing = { price: null, trader_id: null, amend_id: null, timestamp: null };
    expect(problemsOf(orderMessage, withFields(nothing))).toEqual([]);
    // The default account must not get the orders of an account that somebody forgot to fill in.
    expect(pointersOf(orderMessage, withFields({ account_id: null }))).toEqual(['/account_id']);
  });

  it('may be a cancel of nothing but its id, and is not refused for terms that it does not use', () => {
    expect(problemsOf(orderMessage, { order_id: 'O1', action: 'CANCEL' })).toEqual([]);
    const contradictory = { side: 'BUY', direction: 'SHORT', quantity: -5, order_type: 'MARKET', price: 5 };
    expect(problemsOf(orderMessage, { order_id: 'O1', action: 'CANCEL', ...contradictory })).toEqual([]);
    expect(pointersOf(orderMessage, { order_id: 'O1', action: 'CANCEL', quantity: 'many' })).toEqual(['/quantity']);
  });

  it('never makes the schema throw, whatever it is', () => {
    const field = fc.constantFrom(...Object.keys(orderInput.shape));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(field, fc.anything())), (body) => {
        orderMessage.safeParse(body);
        orderInput.safeParse(body);
      }),
    );
  });
});

describe('orders of a batch', () => {
  it('are named by their place, all problems at once', () => {
    const orders = [limit, withFields({ quantity: 0 }), withFields({ mode: 'CHECK' }), { order_id: 'O4' }];
    expect(pointersOf(ordersBatchInput, { mode: 'RESERVE', orders })).toEqual([
      '/orders/1/quantity',
      '/orders/2/mode',
      '/orders/3/symbol',
      '/orders/3/quantity',
    ]);
  });

  it('are one to five hundred', () => {
    expect(pointersOf(ordersBatchInput, { orders: [] })).toEqual(['/orders']);
    expect(ordersBatchInput.parse({ orders: Array(ORDERS_MAX).fill(limit) }).mode).toBe('CHECK');
    expect(pointersOf(ordersBatchInput, { orders: Array(ORDERS_MAX + 1).fill(limit) })).toEqual(['/orders']);
  });
});

describe('a record on trade_orders', () => {
  it('gets a decision where it is an object with an order_id that is text, whatever else', () => {
    expect(orderRecord.safeParse({ order_id: 'O1', quantity: 'many' }).success).toBe(true);
    for (const value of [null, 'O1', 5, [], [{ order_id: 'O1' }], {}, { order_id: 5 }, { id: 'O1' }]) {
      expect(orderRecord.safeParse(value).success).toBe(false);
    }
  });
});
