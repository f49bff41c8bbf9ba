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

export function failing(bench: () => MessagingBench): void {
  it('delivers again from where the work came to, after the rest it asked for', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 10));
    const times: number[] = [];
    const { batches, member } = read(driver, topic, group, (batch) => {
      times.push(Date.now());
      return batch.records[0]!.offset === 0 && batch.records.length > 4
        ? { nextOffset: 4, retryInMs: 700 }
        : done(batch);
    });
    await until('the rest has come', () => batches.at(-1)?.records.at(-1)?.offset === 9 && batches.length > 1);
    expect(batches[1]!.records[0]!.offset).toBe(4);
    expect(batches.slice(1).flatMap(({ records }) => records.map(textOf))).toEqual(numbered(4, 10).map(textOf));
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(690);
    await until('all is committed', async () => (await committed(driver, group, topic))[0] === 10);
    await member.close();
  });

  it('has what was done committed while the partition rests, and lets only that partition rest', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    const group = uniqueName('group');
    const { values, batches, member } = read(driver, topic, group, (batch) =>
      batch.partition === 0 ? { nextOffset: 2, retryInMs: 120_000 } : done(batch),
    );
    await sendAll(driver, topic, numbered(0, 5, { partition: 0 }));
    await until('partition 0 rests', () => batches.length === 1);
    await sendAll(driver, topic, numbered(0, 5, { partition: 1 }));
    await until('partition 1 goes on', () => values().length === 10);
    await until('both are committed', async () => (await committed(driver, group, topic)).join() === '2,5');
    expect(batches).toHaveLength(2);
    await member.close();
  });

  it.each([
    ['a TypeError', () => (undefined as unknown as { name: string }).name],
    ['a RangeError', () => new Array(-1)],
    ['no Error at all', () => Promise.reject('out of order')],
  ])('tries a batch again that threw %s, and goes on', async (_, fail) => {
    const { driver } = bench();
    const topic = await bench().topic();
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 3));
    let failures = 0;
    const { values, batches, member } = read(driver, topic, group, async (batch) => {
      if (failures++ < 2) await fail();
      return done(batch);
    });
    await until('it is tried again, twice', () => batches.length >= 3);
    await sendAll(driver, topic, numbered(3, 6));
    await until('it goes on', async () => (await committed(driver, group, topic))[0] === 6);
    expect(batches.slice(0, 3).map(({ records }) => records[0]!.offset)).toEqual([0, 0, 0]);
    expect(values().slice(-6)).toEqual(numbered(0, 6).map(textOf));
    await member.close();
  });

  it('neither skips nor commits records where the work came to nothing', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 3));
    let calls = 0;
    const { batches, member } = read(driver, topic, group, (batch) =>
      calls++ < 2 ? { nextOffset: 0, retryInMs: 50 } : done(batch),
    );
    await until('it is tried again', () => batches.length >= 3);
    expect(batches.map(({ records }) => records[0]!.offset)).toEqual([0, 0, 0]);
    await until('all is committed', async () => (await committed(driver, group, topic))[0] === 3);
    await member.close();
  });
}
