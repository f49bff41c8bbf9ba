import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOutcome, Messaging, OutgoingMessage } from '../../../../src/messaging/ports.js';
import type { AlertMessage } from '../../../../src/risk/orders/alert.schema.js';
import type { BookWrite } from '../../../../src/risk/orders/book-write.js';
import type { DecisionReply } from '../../../../src/risk/orders/decision.schema.js';
import { Outbox } from '../../../../src/risk/orders/outbox.service.js';
import type { BookStore, LiveBook, Ownership, Untold } from '../../../../src/risk/orders/ports.js';

const WAIT_MS_MAX = 5_000;

/** Writes with one decision each, of which it knows how far they were told. */
class FakeStore {
  writes = 0;
  told = 0;
  isAway = false;
  readonly asked: number[] = [];

  async untold(limit: number): Promise<Untold> {
    if (this.isAway) throw new Error('away');
    this.asked.push(this.told);
    const last = Math.min(this.told + limit, this.writes);
    const decisions = Array.from({ length: last - this.told }, (_, i) => decided(this.told + i + 1));
    return { decisions, alerts: [], last, isAll: last === this.writes };
  }

  async markTold(last: number): Promise<void> {
    if (this.isAway) throw new Error('away');
    this.told = Math.max(this.told, last);
  }
}

const decided = (number: number) =>
  ({ decision_id: `d${number}`, order_id: `o${number}`, revision: 1 }) as DecisionReply;

function start(store = new FakeStore()) {
  const sent: string[] = [];
  const refused = new Set<string>();
  let written: (write: BookWrite, number: number) => void = () => undefined;
  const messaging = {
    async sendBatch(_topic: string, messages: readonly OutgoingMessage[]): Promise<BatchOutcome> {
      const failures = messages.flatMap(({ key }, index) =>
        refused.has(key!) ? [{ index, code: 'broker_unavailable' as const, detail: 'away' }] : [],
      );
      for (const { key } of messages) if (!refused.has(key!)) sent.push(key!);
      return { success: messages.length - failures.length, failed: failures.length, failures };
    },
  } as Messaging;
  const ownership = { epoch: 1 } as { epoch: number | null };
  const book = { onWritten: (listener) => (written = listener) } as Pick<LiveBook, 'onWritten'>;
  const outbox = new Outbox(store as unknown as BookStore, messaging, ownership as Ownership, book as LiveBook);
  outboxes.push(outbox);
  /** One more write; with an alert, where it has an id. `isHeard`: its answer came. */
  const write = ({ isHeard = true, alert }: { isHeard?: boolean; alert?: string } = {}) => {
    const number = ++store.writes;
    const alerts = alert === undefined ? [] : [{ alert_id: alert } as AlertMessage];
    const decisions = [{ record: { reply: decided(number), published: false }, status: null }];
    if (isHeard) written({ decisions, revisions: [], alerts } as unknown as BookWrite, number);
  };
  return { outbox, store, sent, refused, ownership, write };
}

const outboxes: Outbox[] = [];
afterEach(() => Promise.all(outboxes.splice(0).map((outbox) => outbox.onApplicationShutdown())));

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await sleep(5);
  }
}

describe('the outbox', () => {
  it('tells what the store knows, then what memory hears of, once, and marks how far it is', async () => {
    const { outbox, store, sent, write } = start();
    write({ isHeard: false });
    write({ isHeard: false });
    outbox.wake();
    await until(() => store.told === 2);
    write({ alert: 'alt_1' });
    await until(() => store.told === 3);
    write();
    await until(() => store.told === 4);
    expect(sent).toEqual(['o1', 'o2', 'o3', 'alt_1', 'o4']);
    expect(store.asked).toEqual([0]);
  });

  it('tells of a write whose answer was lost, once the next one shows that it is missing', async () => {
    const { outbox, store, sent, write } = start();
    outbox.wake();
    write();
    await until(() => store.told === 1);
    write({ isHeard: false });
    write();
    await until(() => store.told === 3);
    expect(sent).toEqual(['o1', 'o2', 'o3']);
  });

  it('counts nothing as told before all of it is acknowledged, and sends only the rest again', async () => {
    const { outbox, store, sent, refused, write } = start();
    for (let i = 0; i < 3; i++) write({ isHeard: false });
    refused.add('o2');
    outbox.wake();
    await until(() => sent.length === 2);
    await sleep(20);
    expect(store.told).toBe(0);
    refused.clear();
    await until(() => store.told === 3);
    expect(sent).toEqual(['o1', 'o3', 'o2']);
  });

  it('tells again after a crash before it was marked', async () => {
    const first = start();
    first.write({ isHeard: false });
    first.store.markTold = async () => {
      throw new Error('killed');
    };
    first.outbox.wake();
    await until(() => first.sent.length === 1);
    first.ownership.epoch = null;

    const successor = new FakeStore();
    successor.writes = first.store.writes;
    const second = start(successor);
    second.outbox.wake();
    await until(() => successor.told === 1);
    expect(second.sent).toEqual(['o1']);
  });

  it('marks what was sent while the store was away, without sending it again', async () => {
    const { outbox, store, sent, write } = start();
    outbox.wake();
    await until(() => store.asked.length === 1);
    store.isAway = true;
    write();
    await until(() => sent.length === 1);
    await sleep(20);
    store.isAway = false;
    await until(() => store.told === 1);
    expect(sent).toEqual(['o1']);
  });
});
