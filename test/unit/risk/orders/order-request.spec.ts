import fc from 'fast-check';
import { scaledText } from '../../../../src/book/amount.js';
import type { CheckedOrder } from '../../../../src/book/inputs.js';
import { type OrderMessage, orderMessage } from '../../../../src/risk/orders/order.schema.js';
import { orderRequest } from '../../../../src/risk/orders/order-request.js';

const sender = { defaultAccountId: 'default', submitter: null };
const read = (body: object) => orderRequest(orderMessage.parse(body), sender);
const terms = (body: object) => read({ order_id: 'O1', symbol: 'AAPL', ...body }) as CheckedOrder;

describe('an order for the book', () => {
  it('is made of the message of the old engine: a limit order of the default account that buys', () => {
    const body = {
      order_id: 'ORDER_123',
      symbol: 'AAPL',
      quantity: 100,
      price: 150.0,
      timestamp: '2026-01-05T14:30:00Z',
    };
    expect(read(body)).toEqual({
      action: 'NEW',
      orderId: 'ORDER_123',
      accountId: 'default',
      traderId: null,
      symbol: 'AAPL',
      side: 'BUY',
      quantity: 100_00000000n,
      type: 'LIMIT',
      price: 150_00000000n,
      timeInForce: 'DAY',
      reduceOnly: false,
      timestamp: Date.UTC(2026, 0, 5, 14, 30),
      submitter: null,
    });
  });

  it.each([
    [{ quantity: 100 }, 'BUY'],
    [{ quantity: -100 }, 'SELL'],
    [{ volume: '-100' }, 'SELL'],
    [{ quantity: 100, direction: 'LONG' }, 'BUY'],
    [{ volume: 100, direction: 'SHORT' }, 'SELL'],
    [{ quantity: 100, side: 'SELL' }, 'SELL'],
  ])('has the side that %j says, and a quantity without sign', (body, side) => {
    expect(terms(body)).toMatchObject({ side, quantity: 100_00000000n });
  });

  it('is a market order where it gives no price', () => {
    expect(terms({ quantity: 1 })).toMatchObject({ type: 'MARKET', price: null });
    expect(terms({ quantity: 1, order_type: 'MARKET', price: null })).toMatchObject({ type: 'MARKET', price: null });
    expect(terms({ quantity: 1, order_type: 'LIMIT', price: '-37.63' })).toMatchObject({
      type: 'LIMIT',
      price: -37_63000000n,
    });
    expect(terms({ quantity: 1, price: 0 })).toMatchObject({ type: 'LIMIT', price: 0n });
  });

  it('keeps everything else that was said', () => {
    const said = {
      account_id: 'acc_1',
      trader_id: 'tom',
      quantity: '0.5',
      time_in_force: 'GTC',
      reduce_only: true,
      action: 'AMEND',
      amend_id: 'A1',
    };
    const order = orderRequest(orderMessage.parse({ order_id: 'O1', symbol: 'AAPL', ...said }), {
      defaultAccountId: 'default',
      submitter: 'desk.head',
    });
    expect(order).toMatchObject({
      action: 'AMEND',
      amendId: 'A1',
      accountId: 'acc_1',
      traderId: 'tom',
      quantity: 50000000n,
      timeInForce: 'GTC',
      reduceOnly: true,
      timestamp: null,
      submitter: 'desk.head',
    });
  });

  it('is a cancel by its id alone', () => {
    expect(read({ order_id: 'O1', action: 'CANCEL' })).toEqual({
      action: 'CANCEL',
      orderId: 'O1',
      accountId: 'default',
      traderId: null,
      symbol: null,
    });
  });

  it('has exactly the quantity and price that were sent', () => {
    const digits = fc.tuple(fc.bigInt(0n, 10n ** 15n - 1n), fc.bigInt(0n, 10n ** 8n - 1n));
    const decimal = digits.map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`);
    const canonical = (text: string) => text.replace(/\.?0+$/, '') || '0';
    fc.assert(
      fc.property(
        decimal.filter((text) => !/^[0.]+$/.test(text)),
        decimal,
        fc.boolean(),
        (quantity, price, sells) => {
          const order = terms({ quantity: sells ? `-${quantity}` : quantity, price: sells ? `-${price}` : price });
          expect(scaledText(order.quantity)).toBe(canonical(quantity));
          const text = canonical(price);
          expect(scaledText(order.price!)).toBe(sells && text !== '0' ? `-${text}` : text);
        },
      ),
    );
  });

  it('is whatever the schema lets through', () => {
    const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const body = fc.record({
      order_id: fc.constantFrom('O1', 'O 1'),
      symbol: some(fc.constant('AAPL')),
      side: some(fc.constantFrom('BUY', 'SELL')),
      direction: some(fc.constantFrom('LONG', 'SHORT')),
      quantity: some(fc.constantFrom(5, '-5', 0)),
      volume: some(fc.constantFrom('5.0', -5)),
      order_type: some(fc.constantFrom('LIMIT', 'MARKET')),
      price: some(fc.constantFrom(1, null)),
      action: some(fc.constantFrom('NEW', 'AMEND', 'CANCEL')),
      amend_id: some(fc.constantFrom('A1', null)),
    });
    let taken = 0;
    fc.assert(
      fc.property(body, (wire) => {
        const parsed = orderMessage.safeParse(wire);
        if (!parsed.success) return;
        const order = orderRequest(parsed.data as OrderMessage, sender);
        if (order.action === 'CANCEL') return;
        taken++;
        expect(order.quantity).toBe(5_00000000n);
        expect(order.type === 'LIMIT').toBe(order.price !== null);
        const buys = wire.side ? wire.side === 'BUY' : wire.direction ? wire.direction === 'LONG' : undefined;
        if (buys !== undefined) expect(order.side).toBe(buys ? 'BUY' : 'SELL');
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
