import type { AlertMessage } from '../../../../src/risk/orders/alert.schema.js';
import type { BookWrite } from '../../../../src/risk/orders/book-write.js';
import type { DecisionReply } from '../../../../src/risk/orders/decision.schema.js';
import { Untold } from '../../../../src/risk/orders/untold.js';

const decided = (id: string, revision = 1) => ({ decision_id: id, revision }) as DecisionReply;
const alerted = (id: string) => ({ alert_id: id }) as AlertMessage;

/** A write of decisions, those of Kafka told by whoever sent them, of outcomes of approvals and of alerts. */
function written({
  http = [] as string[],
  kafka = [] as string[],
  outcomes = [] as string[],
  alerts = [] as string[],
}) {
  const record = (id: string, published: boolean) => ({ record: { reply: decided(id), published }, status: null });
  return {
    decisions: [...http.map((id) => record(id, false)), ...kafka.map((id) => record(id, true))],
    revisions: outcomes.map((id) => decided(id, 2)),
    alerts: alerts.map(alerted),
  } as unknown as BookWrite;
}

function asked(): Untold {
  const untold = new Untold();
  untold.begin();
  return untold;
}

const ids = (untold: Untold, limit = 100) => {
  const { decisions, alerts } = untold.take(limit);
  return [...decisions.map(({ decision_id }) => decision_id), ...alerts.map(({ alert_id }) => alert_id)];
};

describe('what is untold', () => {
  it('is known to the store alone until it was asked', () => {
    const untold = new Untold();
    expect(untold.add(written({ http: ['a'] }))).toBe(true);
    expect(untold.isComplete).toBe(false);
    untold.begin();
    expect(untold.isComplete).toBe(true);
    expect(ids(untold)).toEqual([]);
  });

  it('comes in the order of the writes, so many at a time', () => {
    const untold = asked();
    untold.add(written({ http: ['a', 'b'], alerts: ['x'] }));
    untold.add(written({ http: ['c'] }));
    expect(ids(untold, 2)).toEqual(['a', 'b', 'x']);
    expect(ids(untold, 2)).toEqual(['c']);
  });

  it('is nothing where whoever sent the order is told by its record', () => {
    expect(asked().add(written({ kafka: ['a'] }))).toBe(false);
  });

  it('leaves out what the store named, whether memory heard of it before or hears of it later', () => {
    const untold = asked();
    untold.add(written({ http: ['a', 'b'], alerts: ['x'] }));
    untold.leaveOut({ decisions: [decided('a'), decided('c')], alerts: [alerted('x')] });
    untold.add(written({ http: ['c', 'd'] }));
    // The outcome of an approval is another message of the same decision.
    untold.add(written({ outcomes: ['a'] }));
    expect(ids(untold)).toEqual(['b', 'd', 'a']);
  });

  it('is left to the store where it grows too long', () => {
    const untold = asked();
    untold.add(written({ http: Array.from({ length: 10_001 }, (_, i) => `d${i}`) }));
    expect(untold.isComplete).toBe(false);
    expect(ids(untold)).toEqual([]);
  });
});
