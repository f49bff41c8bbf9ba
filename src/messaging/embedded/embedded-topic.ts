import type { SendOutcome } from '../driver.js';
import { partitionOf } from '../partitioner.js';
import { type OutgoingRecord, RECORD_BYTES_MAX, recordBytes, type StoredRecord } from '../record.js';
import type { TopicSpec, TopicState } from '../topic.js';
import { LateOutcomes } from './late-outcomes.js';
import { type EmbeddedLimits, RECORD_OVERHEAD_BYTES } from './limits.js';
import { Partition } from './partition.js';
import type { HeldBytes } from './partition-log.js';

const FOR_EVER = -1;

/** A topic and its partitions. */
export class EmbeddedTopic {
  readonly partitions: readonly Partition[];
  readonly state: TopicState;
  private readonly recordBytesMax: number;

  constructor(
    { name, partitions, retentionMs = FOR_EVER, maxMessageBytes }: TopicSpec,
    limits: EmbeddedLimits,
    held: HeldBytes,
  ) {
    this.partitions = Array.from({ length: partitions }, (_, i) => new Partition(name, i, retentionMs, limits, held));
    this.recordBytesMax = Math.min(RECORD_BYTES_MAX, maxMessageBytes ?? RECORD_BYTES_MAX);
    this.state = {
      name,
      partitions,
      replicationFactor: 1,
      retentionMs,
      compression: null,
      maxMessageBytes: maxMessageBytes ?? RECORD_BYTES_MAX,
    };
  }

  /** One outcome for each record, once each has one. */
  send(records: readonly OutgoingRecord[]): SendOutcome[] | Promise<SendOutcome[]> {
    const now = Date.now();
    const outcomes = new Array<SendOutcome>(records.length);
    const touched = new Set<Partition>();
    const late = new LateOutcomes(outcomes);
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      const index = record.partition ?? partitionOf(record.key, this.partitions.length, this.state.name);
      const partition = this.partitions[index];
      const bytes = recordBytes(record);
      if (partition === undefined) outcomes[i] = this.unknownPartition(index);
      else if (bytes > this.recordBytesMax) outcomes[i] = this.tooLarge(bytes);
      else {
        const offset = partition.accept(record, bytes + RECORD_OVERHEAD_BYTES, now);
        if (offset === undefined) partition.waiting.add(late, record, late.settle(i));
        else outcomes[i] = { sent: true, partition: index, offset };
        touched.add(partition);
      }
    }
    for (const partition of touched) {
      partition.changed(now);
      partition.wakeReaders();
    }
    return late.all();
  }

  /** The newest `limit` records, newest first; with `before` of its partitions only, before the offset of each. */
  last(limit: number, nowMs: number, before?: ReadonlyMap<number, number>): StoredRecord[] {
    return this.partitions
      .flatMap((part) => {
        part.expire(nowMs);
        const { log, topic, partition } = part;
        const end = Math.min(log.endOffset, before ? (before.get(partition) ?? 0) : log.endOffset);
        const from = Math.max(log.baseOffset, end - limit);
        if (from >= end) return [];
        return log.read(from, end - from, Number.POSITIVE_INFINITY).map((record) => ({ ...record, topic, partition }));
      })
      .sort((a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset)
      .slice(0, limit);
  }

  private unknownPartition(index: number): SendOutcome {
    const { name, partitions } = this.state;
    const detail = `${name} has ${partitions} partitions, and none with the number ${index}`;
    return { sent: false, code: 'unknown_partition', detail };
  }

  private tooLarge(bytes: number): SendOutcome {
    const detail = `key, value and headers have ${bytes} bytes, ${this.state.name} takes ${this.recordBytesMax}`;
    return { sent: false, code: 'record_too_large', detail };
  }
}
