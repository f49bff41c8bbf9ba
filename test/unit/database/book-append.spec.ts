import fc from 'fast-check';
import { scaled } from '../../../src/book/amount.js';
import type { OrderRequest } from '../../../src/book/inputs.js';
import { appendStatement, insertedValues, onlyInserts } from '../../../src/database/book-append.js';
import { queryOf } from '../../../src/database/database.js';
import type { AlertMessage } from '../../../src/risk/orders/alert.schema.js';
import { BookWriteBuilder } from '../../../src/risk/orders/book-write.js';
import { duplicateIdReply } from '../../../src/risk/orders/refusal-reply.js';

const order = { orderId: 'o1', accountId: 'acc', traderId: null, symbol: 'AAA' };
const fill = {
  ...order,
  execId: 'x1',
  side: 'BUY',
  quantity: scaled('5'),
  price: scaled('9.5'),
  timestamp: 7,
} as const;
const alert = { alert_id: 'alt_1', code: 'LATCH', severity: 'HIGH', account_id: 'acc', created_at: 'now' };

const requests = fc.record({
  action: fc.constantFrom('NEW', 'AMEND', 'CANCEL'),
  price: fc.option(fc.constantFrom(scaled('9.5'), scaled('10'))),
  traderId: fc.option(fc.constant('t1')),
  submitter: fc.option(fc.constantFrom('a "person"', 'another')),
});

const writes = fc
  .record({ sent: fc.array(requests, { maxLength: 3 }), fills: fc.nat(2), alerts: fc.nat(2), published: fc.boolean() })
  .map(({ sent, fills, alerts, published }) => {
    const write = new BookWriteBuilder();
    sent.forEach((terms, i) => {
      const request = { ...order, quantity: scaled('5'), side: 'BUY', amendId: 'a1', ...terms } as OrderRequest;
      const identity = { ...order, action: request.action, amendId: null };
      const ids = { decisionId: `dec_${i}`, firstDecisionId: 'dec_first' };
      const reply = duplicateIdReply({ identity, ...ids, mode: 'RESERVE', now: i });
      write.addDecision({ reply, contentHash: `hash${i}`, request, ofOrder: false, published });
    });
    for (let i = 0; i < fills; i++) {
      const filled = {
        fill: { ...fill, status: 'FILLED' as const },
        movedPosition: true,
        filled: fill.quantity,
        at: 8,
      };
      write.addEffect({ kind: 'EXECUTION', ...filled });
    }
    for (let i = 0; i < alerts; i++) write.addAlert(alert as AlertMessage);
    return write;
  });
const stamps = fc.record({ epoch: fc.nat(), eventTime: fc.nat(), session: fc.option(fc.nat()) });

describe('the values of a write that only inserts', () => {
  it('are those of its statement, in their order', () => {
    fc.assert(
      fc.property(writes, stamps, (write, stamp) => {
        expect(onlyInserts(write)).toBe(true);
        expect(insertedValues(write, stamp).values).toEqual(queryOf(appendStatement(write, stamp)).params);
      }),
    );
  });

  it('come with one shape where the statement has one text', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(writes, stamps, (write, stamp) => {
        const { sql } = queryOf(appendStatement(write, stamp));
        const { shape } = insertedValues(write, stamp);
        expect(seen.get(shape) ?? sql).toBe(sql);
        seen.set(shape, sql);
      }),
    );
    expect(new Set(seen.values()).size).toBe(seen.size);
    expect(seen.size).toBeGreaterThan(10);
  });
});
