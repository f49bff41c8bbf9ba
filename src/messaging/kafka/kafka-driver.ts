import type { GroupMember, PartitionLag, SendOutcome, Subscription } from '../driver.js';
import { type DriverStatus, MessagingDriver } from '../driver.js';
import type { OutgoingRecord, StoredRecord, TopicPartition } from '../record.js';
import type { EnsuredTopic, TopicSpec, TopicState } from '../topic.js';
import { ClusterLink } from './cluster-link.js';
import { loadCodecsForReading } from './codecs.js';
import { groupLag } from './group-lag.js';
import { KafkaGroupMember } from './kafka-group-member.js';
import { type KafkaOptions, type KafkaSettings, withDefaults } from './options.js';
import { Outbox } from './outbox.js';
import { RecordReader } from './record-reader.js';
import { ensureTopics, listTopics } from './topic-admin.js';

/** Of the time of a stop, what is left for the records that wait and for the farewells. */
const STOP_RESERVE_MS = 1_000;

/** Records through a Kafka cluster. It needs no cluster to start, and finds it again whenever it was away. */
export class KafkaDriver extends MessagingDriver {
  readonly kind = 'kafka';
  private readonly settings: KafkaSettings;
  private readonly link: ClusterLink;
  private readonly outbox: Outbox;
  private readonly reader: RecordReader;
  private readonly members = new Set<KafkaGroupMember>();

  constructor(options: KafkaOptions) {
    super();
    this.settings = withDefaults(options);
    this.link = new ClusterLink(this.settings);
    this.outbox = new Outbox(this.settings, this.link);
    this.reader = new RecordReader(this.settings, this.link);
  }

  get status(): DriverStatus {
    return this.link.status;
  }

  get ensured(): readonly EnsuredTopic[] {
    return this.link.ensured;
  }

  start(topics: readonly TopicSpec[]): void {
    void loadCodecsForReading().then(() => this.link.start(topics));
  }

  async stop(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    const left = () => Math.max(100, until - Date.now());
    const reserve = Math.min(STOP_RESERVE_MS, timeoutMs / 4);
    await Promise.all([...this.members].map((member) => member.close(left() - reserve)));
    // Only now: what the members did last is among it.
    await this.outbox.stop(left() - reserve / 2);
    await Promise.all([this.reader.stop(), this.link.stop(left())]);
  }

  send(topic: string, records: readonly OutgoingRecord[]): Promise<SendOutcome[]> {
    return this.outbox.send(topic, records);
  }

  subscribe(subscription: Subscription): GroupMember {
    const member = new KafkaGroupMember(this.settings, subscription, this.link, (closed) =>
      this.members.delete(closed),
    );
    this.members.add(member);
    return member;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<EnsuredTopic[]> {
    const ensured = await this.link.call((admin) => ensureTopics(admin, topics));
    this.link.learn(ensured.map(({ state }) => state));
    await this.link.call(() => this.link.look());
    return ensured;
  }

  async topics(): Promise<TopicState[]> {
    const states = await this.link.call(listTopics);
    this.link.learn(states);
    return states;
  }

  last(topic: string, limit: number, before?: ReadonlyMap<number, number>): Promise<StoredRecord[] | undefined> {
    return this.reader.last(topic, limit, before);
  }

  at(place: TopicPartition & { readonly offset: number }): Promise<StoredRecord | undefined> {
    return this.reader.at(place);
  }

  lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    return this.link.call((admin) => groupLag(admin, group, topics));
  }
}
