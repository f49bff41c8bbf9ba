import { type MessagingBench, numbered, read, sendAll, textOf, uniqueName, until } from '../../../support/messaging.js';

export function looking(bench: () => MessagingBench): void {
  it('shows the last records of all partitions, the newest first', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 3 });
    expect(await driver.last(topic, 5)).toEqual([]);
    for (let n = 0; n < 9; n++) {
      await sendAll(driver, topic, numbered(n, n + 1, { partition: n % 3 }));
      // So that each has a time of its own.
      const sentMs = Date.now();
      while (Date.now() === sentMs);
    }
    const last = (await driver.last(topic, 4))!;
    expect(last.map(textOf)).toEqual(['8', '7', '6', '5']);
    expect(last[0]).toMatchObject({ topic, partition: 2, offset: 2, key: null, headers: {} });
    expect((await driver.last(topic, 100))!.map(textOf)).toEqual(numbered(0, 9).map(textOf).reverse());
    expect(await driver.last(uniqueName('nowhere'), 5)).toBeUndefined();
  });

  it('shows the last records before given offsets, of the partitions given alone', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 3 });
    for (const partition of [0, 1, 2]) {
      await sendAll(driver, topic, numbered(10 * partition, 10 * partition + 5, { partition }));
    }
    const last = async (limit: number, before: [number, number][]) =>
      (await driver.last(topic, limit, new Map(before)))!.map(textOf).sort();
    expect(await last(2, [[1, 4]])).toEqual(['12', '13']);
    expect(await last(10, [[1, 2], [2, 1]])).toEqual(['10', '11', '20']); // biome-ignore format: a line a case
    expect(await last(10, [[0, Number.MAX_SAFE_INTEGER]])).toEqual(['0', '1', '2', '3', '4']);
    expect(await last(10, [[0, 0]])).toEqual([]);
    expect(await last(10, [])).toEqual([]);
  });

  it('finds one record by its place', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    await sendAll(driver, topic, numbered(0, 10, { partition: 1 }));
    expect(await driver.at({ topic, partition: 1, offset: 7 })).toMatchObject({
      topic,
      partition: 1,
      offset: 7,
      value: Buffer.from('7'),
    });
    const nowhere = [
      { topic, partition: 1, offset: 10 },
      { topic, partition: 1, offset: -1 },
      { topic, partition: 0, offset: 0 },
      { topic, partition: 2, offset: 0 },
      { topic: uniqueName('nowhere'), partition: 0, offset: 0 },
    ];
    for (const place of nowhere) expect(await driver.at(place)).toBeUndefined();
  });

  it('tells how far a group is behind', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 10, { partition: 1 }));
    const lag = async () => (await driver.lag(group, [topic])).sort((a, b) => a.partition - b.partition);
    expect(await lag()).toEqual([
      { topic, partition: 0, committedOffset: 0, endOffset: 0, lag: 0 },
      { topic, partition: 1, committedOffset: 0, endOffset: 10, lag: 10 },
    ]);
    const { member, batches } = read(driver, topic, group, () => ({ nextOffset: 6, retryInMs: 60_000 }));
    await until('six are committed', async () => (await lag())[1]!.lag === 4);
    expect(batches).toHaveLength(1);
    expect((await lag())[1]).toEqual({ topic, partition: 1, committedOffset: 6, endOffset: 10, lag: 4 });
    await member.close();
  });

  it('creates topics as wanted, reports what differs, and changes none', async () => {
    const { driver } = bench();
    const spec = { name: uniqueName('ensured'), partitions: 2, retentionMs: 3_600_000, maxMessageBytes: 500_000 };
    const state = {
      name: spec.name,
      partitions: 2,
      replicationFactor: 1,
      retentionMs: 3_600_000,
      maxMessageBytes: 500_000,
    };
    expect(await driver.ensureTopics([spec])).toMatchObject([{ state, created: true, differences: [] }]);
    expect(await driver.ensureTopics([spec])).toMatchObject([{ state, created: false, differences: [] }]);
    const other = { name: spec.name, partitions: 3, replicationFactor: 3, retentionMs: -1, maxMessageBytes: 400_000 };
    expect(await driver.ensureTopics([other])).toMatchObject([
      {
        state,
        created: false,
        differences: [
          { setting: 'num_partitions', wanted: 3, actual: 2 },
          { setting: 'replication_factor', wanted: 3, actual: 1 },
          { setting: 'retention_ms', wanted: -1, actual: 3_600_000 },
          { setting: 'max_message_bytes', wanted: 400_000, actual: 500_000 },
        ],
      },
    ]);
    const topics = await driver.topics();
    expect(topics.filter(({ name }) => name === spec.name)).toMatchObject([state]);
    expect(topics.map(({ name }) => name)).toEqual(topics.map(({ name }) => name).sort());
    expect(topics.filter(({ name }) => name.startsWith('__'))).toEqual([]);
  });
}
