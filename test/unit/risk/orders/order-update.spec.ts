import type { z } from 'zod';
import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { orderUpdateInput, orderUpdateMessage, UPDATES_MAX } from '../../../../src/risk/orders/order-update.schema.js';
import { orderUpdateOf } from '../../../../src/risk/orders/order-update-input.js';

const fill = {
  order_id: 'O1',
  account_id: 'acc_1',
  exec_id: 'E1',
  symbol: 'AAPL',
  side: 'BUY',
  quantity: '40',
  price: '98.00',
  status: 'PARTIALLY_FILLED',
  timestamp: '2026-01-05T14:30:00Z',
};
const event = { order_id: 'O1', status: 'CANCELLED', timestamp: '2026-01-05T14:30:00Z' };

function problemsOf(schema: z.ZodType, body: unknown): string[] {
  const parsed = schema.safeParse(body);
  return parsed.success ? [] : fieldProblems(parsed.error, body).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}
const read = (body: object) => orderUpdateOf(orderUpdateMessage.parse(body), 'default');

describe('an order update', () => {
  it('says of a fill what was filled', () => {
    expect(read(fill)).toEqual({
      orderId: 'O1',
      accountId: 'acc_1',
      status: 'PARTIALLY_FILLED',
      execId: 'E1',
      symbol: 'AAPL',
      side: 'BUY',
      quantity: 40_00000000n,
      price: 98_00000000n,
      timestamp: Date.UTC(2026, 0, 5, 14, 30),
    });
  });

  it('is no fill without any of its terms, all named at once', () => {
    expect(problemsOf(orderUpdateMessage, { ...event, status: 'FILLED' })).toEqual(
      ['exec_id', 'symbol', 'side', 'quantity', 'price'].map(
        (field) => `/${field}: expected a value with the status FILLED, got nothing`,
      ),
    );
    expect(problemsOf(orderUpdateMessage, { ...fill, quantity: -40 })).toEqual([
      '/quantity: expected a number > 0, got -40',
    ]);
  });

  it('of an amend may name it and its new total', () => {
    expect(read({ ...event, status: 'AMENDED', amend_id: 'A1', quantity: '150' })).toEqual({
      status: 'AMENDED',
      orderId: 'O1',
      accountId: 'default',
      amendId: 'A1',
      quantity: 150_00000000n,
      timestamp: Date.UTC(2026, 0, 5, 14, 30),
    });
    expect(read({ ...event, status: 'AMENDED' })).toMatchObject({ amendId: null, quantity: null });
  });

  it.each(['NEW', 'AMEND_REJECTED', 'CANCELLED', 'REJECTED', 'EXPIRED'])('of status %s needs no terms', (status) => {
    expect(read({ ...event, status, exec_id: null, quantity: '5' })).toMatchObject({ status, quantity: null });
  });

  it('has a time', () => {
    expect(problemsOf(orderUpdateMessage, { ...event, timestamp: undefined })[0]).toMatch(/^\/timestamp: /);
  });

  it('may have further fields on Kafka, and none over HTTP', () => {
    expect(problemsOf(orderUpdateMessage, { ...fill, venue: 'XNAS' })).toEqual([]);
    expect(
      problemsOf(orderUpdateInput, { updates: [fill, { ...fill, venue: 'XNAS' }, { ...fill, side: null }] }),
    ).toEqual([
      '/updates/1/venue: expected no field of this name, got "XNAS"',
      '/updates/2/side: expected a value with the status PARTIALLY_FILLED, got null',
    ]);
  });

  it('comes with at most ten thousand others', () => {
    const updates = (count: number) => ({ updates: Array(count).fill(event) });
    expect(problemsOf(orderUpdateInput, updates(UPDATES_MAX))).toEqual([]);
    expect(problemsOf(orderUpdateInput, updates(UPDATES_MAX + 1))).toHaveLength(1);
    expect(problemsOf(orderUpdateInput, updates(0))).toHaveLength(1);
  });
});
