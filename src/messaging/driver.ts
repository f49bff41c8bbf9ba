import type { OutgoingRecord, RecordBatch, StoredRecord, TopicPartition } from './record.js';
import type { EnsuredTopic, TopicSpec, TopicState } from './topic.js';

export type SendFailureCode =
  | 'unknown_topic'
  | 'unknown_partition'
  | 'record_too_large'
  | 'outbox_full'
  | 'broker_unavailable';

/** What became of one record. `sent` means acknowledged by every replica that has to. */
export type SendOutcome =
  | { readonly sent: true; readonly partition: number; readonly offset: number }
  | { readonly sent: false; readonly code: SendFailureCode; readonly detail: string };

export interface DriverStatus {
  /** CONNECTING: not yet reached since the start. DOWN: lost; it comes back by itself. */
  readonly state: 'CONNECTING' | 'UP' | 'DOWN';
  /** Why it is not UP. */
  readonly reason: string | null;
}

/** How far the work on a batch came. */
export interface BatchResult {
  /** Offset after the last record that is done; committed when it is beyond the start of the batch. */
  readonly nextOffset: number;
  /** Set where the records from `nextOffset` on are wanted again after this time; their partition rests meanwhile. */
  readonly retryInMs?: number;
}

export interface BatchControl {
  /** True once the partition went to another member, or the member leaves: nothing more of the batch is to be begun. */
  readonly stale: boolean;
}

/** A member of a group to be. A group that is new begins at the oldest record of each partition. */
export interface Subscription {
  readonly group: string;
  readonly topics: readonly string[];
  /** Called with one batch of a partition at a time; other partitions go on meanwhile. Whatever it throws is tried again. */
  onBatch(batch: RecordBatch, control: BatchControl): Promise<BatchResult>;
}

export interface MemberStatus {
  /** JOINING: waiting for its partitions. DOWN: without broker. */
  readonly state: 'JOINING' | 'RUNNING' | 'DOWN' | 'CLOSED';
  readonly reason: string | null;
  readonly partitions: readonly TopicPartition[];
}

export interface GroupMember {
  readonly status: MemberStatus;
  /** Leaves the group once the running batches are done and committed. */
  close(): Promise<void>;
}

/** How far a group is behind in a partition, in records. */
export interface PartitionLag extends TopicPartition {
  /** Offset of the next record for the group; 0-based, the oldest one kept where nothing was committed. */
  readonly committedOffset: number;
  readonly endOffset: number;
  readonly lag: number;
}

/**
 * What carries records: a Kafka cluster or this process. Delivery is at least once and in the order of each partition;
 * an offset is committed only after `onBatch` said so.
 */
export abstract class MessagingDriver {
  abstract readonly kind: 'kafka' | 'embedded';
  abstract readonly status: DriverStatus;

  /** Begins to connect and creates the topics that do not exist, by itself and again until it succeeds. Returns at once. */
  abstract start(topics: readonly TopicSpec[]): void;

  /** Members leave, records that wait are sent, connections end; at most `timeoutMs`. */
  abstract stop(timeoutMs: number): Promise<void>;

  /**
   * Sends records and waits for their acknowledgement: one outcome for each, in their order. Records of one partition
   * keep their order. Waits where too much is on its way already. Never throws.
   */
  abstract send(topic: string, records: readonly OutgoingRecord[]): Promise<SendOutcome[]>;

  /** Joins a group; before `start` or while disconnected it joins later. */
  abstract subscribe(subscription: Subscription): GroupMember;

  /** Creates what does not exist and compares what does. Throws `dependency_unavailable`. */
  abstract ensureTopics(topics: readonly TopicSpec[]): Promise<EnsuredTopic[]>;

  /** What differed from the wish at the start, by topic. */
  abstract readonly ensured: readonly EnsuredTopic[];

  /** All topics but the broker's own, by name. Throws `dependency_unavailable`. */
  abstract topics(): Promise<TopicState[]>;

  /**
   * The last `limit` records of a topic over all its partitions, newest first; undefined where there is no such topic.
   * With `before` only the partitions that it names, and of each only what stands before that offset. Throws
   * `dependency_unavailable`.
   */
  abstract last(
    topic: string,
    limit: number,
    before?: ReadonlyMap<number, number>,
  ): Promise<StoredRecord[] | undefined>;

  /** One record, unless it is not there (any more). Throws `dependency_unavailable`. */
  abstract at(place: TopicPartition & { readonly offset: number }): Promise<StoredRecord | undefined>;

  /** Lag of a group in each partition of its topics. Throws `dependency_unavailable`. */
  abstract lag(group: string, topics: readonly string[]): Promise<PartitionLag[]>;
}
