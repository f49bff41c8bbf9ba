import type { Cluster, Consumer } from 'kafkajs';
import kafkajs from 'kafkajs';
import { RiskError } from '../../risk/errors.js';
import type { IncomingRecord, StoredRecord, TopicPartition } from '../record.js';
import { KafkaClient } from './client.js';
import { type ClusterLink, unavailable } from './cluster-link.js';
import { settledWithin, within } from './deadline.js';
import { failureKind, wordsOf } from './failure.js';
import type { KafkaSettings } from './options.js';
import { incomingRecord } from './partition-run.js';
import { Room } from './room.js';

const READ_MS_MAX = 5_000;
/** Reads at the same time; more wait for their turn. */
const READS_MAX = 4;
const FETCH_BYTES_MAX = 1_048_576;
const FETCH_WAIT_MS = 50;
const READ_COMMITTED = 1;
const IDLE_MS_MAX = 60_000;

interface Fetched {
  readonly records: readonly IncomingRecord[];
  /** Where to go on; undefined where there is nothing more. */
  readonly next: number | undefined;
}

interface FetchReply {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly messages: readonly (Parameters<typeof incomingRecord>[0] & { readonly isControlRecord?: boolean })[];
    }[];
  }[];
}

/**
 * Reads records by their offset, without a group: joining one takes 3 s on a broker with usual settings and leaves a group
 * behind each time. kafkajs shows the cluster that such a read needs to the assigners of a consumer, and only to them.
 */
export class RecordReader {
  private client: KafkaClient | undefined;
  private consumer: Consumer | undefined;
  private cluster: Cluster | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly turns = new Room(READS_MAX, Number.POSITIVE_INFINITY);

  constructor(
    private readonly settings: KafkaSettings,
    private readonly link: ClusterLink,
  ) {}

  async last(topic: string, limit: number, before?: ReadonlyMap<number, number>): Promise<StoredRecord[] | undefined> {
    return this.read(async () => {
      const cluster = await this.connected();
      if ((await this.partitionsOf(topic)) === undefined) return undefined;
      await cluster.addMultipleTargetTopics([topic]);
      await cluster.refreshMetadata();
      const all = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      const ids = before ? all.filter((partition) => before.has(partition)) : all;
      const end = (partition: number) => before?.get(partition) ?? Number.POSITIVE_INFINITY;
      const [lows, highs] = await Promise.all([
        this.edges(cluster, topic, ids, true),
        this.edges(cluster, topic, ids, false),
      ]);
      const found = await Promise.all(
        ids.map((partition) => {
          const to = Math.min(highs.get(partition) ?? 0, end(partition));
          return this.lastOf(cluster, { topic, partition }, lows.get(partition) ?? 0, to, limit);
        }),
      );
      return found
        .flat()
        .sort((a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset || a.partition - b.partition)
        .slice(0, limit);
    });
  }

  async at({
    topic,
    partition,
    offset,
  }: TopicPartition & { readonly offset: number }): Promise<StoredRecord | undefined> {
    return this.read(async () => {
      const cluster = await this.connected();
      const partitions = await this.partitionsOf(topic);
      if (partitions === undefined || !(partition >= 0 && partition < partitions) || offset < 0) return undefined;
      await cluster.addMultipleTargetTopics([topic]);
      await cluster.refreshMetadata();
      const high = (await this.edges(cluster, topic, [partition], false)).get(partition) ?? 0;
      if (offset >= high) return undefined;
      // One byte: the broker gives the whole batch that holds it, and nothing more.
      const { records } = await this.fetch(cluster, { topic, partition }, offset, 1);
      const record = records.find((candidate) => candidate.offset === offset);
      return record && { topic, partition, ...record };
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.idle);
    const { consumer, client } = this;
    this.forget();
    if (consumer) await settledWithin(500, consumer.disconnect());
    client?.close();
  }

  private async read<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.link.status.state === 'DOWN') throw unavailable(this.link.status.reason ?? 'it is away');
    if (!(await this.turns.take(1, 0, READ_MS_MAX))) throw unavailable('too many reads at the same time');
    clearTimeout(this.idle);
    try {
      return await within(READ_MS_MAX, work(), 'it did not answer in time');
    } catch (error) {
      const { client } = this;
      this.forget();
      client?.close();
      if (error instanceof RiskError) throw error;
      if (failureKind(error) === 'unknown_topic') return undefined as Value;
      this.link.suspect();
      throw unavailable(wordsOf(error));
    } finally {
      this.turns.free(1, 0);
      if (this.turns.used === 0) this.idle = setTimeout(() => void this.stop(), IDLE_MS_MAX).unref();
    }
  }

  private forget(): void {
    this.client = undefined;
    this.consumer = undefined;
    this.cluster = undefined;
  }

  private async connected(): Promise<Cluster> {
    if (!this.consumer) {
      this.client = new KafkaClient(this.settings, () => {});
      this.consumer = this.client.kafka.consumer({
        groupId: `${this.settings.clientId}-reader`,
        allowAutoTopicCreation: false,
        partitionAssigners: [
          (config) => {
            this.cluster = config.cluster;
            return kafkajs.PartitionAssigners.roundRobin(config);
          },
        ],
      });
    }
    const { consumer, cluster } = this;
    await consumer.connect();
    return cluster!;
  }

  private async partitionsOf(topic: string): Promise<number | undefined> {
    await this.link.look();
    return this.link.knownPartitions(topic);
  }

  /** The oldest offset that is kept, or the one after the newest, by partition. */
  private async edges(
    cluster: Cluster,
    topic: string,
    ids: number[],
    fromBeginning: boolean,
  ): Promise<Map<number, number>> {
    const partitions = ids.map((partition) => ({ partition }));
    const [edges] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return new Map(edges?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Steps back where compaction or marks of transactions left fewer records than offsets. */
  private async lastOf(
    cluster: Cluster,
    place: TopicPartition,
    low: number,
    high: number,
    limit: number,
  ): Promise<StoredRecord[]> {
    let kept: StoredRecord[] = [];
    let to = high;
    for (let width = limit; to > low && kept.length < limit; width *= 4) {
      const from = Math.max(low, to - width);
      let window: StoredRecord[] = [];
      for (let at: number | undefined = from; at !== undefined && at < to; ) {
        const { records, next }: Fetched = await this.fetch(cluster, place, at, FETCH_BYTES_MAX);
        for (const record of records) if (record.offset < to) window.push({ ...place, ...record });
        window = window.slice(-limit);
        at = next;
      }
      kept = [...window, ...kept].slice(-limit);
      to = from;
    }
    return kept;
  }

  private async fetch(
    cluster: Cluster,
    { topic, partition }: TopicPartition,
    from: number,
    maxBytes: number,
  ): Promise<Fetched> {
    const [leader] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    if (leader === undefined) throw new Error(`the partition ${partition} of ${topic} has no leader`);
    const broker = await cluster.findBroker({ nodeId: leader });
    const { responses }: FetchReply = await broker.fetch({
      maxWaitTime: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES_MAX,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
      rackId: '',
    });
    const messages = responses[0]?.partitions[0]?.messages ?? [];
    // A batch comes whole, also where it begins before.
    const records = messages.filter(({ isControlRecord }) => !isControlRecord).map(incomingRecord);
    const last = messages.at(-1);
    const next = last === undefined ? undefined : Number(last.offset) + 1;
    return {
      records: records.filter(({ offset }) => offset >= from),
      next: next !== undefined && next > from ? next : undefined,
    };
  }
}
