import type { IncomingRecord, OutgoingRecord } from '../record.js';
import type { EmbeddedLimits } from './limits.js';
import { type HeldBytes, PartitionLog } from './partition-log.js';
import { WaitingSends } from './waiting-sends.js';

/** A group in its partition. */
export interface PartitionReader {
  /** Offset of the next record for the group. */
  readonly position: number;
  /** Whether it has members: only then do senders wait for it. */
  readonly attended: boolean;
  /** There are new records. */
  wake(): void;
}

/** A partition: its records, the groups that read them, and the records that wait for room. */
export class Partition {
  readonly log: PartitionLog;
  readonly readers: PartitionReader[] = [];
  readonly waiting: WaitingSends;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly retentionMs: number,
    private readonly limits: EmbeddedLimits,
    private readonly held: HeldBytes,
  ) {
    this.log = new PartitionLog(held);
    this.waiting = new WaitingSends(this, held, limits.roomTimeoutMs);
  }

  /** Appends a record and returns its offset, or undefined where it has to wait: there is no room, or others wait before it. */
  accept(record: OutgoingRecord, bytes: number, timestampMs: number): number | undefined {
    if (!this.waiting.isEmpty || !this.hasRoom(bytes)) return undefined;
    return this.log.append(record, bytes, timestampMs);
  }

  /** Without anything to wait for there is room for any record. */
  hasRoom(bytes: number): boolean {
    const { log, limits } = this;
    const needed = this.oldestNeeded();
    if (needed === log.endOffset) return true;
    if (this.held.bytes + bytes > limits.totalBytes) log.dropBefore(needed);
    return (
      log.endOffset - needed < limits.waitingRecords &&
      log.bytesFrom(needed) + bytes <= limits.waitingBytes &&
      this.held.bytes + bytes <= limits.totalBytes
    );
  }

  /** After records came or groups went on. */
  changed(nowMs: number): void {
    this.waiting.drain(nowMs);
    this.expire(nowMs);
    const { log, limits } = this;
    log.dropBefore(Math.min(this.oldestWanted(), log.endOffset - limits.keptRecords));
  }

  wakeReaders(): void {
    for (const reader of this.readers) reader.wake();
  }

  /** The oldest record that every group has. */
  oldestSpare(): IncomingRecord | undefined {
    return this.log.baseOffset < this.oldestWanted() ? this.log.at(this.log.baseOffset) : undefined;
  }

  /** Drops at most `count` records that every group has. */
  dropSpare(count: number): void {
    this.log.dropBefore(Math.min(this.oldestWanted(), this.log.baseOffset + count));
  }

  /**
   * Drops what is older than the topic keeps it or beyond the limits. What a group with members has not committed stays; a
   * group without members keeps its place while there is room for it.
   */
  expire(nowMs: number): void {
    const { log, limits } = this;
    const oldestMs = this.retentionMs < 0 ? Number.NEGATIVE_INFINITY : nowMs - this.retentionMs;
    const needed = this.oldestNeeded();
    let offset = Math.max(log.baseOffset, Math.min(needed, log.endOffset - limits.waitingRecords));
    while (offset < needed && (log.at(offset)!.timestampMs < oldestMs || log.bytesFrom(offset) > limits.waitingBytes)) {
      offset++;
    }
    log.dropBefore(offset);
  }

  private oldestWanted(): number {
    return this.readers.reduce((oldest, { position }) => Math.min(oldest, position), this.log.endOffset);
  }

  private oldestNeeded(): number {
    let oldest = this.log.endOffset;
    for (const { attended, position } of this.readers) if (attended && position < oldest) oldest = position;
    return oldest;
  }
}
