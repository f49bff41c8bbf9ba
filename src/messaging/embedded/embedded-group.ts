import type { GroupMember, MemberStatus, PartitionLag, Subscription } from '../driver.js';
import { GroupPartition, type GroupPartitionParts } from './group-partition.js';
import type { TopicStore } from './topic-store.js';

/** A consumer group: its members share the partitions of their topics, its offsets outlive them. */
export class EmbeddedGroup {
  private members: readonly Subscription[] = [];
  /** By topic. */
  private readonly partitions = new Map<string, readonly GroupPartition[]>();

  constructor(
    private readonly store: TopicStore,
    private readonly parts: GroupPartitionParts,
  ) {}

  join(subscription: Subscription): GroupMember {
    // Its own object: the same subscription may join twice.
    const member = { ...subscription, onBatch: subscription.onBatch.bind(subscription) };
    this.members = [...this.members, member];
    const status = () => this.statusOf(member);
    let closing: Promise<void> | undefined;
    return {
      get status() {
        return status();
      },
      close: () => {
        closing ??= this.leave([member]);
        return closing;
      },
    };
  }

  /** Deals the partitions to the members in turn, each to one that wants its topic. */
  rebalance(): void {
    const topics = new Set([...this.partitions.keys(), ...this.members.flatMap((member) => member.topics)]);
    let turn = 0;
    for (const topic of [...topics].sort()) {
      const takers = this.members.filter((member) => member.topics.includes(topic));
      for (const partition of this.partitionsOf(topic)) {
        partition.attended = takers.length > 0;
        partition.assign(takers[turn++ % takers.length]);
      }
    }
  }

  /** All members leave, also those that are about to. */
  async close(): Promise<void> {
    await this.leave(this.members);
    await Promise.all([...this.partitions.values()].flat().map(({ running }) => running?.done));
  }

  lag(topic: string): PartitionLag[] {
    const own = this.partitions.get(topic);
    return (this.store.get(topic)?.partitions ?? []).map(({ log, partition }) => {
      const committedOffset = own?.[partition]?.position ?? log.baseOffset;
      const { endOffset } = log;
      return { topic, partition, committedOffset, endOffset, lag: endOffset - committedOffset };
    });
  }

  private async leave(leaving: readonly Subscription[]): Promise<void> {
    this.members = this.members.filter((member) => !leaving.includes(member));
    this.rebalance();
    const all = [...this.partitions.values()].flat();
    await Promise.all(all.map(({ running }) => running && leaving.includes(running.member) && running.done));
    // Where no member is left, nobody is waited for any more.
    for (const { partition } of all) partition.changed(Date.now());
    this.parts.committed();
  }

  private partitionsOf(topic: string): readonly GroupPartition[] {
    const known = this.partitions.get(topic);
    if (known) return known;
    const created = this.store.get(topic)?.partitions.map((partition) => new GroupPartition(partition, this.parts));
    if (created) this.partitions.set(topic, created);
    return created ?? [];
  }

  private statusOf(member: Subscription): MemberStatus {
    const partitions = [...this.partitions.values()]
      .flat()
      .filter((partition) => partition.isWith(member))
      .map(({ partition: { topic, partition } }) => ({ topic, partition }));
    if (!this.members.includes(member) && partitions.length === 0) return { state: 'CLOSED', reason: null, partitions };
    if (member.topics.some((topic) => this.partitions.has(topic)))
      return { state: 'RUNNING', reason: null, partitions };
    return { state: 'JOINING', reason: `there is no topic ${member.topics.join(', ')} yet`, partitions };
  }
}
