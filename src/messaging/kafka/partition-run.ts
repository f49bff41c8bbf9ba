import type { BatchControl, BatchResult, Subscription } from '../driver.js';
import type { IncomingRecord, RecordBatch, RecordHeaders, TopicPartition } from '../record.js';

/** What kafkajs hands over of a record; one of an old format has no headers. */
interface FetchedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: object;
  readonly offset: string;
  readonly timestamp: string;
}

export function incomingRecord({ key, value, headers = {}, offset, timestamp }: FetchedMessage): IncomingRecord {
  return { key, value, headers: headers as RecordHeaders, offset: Number(offset), timestampMs: Number(timestamp) };
}

export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** Where a throw is tried again. */
export const RETRY_AFTER_THROW_MS = 1_000;

/** One batch in the hands of the subscriber. */
export class PartitionRun implements BatchControl {
  /** The partition went to someone else, at least for a moment: its offsets are not ours to commit any more. */
  lost = false;

  constructor(
    readonly batch: RecordBatch,
    private readonly isDisturbed: () => boolean,
  ) {}

  get stale(): boolean {
    return this.lost || this.isDisturbed();
  }

  /** Never throws: an error of ours that reaches kafkajs may end its consumer for good. */
  async handle(onBatch: Subscription['onBatch'], onThrow: (error: unknown) => void): Promise<BatchResult> {
    const first = this.batch.records[0]!.offset;
    try {
      const { nextOffset, retryInMs } = await onBatch(this.batch, this);
      if (!Number.isSafeInteger(nextOffset)) throw new Error(`onBatch gave ${nextOffset} for the next offset`);
      return { nextOffset: Math.max(first, nextOffset), retryInMs };
    } catch (error) {
      onThrow(error);
      return { nextOffset: first, retryInMs: RETRY_AFTER_THROW_MS };
    }
  }
}
