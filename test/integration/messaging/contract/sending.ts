import { randomBytes } from 'node:crypto';
import { type OutgoingRecord, RECORD_BYTES_MAX } from '../../../../src/messaging/record.js';
import { type MessagingBench, numbered, record, sendAll, textOf, uniqueName } from '../../../support/messaging.js';

export function sending(bench: () => MessagingBench): void {
  it('tells partition and offset of each record, in the order of the records', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    const places = [1, 0, 1, 1, 0];
    const sent = await sendAll(
      driver,
      topic,
      places.map((partition) => record('x', { partition })),
    );
    expect(sent).toEqual([
      { partition: 1, offset: 0 },
      { partition: 0, offset: 0 },
      { partition: 1, offset: 1 },
      { partition: 1, offset: 2 },
      { partition: 0, offset: 1 },
    ]);
    expect(await driver.send(topic, [])).toEqual([]);
  });

  it('puts the records of a key into one partition, in their order', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 5 });
    const keys = Array.from({ length: 40 }, (_, i) => `account-${i}`);
    const round = (n: number) => keys.map((key) => record(`${key}#${n}`, { key: Buffer.from(key) }));
    const first = await sendAll(driver, topic, round(0));
    const second = await sendAll(driver, topic, round(1));
    expect(second.map(({ partition }) => partition)).toEqual(first.map(({ partition }) => partition));
    expect(new Set(first.map(({ partition }) => partition)).size).toBe(5);
    second.forEach(({ offset }, i) => {
      expect(offset).toBeGreaterThan(first[i]!.offset);
    });
  });

  it('spreads records without key over all partitions', async () => {
    const topic = await bench().topic({ partitions: 4 });
    const sent = await sendAll(bench().driver, topic, numbered(0, 40));
    const counts = [0, 1, 2, 3].map((partition) => sent.filter((place) => place.partition === partition).length);
    expect(counts).toEqual([10, 10, 10, 10]);
  });

  it('touches no byte of keys, values and headers, and tells none from empty', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const bytes = () => randomBytes(64);
    const headers = { one: bytes(), several: [bytes(), Buffer.alloc(0), bytes()], 'näme with ✓': Buffer.from('ü') };
    const records: OutgoingRecord[] = [
      { key: bytes(), value: bytes(), headers },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: {} },
      { key: null, value: null, headers: { empty: Buffer.alloc(0) } },
    ];
    await sendAll(driver, topic, records);
    for (const [offset, { key, value, headers }] of records.entries()) {
      expect(await driver.at({ topic, partition: 0, offset })).toMatchObject({ key, value, headers, offset });
    }
  });

  it('says of the bad ones what they lack, and sends the good ones among them', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    const tooLarge = { ...record('', { partition: 0 }), value: Buffer.alloc(RECORD_BYTES_MAX + 1) };
    const mixed = [
      record('a', { partition: 0 }),
      record('b', { partition: 2 }),
      tooLarge,
      record('c', { partition: 0 }),
    ];
    expect(await driver.send(topic, [...mixed, record('d', { partition: -1 })])).toEqual([
      { sent: true, partition: 0, offset: 0 },
      { sent: false, code: 'unknown_partition', detail: expect.stringContaining('2') },
      { sent: false, code: 'record_too_large', detail: expect.any(String) },
      { sent: true, partition: 0, offset: 1 },
      { sent: false, code: 'unknown_partition', detail: expect.stringContaining('-1') },
    ]);
    const nowhere = uniqueName('nowhere');
    expect(await driver.send(nowhere, numbered(0, 2))).toEqual(
      Array(2).fill({ sent: false, code: 'unknown_topic', detail: expect.stringContaining(nowhere) }),
    );
  });

  it('takes a record of the largest size, and none larger than its topic takes', async () => {
    const { driver } = bench();
    const largest = { ...record(''), value: randomBytes(RECORD_BYTES_MAX) };
    await sendAll(driver, await bench().topic(), [largest]);
    const small = await bench().topic({ maxMessageBytes: 10_000 });
    const outcomes = await driver.send(small, [
      record('a'),
      { ...record(''), value: randomBytes(20_000) },
      record('b'),
    ]);
    expect(outcomes.map((outcome) => (outcome.sent ? 'sent' : outcome.code))).toEqual([
      'sent',
      'record_too_large',
      'sent',
    ]);
  });

  it('keeps the order of calls that are on their way together', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const calls = Array.from({ length: 40 }, (_, call) => sendAll(driver, topic, numbered(25 * call, 25 * (call + 1))));
    await Promise.all(calls);
    const last = (await driver.last(topic, 2_000))!;
    expect(last.map(textOf).reverse()).toEqual(numbered(0, 1_000).map(textOf));
  });
}
