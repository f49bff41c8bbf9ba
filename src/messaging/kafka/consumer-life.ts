import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs';
import type { Subscription } from '../driver.js';
import type { TopicPartition } from '../record.js';
import { KafkaClient } from './client.js';
import { BackOff, settledWithin } from './deadline.js';
import { failureKind } from './failure.js';
import type { KafkaSettings } from './options.js';
import { incomingRecord, PartitionRun, partitionKey } from './partition-run.js';

/** How long a fetch waits for records: what a close, and a partition that is wanted again, wait at most. */
const FETCH_WAIT_MS = 500;
/** Of one partition and of one fetch. A larger batch of records, as of dead letters, comes alone. */
const PARTITION_BYTES_MAX = 1_048_576;
const FETCH_BYTES_MAX = 5_242_880;
/** Batches in hand at the same time: their work is mostly waiting for PostgreSQL and for acknowledgements. */
const PARTITIONS_AT_ONCE = 4;
/** So that partitions that were added are seen. */
const METADATA_MS_MAX = 30_000;
const REBALANCE_MS_MAX = 30_000;
/**
 * kafkajs fetches again only when all batches of a fetch are done. A batch that takes longer than this is taken out of its
 * hands: its partition pauses, the other ones and the heartbeat go on, and it may take as long as it likes.
 */
const PATIENCE_MS = 250;
/** A commit is tried again for so long where the broker is away. */
const COMMIT_MS_MAX = 30_000;

/** What a life shares with the member whose life it is. */
export interface MemberContext {
  readonly settings: KafkaSettings;
  readonly subscription: Subscription;
  /** Batches in hand by partition, also of earlier lives: a partition has one at a time. */
  readonly inHand: Map<string, Promise<unknown>>;
  isClosing(): boolean;
  onThrow(error: unknown, place: TopicPartition): void;
  onJoin(partitions: readonly TopicPartition[]): void;
  onLost(): void;
}

/** One consumer of kafkajs, from its connection until it crashes or leaves. */
export class ConsumerLife {
  joined = false;
  /** Of the last sign of life, in milliseconds since 1970. */
  lastSign = Date.now();
  /** Why it crashed. */
  readonly crashed: Promise<Error>;
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private opening: Promise<void> = Promise.resolve();
  private memberId: string | undefined;
  private rebalancing = false;
  private over = false;
  private readonly runs = new Set<PartitionRun>();
  private readonly resting = new Map<string, NodeJS.Timeout>();

  constructor(private readonly member: MemberContext) {
    const { settings, subscription } = member;
    // Where the broker restarts, the same membership goes on: a new one would wait until the old one has expired.
    this.client = new KafkaClient(settings, member.onLost, { retries: 20, initialRetryTime: 100, maxRetryTime: 1_000 });
    this.consumer = this.client.kafka.consumer({
      groupId: subscription.group,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_MS_MAX,
      heartbeatInterval: Math.min(3_000, Math.floor(settings.sessionTimeoutMs / 3)),
      maxWaitTimeInMs: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytesPerPartition: PARTITION_BYTES_MAX,
      maxBytes: FETCH_BYTES_MAX,
      metadataMaxAge: METADATA_MS_MAX,
      allowAutoTopicCreation: false,
      // Never by itself: it would run on when it was told to stop while it waited to restart.
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    this.crashed = new Promise((resolve) => {
      this.consumer.on('consumer.crash', ({ payload }) => resolve(payload.error));
    });
    this.consumer.on('consumer.group_join', ({ payload }) => this.onGroupJoin(payload));
    this.consumer.on('consumer.rebalancing', () => {
      this.rebalancing = true;
    });
    this.consumer.on('consumer.heartbeat', () => {
      this.lastSign = Date.now();
    });
  }

  /** Throws what kafkajs throws; after a failed join it resolves, and `crashed` does too. */
  async open(): Promise<void> {
    this.opening = this.connectAndRun();
    await this.opening;
  }

  /** Leaves the group: a later member need not wait. */
  async leave(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    // While it joins, kafkajs takes no notice of a stop and would run on after it.
    await settledWithin(timeoutMs, this.opening);
    await settledWithin(Math.max(0, until - Date.now()), this.consumer.disconnect());
    this.end();
  }

  /** At once; its batches in hand are not ours any more. */
  end(): void {
    this.over = true;
    for (const run of this.runs) run.lost = true;
    for (const timer of this.resting.values()) clearTimeout(timer);
    this.resting.clear();
    this.client.close();
  }

  private async connectAndRun(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.member.subscription.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.onFetched(payload),
    });
  }

  private onGroupJoin({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const same = memberId === this.memberId;
    for (const run of this.runs) {
      const { topic, partition } = run.batch;
      if (!same || !memberAssignment[topic]?.includes(partition)) run.lost = true;
    }
    this.memberId = memberId;
    this.rebalancing = false;
    this.joined = true;
    this.lastSign = Date.now();
    const partitions = Object.entries(memberAssignment).flatMap(([topic, ids]) =>
      ids.map((partition) => ({ topic, partition })),
    );
    this.member.onJoin(partitions);
  }

  /** Throws only what kafkajs has to know of: that the member is not in the group any more. */
  private async onFetched(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const place = { topic, partition };
    const key = partitionKey(place);
    const earlier = this.member.inHand.get(key);
    if (earlier || this.over || this.member.isClosing()) {
      this.hold(place);
      void earlier?.then(() => this.release(place));
      return;
    }
    const batch = { ...place, records: messages.map(incomingRecord) };
    const run = new PartitionRun(batch, () => this.over || this.rebalancing || this.member.isClosing());
    this.runs.add(run);
    const work = this.work(run, payload).finally(() => {
      this.runs.delete(run);
      this.member.inHand.delete(key);
    });
    this.member.inHand.set(key, work);
    if (await settledWithin(PATIENCE_MS, work)) {
      const fenced = await work;
      if (fenced && !this.over) throw fenced;
      return;
    }
    this.hold(place);
    void work.then(() => this.release(place));
  }

  /** Never throws; gives the failure of a commit that says that the member is not in the group any more. */
  private async work(run: PartitionRun, payload: EachBatchPayload): Promise<unknown> {
    const { batch } = run;
    try {
      const { nextOffset, retryInMs } = await run.handle(this.member.subscription.onBatch, (error) =>
        this.member.onThrow(error, batch),
      );
      if (nextOffset > batch.records[0]!.offset) {
        const fenced = await this.commit(run, payload, nextOffset);
        if (fenced) return fenced;
        // Where the partition is lost, the next one begins where it was committed.
        if (!run.lost) payload.resolveOffset(String(nextOffset - 1));
      }
      if (retryInMs !== undefined && !run.lost) this.rest(batch, retryInMs);
    } catch (error) {
      // Nothing of ours is expected here. The records come again.
      this.member.onThrow(error, batch);
      if (!run.lost) this.rest(batch, 1_000);
    }
    return undefined;
  }

  private async commit(run: PartitionRun, payload: EachBatchPayload, nextOffset: number): Promise<unknown> {
    const { topic, partition, records } = run.batch;
    // Behind the last record there may be marks of transactions that only kafkajs sees.
    const atEnd = nextOffset > records.at(-1)!.offset;
    const offset = atEnd ? String(Math.max(nextOffset, Number(payload.batch.lastOffset()) + 1)) : String(nextOffset);
    const backOff = new BackOff(100, 1_000);
    for (const until = Date.now() + COMMIT_MS_MAX; !run.lost; ) {
      try {
        await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
        return undefined;
      } catch (error) {
        if (failureKind(error) === 'fenced') return error;
        this.member.onLost();
        // The work is done all the same: the next commit holds this one too.
        if (Date.now() > until || this.over) return undefined;
        await settledWithin(backOff.take(), this.crashed);
      }
    }
    return undefined;
  }

  /** The partition is left alone for this time, while the others go on. */
  private rest(place: TopicPartition, ms: number): void {
    const key = partitionKey(place);
    this.hold(place);
    clearTimeout(this.resting.get(key));
    const timer = setTimeout(() => {
      this.resting.delete(key);
      this.release(place);
    }, ms);
    this.resting.set(key, timer);
  }

  private hold({ topic, partition }: TopicPartition): void {
    this.quietly(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  private release(place: TopicPartition): void {
    const key = partitionKey(place);
    if (this.resting.has(key) || this.member.inHand.has(key)) return;
    this.quietly(() => this.consumer.resume([{ topic: place.topic, partitions: [place.partition] }]));
  }

  /** kafkajs throws where its consumer has ended meanwhile. */
  private quietly(act: () => void): void {
    if (this.over) return;
    try {
      act();
    } catch {}
  }
}
