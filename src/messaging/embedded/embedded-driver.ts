import type { LoggerService } from '@nestjs/common';
import {
  type DriverStatus,
  type GroupMember,
  MessagingDriver,
  type PartitionLag,
  type SendOutcome,
  type Subscription,
} from '../driver.js';
import type { OutgoingRecord, StoredRecord, TopicPartition } from '../record.js';
import type { EnsuredTopic, TopicSpec, TopicState } from '../topic.js';
import { EmbeddedGroup } from './embedded-group.js';
import { EventLoopTurns } from './event-loop-turns.js';
import { EMBEDDED_LIMITS, type EmbeddedLimits } from './limits.js';
import { TopicStore } from './topic-store.js';

const STOPPED = { sent: false, code: 'broker_unavailable', detail: 'the service is shutting down' } as const;

/**
 * Topics, groups and offsets within this process, for one machine and for tests. It is no broker: what it holds ends with
 * the process. It keeps the very buffers that were sent, so their sender must not write into them any more.
 */
export class EmbeddedDriver extends MessagingDriver {
  readonly kind = 'embedded';
  status: DriverStatus = { state: 'CONNECTING', reason: null };
  ensured: readonly EnsuredTopic[] = [];
  private readonly store: TopicStore;
  private readonly groups = new Map<string, EmbeddedGroup>();
  private readonly turns = new EventLoopTurns();
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly logger: Pick<LoggerService, 'log' | 'warn'>,
    limits: Partial<EmbeddedLimits> = {},
  ) {
    super();
    this.store = new TopicStore({ ...EMBEDDED_LIMITS, ...limits });
  }

  start(topics: readonly TopicSpec[]): void {
    this.status = { state: 'UP', reason: null };
    this.ensured = this.create(topics);
    this.logger.log('Messages stay within this process and end with it: no Kafka is configured');
  }

  stop(timeoutMs: number): Promise<void> {
    this.stopping ??= this.end(timeoutMs);
    return this.stopping;
  }

  async send(topic: string, records: readonly OutgoingRecord[]): Promise<SendOutcome[]> {
    const known = this.store.get(topic);
    const refusal = this.status.state === 'DOWN' ? STOPPED : unknownTopic(topic);
    if (!known || refusal === STOPPED) return records.map(() => refusal);
    const outcomes = known.send(records);
    this.store.balance();
    // Who sends in a loop must not keep the event loop from going round either.
    await this.turns.take();
    return outcomes;
  }

  subscribe(subscription: Subscription): GroupMember {
    const group = this.group(subscription.group);
    const member = group.join(subscription);
    if (this.status.state === 'UP') group.rebalance();
    return member;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<EnsuredTopic[]> {
    return this.create(topics);
  }

  async topics(): Promise<TopicState[]> {
    return this.store.all().map(({ state }) => state);
  }

  async last(topic: string, limit: number, before?: ReadonlyMap<number, number>): Promise<StoredRecord[] | undefined> {
    return this.store.get(topic)?.last(limit, Date.now(), before);
  }

  async at(place: TopicPartition & { readonly offset: number }): Promise<StoredRecord | undefined> {
    const { topic, partition, offset } = place;
    const found = this.store.get(topic)?.partitions[partition];
    found?.expire(Date.now());
    const record = found?.log.at(offset);
    return record && { ...record, topic, partition };
  }

  async lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    const known = this.groups.get(group) ?? this.newGroup();
    return topics.flatMap((topic) => known.lag(topic));
  }

  private create(topics: readonly TopicSpec[]): EnsuredTopic[] {
    const ensured = topics.map((topic) => this.store.ensure(topic));
    if (this.status.state === 'UP') for (const group of this.groups.values()) group.rebalance();
    return ensured;
  }

  private group(name: string): EmbeddedGroup {
    const group = this.groups.get(name) ?? this.newGroup();
    this.groups.set(name, group);
    return group;
  }

  private newGroup(): EmbeddedGroup {
    const { turns, logger, store } = this;
    return new EmbeddedGroup(store, { turns, logger, committed: () => store.balance() });
  }

  private async end(timeoutMs: number): Promise<void> {
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timeout = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([late, Promise.all([...this.groups.values()].map((group) => group.close()))]);
    clearTimeout(timeout);
    this.status = { state: 'DOWN', reason: STOPPED.detail };
    for (const { waiting } of this.store.partitions()) waiting.fail(STOPPED);
  }
}

function unknownTopic(topic: string): SendOutcome {
  return { sent: false, code: 'unknown_topic', detail: `there is no topic ${topic}` };
}
