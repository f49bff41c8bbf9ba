import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { BatchControl, BatchResult, GroupMember, MessagingDriver } from '../../../../src/messaging/driver.js';
import type { RecordBatch } from '../../../../src/messaging/record.js';
import { type MessagingBench, numbered, sendAll, uniqueName, until } from '../../../support/messaging.js';

const PARTITIONS = 3;

/** What a member does with a batch: how many of its records, then whether it rests or throws. */
const decisions = fc.record({
  done: fc.integer({ min: 0, max: 30 }),
  retryInMs: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  /** Seldom: it costs a second. */
  throws: fc.nat(80).map((n) => n === 37),
});
const plans = fc.record({
  sends: fc.array(
    fc.record({
      partition: fc.integer({ min: 0, max: PARTITIONS - 1 }),
      count: fc.integer({ min: 1, max: 40 }),
      pauseMs: fc.nat(4),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  decisions: fc.array(decisions, { maxLength: 12 }),
  groups: fc.integer({ min: 1, max: 2 }),
  /** After which send a second member comes, and after which the first one leaves. */
  joinAt: fc.option(fc.integer({ min: 0, max: 24 })),
  leaveAt: fc.option(fc.integer({ min: 0, max: 24 })),
});
type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

/** One group and what it may be given next in each partition. */
class GroupModel {
  readonly name = uniqueName('model');
  readonly faults: string[] = [];
  readonly delivered: number[] = Array(PARTITIONS).fill(0);
  private readonly committed: number[] = Array(PARTITIONS).fill(0);
  private turn = 0;
  private throwsLeft = 1;

  constructor(private readonly plan: Plan) {}

  join(driver: MessagingDriver, topic: string): GroupMember {
    const onBatch = async (batch: RecordBatch, control: BatchControl) => this.work(batch, control);
    return driver.subscribe({ group: this.name, topics: [topic], onBatch });
  }

  private work({ partition, records }: RecordBatch, control: BatchControl): BatchResult {
    const first = records[0]!.offset;
    const end = first + records.length;
    const fault = (text: string) => this.faults.push(`partition ${partition}: ${text}`);
    if (first > this.delivered[partition]!) fault(`a gap from ${this.delivered[partition]} to ${first}`);
    if (first < this.committed[partition]!) fault(`${first} again after ${this.committed[partition]} was committed`);
    records.forEach(({ offset, value }, i) => {
      if (offset !== first + i || String(value) !== String(offset)) fault(`${value} at ${offset}, not ${first + i}`);
    });
    this.delivered[partition] = Math.max(this.delivered[partition]!, end);
    const decision = this.plan.decisions[this.turn++];
    if (decision?.throws && this.throwsLeft-- > 0) throw new TypeError('as planned');
    const nextOffset = decision ? Math.min(end, first + decision.done) : end;
    if (!control.stale) this.committed[partition] = nextOffset;
    return { nextOffset, retryInMs: nextOffset < end ? (decision?.retryInMs ?? 0) : undefined };
  }
}

async function follow(plan: Plan, { driver, topic: createTopic }: MessagingBench): Promise<void> {
  const topic = await createTopic({ partitions: PARTITIONS });
  const groups = Array.from({ length: plan.groups }, () => new GroupModel(plan));
  const members = groups.map((group) => group.join(driver, topic));
  const closing: Promise<void>[] = [];
  const ends: number[] = Array(PARTITIONS).fill(0);
  for (const [n, { partition, count, pauseMs }] of plan.sends.entries()) {
    const from = ends[partition]!;
    ends[partition] = from + count;
    await sendAll(driver, topic, numbered(from, from + count, { partition }));
    if (pauseMs > 2) await sleep(pauseMs);
    if (plan.joinAt === n) members.push(...groups.map((group) => group.join(driver, topic)));
    if (plan.leaveAt === n) closing.push(...members.splice(0, groups.length).map((member) => member.close()));
  }
  if (members.length === 0) members.push(...groups.map((group) => group.join(driver, topic)));
  for (const { name, faults, delivered } of groups) {
    await until('all is committed', async () => (await driver.lag(name, [topic])).every(({ lag }) => lag === 0));
    expect(faults).toEqual([]);
    expect(delivered).toEqual(ends);
  }
  await Promise.all([...closing, ...members.map((member) => member.close())]);
}

export function model(bench: () => MessagingBench): void {
  it('gives each group every record, in order, without gaps, and none again that was committed', async () => {
    const numRuns = bench().kind === 'kafka' ? 5 : 60;
    await fc.assert(
      fc.asyncProperty(plans, (plan) => follow(plan, bench())),
      { numRuns, endOnFailure: bench().kind === 'kafka' },
    );
  });
}
