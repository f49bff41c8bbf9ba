import type { TopicPartition } from './record.js';

/** A partition whose work is being tried again. */
export interface RetryingPartition extends TopicPartition {
  readonly reason: string;
  readonly attempts: number;
  readonly since: Date;
}

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 10_000;

const keyOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;

/** What a consumer group has done since the start, and what holds it up. */
export class GroupStats {
  /** Records that are done, dead letters among them. */
  messagesConsumed = 0;
  batches = 0;
  deadLetters = 0;
  unknownFields = 0;
  lastMessageAt: Date | null = null;
  /** Messages set aside on purpose, by reason. */
  readonly skipped = new Map<string, number>();
  private readonly faults = new Map<string, RetryingPartition>();

  get retrying(): readonly RetryingPartition[] {
    return [...this.faults.values()];
  }

  skip(reason: string, count: number): void {
    if (count > 0) this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count);
  }

  done(records: number, now: Date): void {
    this.messagesConsumed += records;
    this.batches++;
    this.lastMessageAt = now;
  }

  /** Notes that a partition failed once more; returns how long it rests, twice as long each time. */
  failed({ topic, partition }: TopicPartition, reason: string, now: Date): number {
    const before = this.faults.get(keyOf({ topic, partition }));
    const attempts = (before?.attempts ?? 0) + 1;
    this.faults.set(keyOf({ topic, partition }), { topic, partition, reason, attempts, since: before?.since ?? now });
    return Math.min(RETRY_MS_MIN * 2 ** (attempts - 1), RETRY_MS_MAX);
  }

  /** The partition goes on. True where it had failed. */
  recovered(place: TopicPartition): boolean {
    return this.faults.delete(keyOf(place));
  }
}
