import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { decisionSchema } from '../../../../src/risk/orders/decision.schema.js';
import { orderMessage } from '../../../../src/risk/orders/order.schema.js';
import { duplicateIdReply, orderInvalidReply } from '../../../../src/risk/orders/refusal-reply.js';

const NOW = Date.UTC(2026, 0, 5, 12);

function invalid(value: Record<string, unknown>) {
  const { error } = orderMessage.safeParse(value);
  const problems = fieldProblems(error!, value);
  return orderInvalidReply({ value, problems, decisionId: 'dec_1', defaultAccountId: 'default', now: NOW });
}

describe('the refusal of a used id', () => {
  it('is a rejection of its own that names the first decision', () => {
    const identity = { accountId: 'acc', orderId: 'O1', action: 'AMEND', amendId: 'A1' } as const;
    const reply = duplicateIdReply({
      identity,
      decisionId: 'dec_2',
      firstDecisionId: 'dec_1',
      mode: 'RESERVE',
      now: NOW,
    });
    expect(decisionSchema.parse(reply)).toMatchObject({
      decision_id: 'dec_2',
      order_id: 'O1',
      account_id: 'acc',
      action: 'AMEND',
      amend_id: 'A1',
      allow_order: false,
      decision: 'REJECT',
      replayed: false,
      timestamp: '2026-01-05T12:00:00.000Z',
      reasons: [
        {
          code: 'DUPLICATE_ID',
          severity: 'HARD',
          fix_reason: 6,
          message: 'the order id is used already: amend A1 of it came before with other content, see decision dec_1',
        },
      ],
    });
  });
});

describe('the refusal of what is no order', () => {
  it('names all of its problems', () => {
    const reply = invalid({
      order_id: 'O1',
      account_id: 'acc',
      symbol: 'AAPL',
      side: 'BUY',
      quantity: -5,
      colour: 'red',
    });
    expect(decisionSchema.parse(reply)).toMatchObject({
      order_id: 'O1',
      account_id: 'acc',
      mode: 'RESERVE',
      decision: 'REJECT',
      allow_order: false,
      checks: null,
      reasons: [
        {
          code: 'ORDER_INVALID',
          fix_reason: 99,
          message:
            'the order is not valid: /colour expected no field of this name, got "red"; /quantity expected a number > 0, got -5',
        },
      ],
    });
  });

  it('says whose it is as far as that can be read', () => {
    expect(invalid({ order_id: 'O1' })).toMatchObject({ account_id: 'default', action: 'NEW' });
    expect(invalid({ order_id: 'O1', account_id: 5, action: 'AMEND', amend_id: 'A1' })).toMatchObject({
      account_id: '',
      action: 'AMEND',
      amend_id: 'A1',
    });
    expect(invalid({ order_id: 'O1', account_id: 'a b', action: {} })).toMatchObject({ account_id: '', action: 'NEW' });
  });

  it('stays small and printable, whatever was sent', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`field_${i}_${'x'.repeat(50)}`, '\u0000'.repeat(90)]),
    );
    const reply = invalid({ ...fields, order_id: `O\u0000\u001b[31m\ud83d${'9'.repeat(100)}` });
    expect(JSON.stringify(decisionSchema.parse(reply)).length).toBeLessThan(2000);
    expect(reply.order_id).toMatch(/^O\[31m9+$/);
    expect(reply.order_id + reply.reasons[0]!.message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });

  it('counts the problems that it does not name', () => {
    const reply = invalid({ order_id: 'O1', symbol: 'A', quantity: 1, a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });
    expect(reply.reasons[0]!.message).toMatch(/\/e expected .*; and 2 more$/);
  });
});
