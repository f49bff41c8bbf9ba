import { setTimeout as sleep } from 'node:timers/promises';
import {
  committed,
  done,
  type MessagingBench,
  numbered,
  type Reading,
  read,
  sendAll,
  textOf,
  uniqueName,
  until,
} from '../../../support/messaging.js';

const partitionsOf = ({ member }: Reading) => member.status.partitions.map(({ partition }) => partition);

export function sharing(bench: () => MessagingBench): void {
  it('shares the partitions among the members, and loses and repeats nothing when one leaves', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 4 });
    const group = uniqueName('group');
    const one = read(driver, topic, group);
    const two = read(driver, topic, group);
    await until('both have two partitions', () => partitionsOf(one).length === 2 && partitionsOf(two).length === 2);
    expect([...partitionsOf(one), ...partitionsOf(two)].sort()).toEqual([0, 1, 2, 3]);
    const sendRound = (n: number) =>
      sendAll(
        driver,
        topic,
        [0, 1, 2, 3].flatMap((partition) => numbered(10 * n, 10 * (n + 1), { partition })),
      );
    for (let n = 0; n < 5; n++) await sendRound(n);
    await until('all have come', () => one.values().length + two.values().length === 200);
    expect(one.values()).toHaveLength(100);
    const leaving = one.member.close();
    for (let n = 5; n < 10; n++) await sendRound(n);
    await leaving;
    await until('the other has taken over', () => one.values().length + two.values().length >= 400);
    for (const partition of [0, 1, 2, 3]) {
      const values = [one, two].flatMap(({ batches }) =>
        batches.filter((batch) => batch.partition === partition).flatMap(({ records }) => records.map(textOf)),
      );
      expect(values).toEqual(numbered(0, 100).map(textOf));
    }
    expect(one.member.status).toMatchObject({ state: 'CLOSED', partitions: [] });
    expect(partitionsOf(two).sort()).toEqual([0, 1, 2, 3]);
    await two.member.close();
  });

  it('tells a running batch that its member leaves, commits what it did, and hands the rest on', async () => {
    const { driver } = bench();
    const topic = await bench().topic();
    const group = uniqueName('group');
    await sendAll(driver, topic, numbered(0, 10));
    let noticed = false;
    const one = read(driver, topic, group, async ({ records }, control) => {
      while (!control.stale) await sleep(5);
      noticed = true;
      return { nextOffset: records[0]!.offset + 4 };
    });
    await until('it works', () => one.batches.length === 1);
    await one.member.close();
    expect(noticed).toBe(true);
    expect(await committed(driver, group, topic)).toEqual([4]);
    const two = read(driver, topic, group);
    await until('the rest has come', () => two.values().length >= 6);
    expect(two.values()).toEqual(numbered(4, 10).map(textOf));
    await two.member.close();
    expect(one.batches).toHaveLength(1);
  });

  it('gives a new member its share while the others work', async () => {
    const { driver } = bench();
    const topic = await bench().topic({ partitions: 2 });
    const group = uniqueName('group');
    let sent = 0;
    const slow = async (batch: Parameters<typeof done>[0]) => {
      await sleep(20);
      return done(batch);
    };
    const one = read(driver, topic, group, slow);
    await until('the first has both', () => partitionsOf(one).length === 2);
    const two = read(driver, topic, group, slow);
    await until('the second works', async () => {
      await sendAll(driver, topic, numbered(sent, ++sent, { partition: 0 }));
      await sendAll(driver, topic, numbered(sent - 1, sent, { partition: 1 }));
      return two.batches.length > 0;
    });
    await until('all is committed', async () => (await committed(driver, group, topic)).join() === `${sent},${sent}`);
    for (const partition of [0, 1]) {
      const values = [one, two].flatMap(({ batches }) =>
        batches.filter((batch) => batch.partition === partition).flatMap(({ records }) => records.map(textOf)),
      );
      expect([...new Set(values)]).toEqual(numbered(0, sent).map(textOf));
    }
    await Promise.all([one.member.close(), two.member.close()]);
  });
}
