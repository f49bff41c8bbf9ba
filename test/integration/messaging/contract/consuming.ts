import { setTimeout as sleep } from 'node:timers/promises';
import {
  committed,
  done,
  type MessagingBench,
  numbered,
  read,
  sendAll,
  textOf,
  uniqueName,
  until,
} from '../../../support/messaging.js';

const never = new Promise<never>(() => undefined);

export function consuming(bench: () => MessagingBench): void {
  it('gives each group all records of a partition in their order, from the oldest on', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    await sendAll(driver, topic, numbered(0, 1_500));
    const readings = ['first', 'second'].map((group) => read(driver, topic, uniqueName(group)));
    await sendAll(driver, topic, numbered(1_500, 3_000));
    for (const { values, batches } of readings) {
      await until('all records have come', () => values().length >= 3_000);
      expect(values()).toEqual(numbered(0, 3_000).map(textOf));
      expect(batches.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual(
        Array.from({ length: 3_000 }, (_, i) => i),
      );
    }
    await Promise.all(readings.map(({ member }) => member.close()));
  });

  it('delivers what the sender wrote, with the time', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const key = Buffer.from([0, 255, 10]);
    const headers = { message_type: Buffer.from('quote'), twice: [Buffer.from('1'), Buffer.from('2')] };
    const before = Date.now();
    await sendAll(driver, topic, [{ key, value: null, headers }]);
    const { batches, member } = read(driver, topic, uniqueName('group'));
    await until('the record has come', () => batches.length > 0);
    const [first] = batches[0]!.records;
    expect(batches[0]).toMatchObject({ topic, partition: 0, records: [{ key, value: null, headers, offset: 0 }] });
    expect(Math.abs(first!.timestampMs - before)).toBeLessThan(10_000);
    await member.close();
  });

  it('lets no group wait for another', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stalled = read(driver, topic, uniqueName('stalled'), async (batch) => {
      await released;
      return done(batch);
    });
    const lively = read(driver, topic, uniqueName('lively'));
    await sendAll(driver, topic, numbered(0, 10));
    await until('one group stalls', () => stalled.batches.length === 1);
    await sendAll(driver, topic, numbered(10, 20));
    await until('the other goes on', () => lively.values().length === 20);
    const [batch] = stalled.batches;
    expect(stalled.batches).toEqual([batch]);
    release();
    await until('the first goes on', () => stalled.values().length === 20);
    await Promise.all([stalled.member.close(), lively.member.close()]);
  });

  it('lets no partition wait for another, and calls one batch of a partition at a time', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 3 });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const running = [0, 0, 0];
    let most = 0;
    const { batches, values, member } = read(driver, topic, uniqueName('group'), async (batch) => {
      most = Math.max(most, ++running[batch.partition]!);
      if (batch.partition === 1) await released;
      await sleep(1);
      running[batch.partition]!--;
      return done(batch);
    });
    await sendAll(driver, topic, numbered(0, 5, { partition: 1 }));
    await until('partition 1 stalls', () => batches.length === 1);
    for (let n = 0; n < 10; n++) {
      await sendAll(
        driver,
        topic,
        [0, 1, 2].map((partition) => numbered(n, n + 1, { partition })[0]!),
      );
    }
    const of = (partition: number) => batches.filter((batch) => batch.partition === partition);
    await until('the others go on', () => [...of(0), ...of(2)].flatMap(({ records }) => records).length === 20);
    expect(of(1)).toHaveLength(1);
    release();
    await until('partition 1 goes on', () => values().length === 35);
    expect(most).toBe(1);
    await member.close();
  });

  it('goes on where the group stopped, whichever member comes next', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 10));
    const first = read(driver, topic, group);
    await until('the first has all', () => first.values().length === 10);
    await first.member.close();
    expect(first.member.status.state).toBe('CLOSED');
    expect(await committed(driver, group, topic)).toEqual([10]);
    await sendAll(driver, topic, numbered(10, 20));
    const second = read(driver, topic, group);
    await until('the second has the others', () => second.values().length >= 10);
    expect(second.values()).toEqual(numbered(10, 20).map(textOf));
    expect(first.values()).toHaveLength(10);
    await second.member.close();
  });

  it('serves who subscribed before the start and before there was the topic', async () => {
    const driver = bench().another();
    const topic = uniqueName('later');
    const { values, member } = read(driver, topic, uniqueName('early'));
    expect(member.status.state).toBe('JOINING');
    driver.start([{ name: topic, partitions: 2 }]);
    await until('it is created', () => driver.ensured.length === 1);
    expect(driver.ensured).toMatchObject([{ state: { name: topic, partitions: 2 }, created: true, differences: [] }]);
    await sendAll(driver, topic, numbered(0, 6));
    await until('all have come', () => values().length === 6);
    expect(member.status).toMatchObject({ state: 'RUNNING', reason: null });
    expect([...member.status.partitions].sort((a, b) => a.partition - b.partition)).toEqual([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    await driver.stop(10_000);
  });

  it('finishes and commits the running batch when it stops, within its time', async () => {
    const driver = bench().another();
    const topic = uniqueName('draining');
    const group = uniqueName('group');
    driver.start([{ name: topic, partitions: 2 }]);
    await until('it is created', () => driver.ensured.length === 1);
    let finished = 0;
    const { batches } = read(driver, topic, group, async (batch) => {
      if (batch.partition === 1) return never;
      await sleep(300);
      finished++;
      return done(batch);
    });
    await sendAll(driver, topic, [...numbered(0, 3, { partition: 0 }), ...numbered(0, 3, { partition: 1 })]);
    await until('both work', () => batches.length === 2);
    const began = Date.now();
    await driver.stop(3_000);
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(finished).toBe(1);
    // What this process holds is still there to look at; a cluster is asked through another connection.
    const witness = bench().kind === 'embedded' ? driver : bench().driver;
    expect(await committed(witness, group, topic)).toEqual([3, 0]);
    const afterwards = await driver.send(topic, numbered(0, 1));
    expect(afterwards).toEqual([{ sent: false, code: 'broker_unavailable', detail: expect.any(String) }]);
  });
}
