import { setTimeout as sleep } from 'node:timers/promises';
import type { SendOutcome } from '../../../src/messaging/driver.js';
import { EmbeddedDriver } from '../../../src/messaging/embedded/embedded-driver.js';
import type { EmbeddedLimits } from '../../../src/messaging/embedded/limits.js';
import type { TopicSpec } from '../../../src/messaging/topic.js';

const TOPIC = 'orders';

const numbered = (from: number, to: number, bytes = 0) =>
  Array.from({ length: to - from }, (_, i) => ({
    key: null,
    value: Buffer.from(String(from + i).padEnd(bytes)),
    headers: {},
    partition: 0,
  }));

const offsets = (outcomes: readonly SendOutcome[]) => outcomes.map((outcome) => (outcome.sent ? outcome.offset : -1));

/** A group that commits as many records as it is told to. */
function openGate(driver: EmbeddedDriver, group = 'gated') {
  let open = 0;
  let seen = 0;
  const member = driver.subscribe({
    group,
    topics: [TOPIC],
    onBatch: async ({ records }) => {
      seen = Math.max(seen, records.at(-1)!.offset + 1);
      return { nextOffset: Math.min(open, records.at(-1)!.offset + 1), retryInMs: 1 };
    },
  });
  const openUpTo = (offset: number) => {
    open = offset;
  };
  return { member, seen: () => seen, openUpTo };
}

describe('the bounds of the embedded driver', () => {
  let driver: EmbeddedDriver;
  const start = (limits: Partial<EmbeddedLimits>, spec: Partial<TopicSpec> = {}) => {
    driver = new EmbeddedDriver({ log: () => undefined, warn: () => undefined }, limits);
    driver.start([{ name: TOPIC, partitions: 1, ...spec }]);
    return driver;
  };
  afterEach(() => driver.stop(1_000));

  const oldestKept = async () => (await driver.last(TOPIC, 1_000_000))!.at(-1)?.offset;
  /** Whether a call of `send` has its outcomes, after the event loop had its turns. */
  const settled = async (call: Promise<unknown>) => {
    let isSettled = false;
    void call.then(() => {
      isSettled = true;
    });
    await sleep(30);
    return isSettled;
  };

  it('keeps the newest records of a topic that nobody reads, and makes no sender wait', async () => {
    start({ keptRecords: 100, waitingRecords: 100 });
    await driver.send(TOPIC, numbered(0, 5_000));
    expect(await oldestKept()).toBe(4_900);
    expect(await driver.at({ topic: TOPIC, partition: 0, offset: 4_899 })).toBeUndefined();
    expect(await driver.at({ topic: TOPIC, partition: 0, offset: 4_900 })).toMatchObject({
      value: Buffer.from('4900'),
    });
    expect((await driver.last(TOPIC, 2))!.map(({ offset }) => offset)).toEqual([4_999, 4_998]);
    expect(await driver.lag('nobody', [TOPIC])).toEqual([
      { topic: TOPIC, partition: 0, committedOffset: 4_900, endOffset: 5_000, lag: 100 },
    ]);
  });

  it('drops nothing that a group has not committed: the sender waits, in order, until there is room', async () => {
    start({ keptRecords: 5, waitingRecords: 100 });
    const { member, openUpTo } = openGate(driver);
    const first = driver.send(TOPIC, numbered(0, 130));
    const second = driver.send(TOPIC, numbered(130, 140));
    expect(await settled(Promise.race([first, second]))).toBe(false);
    expect(await oldestKept()).toBe(0);
    openUpTo(35);
    expect(offsets(await first)).toEqual(Array.from({ length: 130 }, (_, i) => i));
    expect(await settled(second)).toBe(false);
    openUpTo(140);
    expect(offsets(await second)).toEqual(Array.from({ length: 10 }, (_, i) => 130 + i));
    const last = (await driver.last(TOPIC, 200))!;
    expect(last.every(({ offset, value }) => String(value) === String(offset))).toBe(true);
    await member.close();
  });

  it('lets no small record overtake a large one that waits', async () => {
    start({ waitingBytes: 10_000 });
    const { openUpTo } = openGate(driver);
    await driver.send(TOPIC, numbered(0, 1, 5_000));
    const large = driver.send(TOPIC, numbered(1, 2, 8_000));
    const small = driver.send(TOPIC, numbered(2, 3, 10));
    expect(await settled(Promise.race([large, small]))).toBe(false);
    openUpTo(3);
    expect(offsets([...(await large), ...(await small)])).toEqual([1, 2]);
  });

  it('lets the sender of another partition pass', async () => {
    start({ waitingRecords: 10 }, { partitions: 2 });
    openGate(driver);
    const records = numbered(0, 30).map((record, i) => ({ ...record, partition: i < 20 ? 0 : 1 }));
    const call = driver.send(TOPIC, records.slice(0, 20));
    const [other] = await driver.send(TOPIC, records.slice(20, 21));
    expect(other).toEqual({ sent: true, partition: 1, offset: 0 });
    expect(await settled(call)).toBe(false);
  });

  it('gives up after a time, and says which records were not taken', async () => {
    start({ waitingRecords: 3, roomTimeoutMs: 40 });
    openGate(driver);
    const [whole, next] = await Promise.all([driver.send(TOPIC, numbered(0, 5)), driver.send(TOPIC, numbered(5, 6))]);
    expect(offsets(whole)).toEqual([0, 1, 2, -1, -1]);
    const full = {
      sent: false,
      code: 'outbox_full',
      detail: 'orders/0 had no room for 40 ms: a group does not keep up',
    };
    expect(whole.slice(3)).toEqual([full, full]);
    expect(next).toEqual([full]);
  });

  it('counts bytes as well, of one partition and of all', async () => {
    for (const limits of [{ waitingBytes: 50_000 }, { totalBytes: 50_000 }]) {
      start({ ...limits, roomTimeoutMs: 30 });
      openGate(driver);
      // 700 bytes and 300 for the objects.
      expect(offsets(await driver.send(TOPIC, numbered(0, 60, 700))).filter((offset) => offset >= 0)).toHaveLength(50);
      await driver.stop(1_000);
    }
  });

  it('wakes a sender that waits for memory when another partition gives it back', async () => {
    start({ totalBytes: 20_000, keptBytes: 0 }, { partitions: 2 });
    const blocked = { partition: 1, key: null, headers: {} };
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    driver.subscribe({
      group: 'slow',
      topics: [TOPIC],
      onBatch: async ({ partition, records }) => {
        if (partition === 1) return { nextOffset: 0, retryInMs: 60_000 };
        await released;
        return { nextOffset: records.at(-1)!.offset + 1 };
      },
    });
    await driver.send(TOPIC, numbered(0, 15, 700));
    const call = driver.send(TOPIC, Array(10).fill({ ...blocked, value: Buffer.alloc(700) }));
    expect(await settled(call)).toBe(false);
    release();
    expect(offsets(await call)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('drops the oldest records that all groups have where all topics together hold too much', async () => {
    start({ keptBytes: 1_000_000 });
    await driver.ensureTopics([{ name: 'other', partitions: 1 }]);
    await driver.send('other', numbered(0, 500, 700));
    await sleep(5);
    await driver.send(TOPIC, numbered(0, 1_000, 700));
    const kept = [(await driver.last('other', 10_000))!.length, (await driver.last(TOPIC, 10_000))!.length];
    expect(kept[0]! + kept[1]!).toBeLessThanOrEqual(1_000);
    expect(kept[1]).toBeGreaterThan(900);
  });

  it('drops what is older than the topic keeps it, but nothing that a group waits for', async () => {
    start({}, { retentionMs: 50 });
    await driver.ensureTopics([{ name: 'unread', partitions: 1, retentionMs: 50 }]);
    const { openUpTo, member } = openGate(driver);
    await Promise.all([driver.send(TOPIC, numbered(0, 10)), driver.send('unread', numbered(0, 10))]);
    openUpTo(4);
    await sleep(120);
    expect(await driver.last('unread', 10)).toEqual([]);
    expect(await driver.at({ topic: 'unread', partition: 0, offset: 0 })).toBeUndefined();
    expect(await oldestKept()).toBe(4);
    await member.close();
    expect(await driver.last(TOPIC, 10)).toEqual([]);
  });

  it('keeps the place of a group without members while there is room, and makes nobody wait for it', async () => {
    start({ keptRecords: 10, waitingRecords: 100 });
    const { member, openUpTo, seen } = openGate(driver);
    openUpTo(20);
    await driver.send(TOPIC, numbered(0, 50));
    while (seen() < 50 || (await driver.lag('gated', [TOPIC]))[0]!.committedOffset < 20) await sleep(1);
    await member.close();
    await driver.send(TOPIC, numbered(50, 90));
    expect(await oldestKept()).toBe(20);
    await driver.send(TOPIC, numbered(90, 500));
    expect(await oldestKept()).toBe(400);
    expect(await driver.lag('gated', [TOPIC])).toMatchObject([{ committedOffset: 400, lag: 100 }]);
    const next = openGate(driver);
    next.openUpTo(1_000);
    while ((await driver.lag('gated', [TOPIC]))[0]!.lag > 0) await sleep(1);
  });

  it('fails the records that still wait when it stops', async () => {
    start({ waitingRecords: 3 });
    driver.subscribe({ group: 'stuck', topics: [TOPIC], onBatch: () => new Promise(() => undefined) });
    await driver.ensureTopics([{ name: 'unread', partitions: 1 }]);
    const call = driver.send(TOPIC, numbered(0, 5));
    await settled(call);
    await driver.stop(50);
    expect(driver.status.state).toBe('DOWN');
    expect(offsets(await call).slice(0, 3)).toEqual([0, 1, 2]);
    expect((await driver.send('unread', numbered(0, 1)))[0]).toMatchObject({ sent: false, code: 'broker_unavailable' });
  });
});
