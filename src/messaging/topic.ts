import type { CompressionType } from './names.schema.js';

/** How a topic is wanted; what is unset is left to the broker. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Unset: 3, or the number of brokers where there are fewer. */
  readonly replicationFactor?: number;
  /** How long records are kept, in milliseconds; -1 = for ever. */
  readonly retentionMs?: number;
  /** How the broker keeps records; unset: as they were sent. */
  readonly compression?: CompressionType;
  /** Largest batch of records the broker takes, in bytes. */
  readonly maxMessageBytes?: number;
}

/** A topic as it is. Settings that the driver does not know are null. */
export interface TopicState {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly retentionMs: number | null;
  readonly compression: CompressionType | 'producer' | null;
  readonly maxMessageBytes: number | null;
}

/** A setting of an existing topic that is not as wanted; it is reported and never changed. */
export interface TopicDifference {
  readonly setting: 'num_partitions' | 'replication_factor' | 'retention_ms' | 'compression_type' | 'max_message_bytes';
  readonly wanted: number | string;
  readonly actual: number | string | null;
}

export interface EnsuredTopic {
  readonly state: TopicState;
  readonly created: boolean;
  readonly differences: readonly TopicDifference[];
}

/** What differs from the wish; a setting that is left to the broker never does. */
export function topicDifferences(wanted: TopicSpec, actual: TopicState): TopicDifference[] {
  const pairs = [
    ['num_partitions', wanted.partitions, actual.partitions],
    ['replication_factor', wanted.replicationFactor, actual.replicationFactor],
    ['retention_ms', wanted.retentionMs, actual.retentionMs],
    ['compression_type', wanted.compression, actual.compression],
    ['max_message_bytes', wanted.maxMessageBytes, actual.maxMessageBytes],
  ] as const;
  return pairs.flatMap(([setting, want, is]) =>
    want === undefined || want === is ? [] : [{ setting, wanted: want, actual: is }],
  );
}
