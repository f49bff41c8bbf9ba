import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchResult, Subscription } from '../../../src/messaging/driver.js';
import { EmbeddedDriver } from '../../../src/messaging/embedded/embedded-driver.js';

const records = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ key: null, value: Buffer.from(String(from + i)), headers: {} }));

describe('the embedded driver', () => {
  const lines: string[] = [];
  const logger = { log: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  let driver: EmbeddedDriver;
  beforeEach(() => {
    lines.length = 0;
    driver = new EmbeddedDriver(logger);
    driver.start([{ name: 'in', partitions: 1, replicationFactor: 3, compression: 'lz4' }]);
  });
  afterEach(() => driver.stop(1_000));
  const subscribe = (onBatch: Subscription['onBatch']) => driver.subscribe({ group: 'group', topics: ['in'], onBatch });

  it('says at its start that it is no broker, and what it cannot do of the wishes', () => {
    expect(lines).toEqual([expect.stringContaining('within this process')]);
    expect(driver.status).toEqual({ state: 'UP', reason: null });
    expect(driver.ensured[0]!.differences).toEqual([
      { setting: 'replication_factor', wanted: 3, actual: 1 },
      { setting: 'compression_type', wanted: 'lz4', actual: null },
    ]);
  });

  it('hands out at most 1,000 records and 1 MB at once, and a larger record alone', async () => {
    const sizes: number[] = [];
    subscribe(async (batch) => {
      sizes.push(batch.records.length);
      return { nextOffset: batch.records.at(-1)!.offset + 1 };
    });
    const large = { key: null, value: Buffer.alloc(999_900), headers: {} };
    await driver.send('in', [...records(2_500), large, ...records(2)]);
    while (sizes.reduce((sum, size) => sum + size, 0) < 2_503) await sleep(1);
    expect(sizes).toEqual([1_000, 1_000, 500, 1, 2]);
  });

  it('never calls a group within the call that sends', async () => {
    let called = false;
    subscribe(async () => {
      called = true;
      return { nextOffset: 1 };
    });
    void driver.send('in', records(1));
    expect(called).toBe(false);
    while (!called) await sleep(1);
  });

  it.each<[string, BatchResult | undefined]>([
    ['nothing', undefined],
    ['no number', { nextOffset: Number.NaN }],
    ['an offset before the batch', { nextOffset: -5 }],
  ])('tries a batch again in a second where the work returns %s', async (_, result) => {
    const times: number[] = [];
    subscribe(async () => {
      times.push(performance.now());
      return times.length === 1 ? (result as BatchResult) : { nextOffset: 3 };
    });
    await driver.send('in', records(3));
    while (times.length < 2) await sleep(5);
    expect(times[1]! - times[0]!).toBeGreaterThan(980);
  });

  it('commits no more than it delivered', async () => {
    subscribe(async () => ({ nextOffset: 1_000_000 }));
    await driver.send('in', records(3));
    await sleep(20);
    expect((await driver.lag('group', ['in']))[0]!.committedOffset).toBe(3);
    await driver.send('in', records(3));
    await sleep(20);
    expect((await driver.lag('group', ['in']))[0]!.committedOffset).toBe(6);
  });

  it('logs the first failure of a row with its place', async () => {
    let calls = 0;
    subscribe(async ({ records: batch }) => {
      if (calls++ < 2) throw new TypeError('x is not a function');
      return { nextOffset: batch.at(-1)!.offset + 1 };
    });
    await driver.send('in', records(1));
    while (calls < 3) await sleep(10);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^group in in\/0 failed.*x is not a function/)]);
  });

  it('lets a member close itself from its own batch', async () => {
    const member = subscribe(async () => {
      void member.close();
      return { nextOffset: 1 };
    });
    await driver.send('in', records(1));
    while (member.status.state !== 'CLOSED') await sleep(1);
    expect((await driver.lag('group', ['in']))[0]!.lag).toBe(0);
  });

  it('keeps timers running while groups and senders have work without end', async () => {
    const busy = () => {
      const end = performance.now() + 2;
      while (performance.now() < end);
    };
    subscribe(async ({ records: batch }) => {
      busy();
      await driver.send('in', records(1));
      return { nextOffset: batch.at(-1)!.offset + 1 };
    });
    await driver.send('in', records(1));
    let sending = true;
    const sender = (async () => {
      await driver.ensureTopics([{ name: 'other', partitions: 1 }]);
      while (sending) await driver.send('other', records(10));
    })();
    const began = performance.now();
    for (let n = 0; n < 10; n++) await sleep(1);
    const took = performance.now() - began;
    sending = false;
    await sender;
    // About 12 ms for each; for ever where the loop cannot go round. Generous, for a busy machine.
    expect(took).toBeLessThan(5_000);
  });
});
