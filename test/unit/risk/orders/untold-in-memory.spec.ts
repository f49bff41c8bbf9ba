import type { AlertMessage } from '../../../../src/risk/orders/alert.schema.js';
import type { BookWrite } from '../../../../src/risk/orders/book-write.js';
import type { DecisionReply } from '../../../../src/risk/orders/decision.schema.js';
import { UntoldInMemory } from '../../../../src/risk/orders/untold-in-memory.js';

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

/** The store was asked, and knew of the writes up to this one. */
function asked(last = 0): UntoldInMemory {
  const untold = new UntoldInMemory();
  untold.begin();
  untold.leaveOut(last);
  return untold;
}

function idsOf(untold: UntoldInMemory, limit = 100): string[] {
  const { decisions, alerts } = untold.take(limit);
  return [...decisions.map(({ decision_id }) => decision_id), ...alerts.map(({ alert_id }) => alert_id)];
}

describe('what is untold', () => {
  it('is known to the store alone until it was asked', () => {
    const untold = new UntoldInMemory();
    expect(untold.add(written({ http: ['a'] }), 1)).toBe(true);
    expect(untold.isComplete).toBe(false);
    untold.begin();
    expect(untold.isComplete).toBe(true);
    expect(idsOf(untold)).toEqual([]);
  });

  it('comes in the order of the writes, about so many at a time, never a part of a write', () => {
    const untold = asked();
    untold.add(written({ http: ['a', 'b'], alerts: ['x'] }), 1);
    untold.add(written({ http: ['c'] }), 2);
    untold.add(written({ http: ['d'] }), 3);
    expect(untold.take(2)).toEqual({
      decisions: [decided('a'), decided('b')],
      alerts: [alerted('x')],
      last: 1,
      isAll: false,
    });
    expect(untold.take(2)).toMatchObject({ decisions: [decided('c'), decided('d')], last: 3, isAll: true });
  });

  it('is nothing where whoever sent the order is told by its record', () => {
    const untold = asked();
    expect(untold.add(written({ kafka: ['a'] }), 1)).toBe(false);
    // Such a write counts all the same.
    expect(untold.add(written({ http: ['b'] }), 2)).toBe(true);
    expect(idsOf(untold)).toEqual(['b']);
  });

  it('leaves out what the store told of, whether memory heard of it before or hears of it later', () => {
    const untold = new UntoldInMemory();
    untold.begin();
    untold.add(written({ http: ['a'] }), 5);
    untold.leaveOut(6);
    // The answer of this write was on its way while the store was asked.
    expect(untold.add(written({ http: ['b'] }), 6)).toBe(false);
    // The outcome of an approval is another message of the same decision.
    expect(untold.add(written({ http: ['c'], outcomes: ['a'] }), 7)).toBe(true);
    expect(idsOf(untold)).toEqual(['c', 'a']);
  });

  it('is asked of the store again after a write that memory did not hear of', () => {
    const missedLater = asked(4);
    missedLater.add(written({ http: ['a'] }), 5);
    expect(missedLater.add(written({ kafka: ['c'] }), 7)).toBe(true);
    expect(missedLater.isComplete).toBe(false);

    const missedFirst = asked(4);
    missedFirst.add(written({ http: ['b'] }), 6);
    expect(missedFirst.isComplete).toBe(false);

    const missedWhileAsking = new UntoldInMemory();
    missedWhileAsking.begin();
    missedWhileAsking.add(written({ http: ['b'] }), 6);
    missedWhileAsking.leaveOut(4);
    expect(missedWhileAsking.isComplete).toBe(false);
    expect(idsOf(missedWhileAsking)).toEqual([]);
  });

  it('is asked of the store again where a number comes twice: what it was of before was rolled back', () => {
    const untold = asked();
    untold.add(written({ http: ['a'] }), 1);
    untold.add(written({ http: ['b'] }), 1);
    expect(untold.isComplete).toBe(false);
  });

  it('is left to the store where it grows too long', () => {
    const untold = asked();
    untold.add(written({ http: Array.from({ length: 10_001 }, (_, i) => `d${i}`) }), 1);
    expect(untold.isComplete).toBe(false);
    expect(idsOf(untold)).toEqual([]);
  });
});
