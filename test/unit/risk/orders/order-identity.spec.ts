import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { NewOrder, OrderRequest } from '../../../../src/book/inputs.js';
import { orderMessage } from '../../../../src/risk/orders/order.schema.js';
import {
  contentHashOf,
  decisionIdOf,
  duplicateIdOf,
  identityOf,
  invalidIdOf,
} from '../../../../src/risk/orders/order-identity.js';
import { orderRequest } from '../../../../src/risk/orders/order-request.js';

const read = (body: object) => orderRequest(orderMessage.parse(body), { defaultAccountId: 'default', submitter: null });
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

const order: NewOrder = {
  action: 'NEW',
  orderId: 'O1',
  accountId: 'acc',
  traderId: null,
  symbol: 'AAPL',
  side: 'BUY',
  quantity: 100_00000000n,
  type: 'LIMIT',
  price: 150_25000000n,
  timeInForce: 'DAY',
  reduceOnly: false,
  timestamp: null,
  submitter: null,
};
const amend: OrderRequest = { ...order, action: 'AMEND', amendId: 'A1' };
const cancel: OrderRequest = { action: 'CANCEL', orderId: 'O1', accountId: 'acc', traderId: null, symbol: null };

describe('the content of an order', () => {
  it('is its JSON with sorted keys, canonical decimals and all defaults', () => {
    expect(contentHashOf(order)).toBe(
      sha256(
        '{"account_id":"acc","action":"NEW","amend_id":null,"order_id":"O1","order_type":"LIMIT","price":"150.25",' +
          '"quantity":"100","reduce_only":false,"side":"BUY","symbol":"AAPL","time_in_force":"DAY","trader_id":null}',
      ),
    );
  });

  it('is the same however it is written', () => {
    const spellings = fc.record({
      quantity: fc.constantFrom(100, '100', '100.00', '1e2'),
      price: fc.constantFrom(150.25, '150.250', '+150.25', '1.5025e2'),
      field: fc.constantFrom('quantity', 'volume'),
      side: fc.constantFrom({ side: 'BUY' }, { direction: 'LONG' }, {}, { side: 'BUY', direction: 'LONG' }),
      defaults: fc.subarray(
        Object.entries({
          account_id: 'default',
          order_type: 'LIMIT',
          time_in_force: 'DAY',
          reduce_only: false,
          action: 'NEW',
          trader_id: null,
          amend_id: null,
        }),
      ),
      timestamp: fc.constantFrom(undefined, '2026-01-05T14:30:00Z', '2026-01-05T15:30:01Z'),
      seed: fc.infiniteStream(fc.nat()),
    });
    const plain = contentHashOf(read({ order_id: 'O1', symbol: 'AAPL', quantity: 100, price: 150.25 }));
    fc.assert(
      fc.property(spellings, ({ quantity, price, field, side, defaults, timestamp, seed }) => {
        const body = { order_id: 'O1', symbol: 'AAPL', [field]: quantity, price, ...side, timestamp };
        const fields = [...Object.entries(body), ...defaults]
          .map((entry) => [seed.next().value, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry);
        expect(contentHashOf(read(Object.fromEntries(fields)))).toBe(plain);
      }),
    );
  });

  it('is another with any other term', () => {
    const changes: Partial<NewOrder>[] = [
      { orderId: 'O2' },
      { accountId: 'acc2' },
      { traderId: 'tom' },
      { symbol: 'MSFT' },
      { side: 'SELL' },
      { quantity: 100_00000001n },
      { price: 150_25000001n },
      { price: null, type: 'MARKET' },
      { timeInForce: 'GTC' },
      { reduceOnly: true },
    ];
    const hashes = [...changes.map((change) => ({ ...order, ...change })), order, amend, cancel].map(contentHashOf);
    expect(new Set(hashes).size).toBe(changes.length + 3);
  });

  it('differs where two orders differ', () => {
    const arbitrary = fc.record({
      symbol: fc.constantFrom('AAPL', 'MSFT'),
      quantity: fc.bigInt(1n, 10n ** 23n),
      price: fc.bigInt(-(10n ** 23n), 10n ** 23n),
      traderId: fc.constantFrom(null, 'null', 'tom'),
    });
    fc.assert(
      fc.property(arbitrary, arbitrary, (a, b) => {
        const same = Object.keys(a).every((key) => a[key as keyof typeof a] === b[key as keyof typeof b]);
        expect(contentHashOf({ ...order, ...a }) === contentHashOf({ ...order, ...b })).toBe(same);
      }),
    );
  });

  it('does not contain who sent it and when', () => {
    const sent = { ...order, timestamp: 5, submitter: 'tom' };
    expect(contentHashOf(sent)).toBe(contentHashOf(order));
  });

  it('of a cancel is its id alone, so that no cancel is refused for how it is written', () => {
    expect(contentHashOf({ ...cancel, symbol: 'AAPL', traderId: 'tom' })).toBe(contentHashOf(cancel));
    expect(contentHashOf({ ...cancel, orderId: 'O2' })).not.toBe(contentHashOf(cancel));
  });
});

describe('the id of a decision', () => {
  it('stands for account, order, action and amend, and nothing else', () => {
    expect(decisionIdOf(identityOf(order))).toBe(`dec_${sha256('acc O1 NEW ').slice(0, 22)}`);
    expect(decisionIdOf(identityOf({ ...order, quantity: 1n }))).toBe(decisionIdOf(identityOf(order)));
    const keys = [
      order,
      amend,
      { ...amend, amendId: 'A2' },
      cancel,
      { ...order, accountId: 'acc2' },
      { ...order, orderId: 'O2' },
      { ...order, accountId: 'ac', orderId: 'cO1' },
    ];
    expect(new Set(keys.map(identityOf).map(decisionIdOf)).size).toBe(keys.length);
  });

  it('of a refused duplicate belongs to the identity and the new content', () => {
    const identity = identityOf(order);
    const id = duplicateIdOf(identity, 'hash');
    expect(id).toBe(duplicateIdOf(identity, 'hash'));
    expect([
      decisionIdOf(identity),
      decisionIdOf({ ...identity, amendId: 'hash' }),
      duplicateIdOf(identity, 'other'),
      duplicateIdOf(identityOf(amend), 'hash'),
    ]).not.toContain(id);
  });

  it('of what is no order belongs to its bytes', () => {
    const bytes = Buffer.from('{"order_id":"O1"}');
    expect(invalidIdOf(bytes)).toBe(`dec_${sha256('{"order_id":"O1"}').slice(0, 22)}`);
    expect(invalidIdOf(Buffer.from('{"order_id":"O1" }'))).not.toBe(invalidIdOf(bytes));
  });
});
