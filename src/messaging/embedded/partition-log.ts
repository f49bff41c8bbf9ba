import type { IncomingRecord, OutgoingRecord } from '../record.js';
import { RECORD_OVERHEAD_BYTES } from './limits.js';

const CAPACITY_MIN = 64;

/** What all partitions of a driver hold together. */
export interface HeldBytes {
  bytes: number;
  /** Records that wait for bytes, or for a group, by partition. */
  readonly awaited: Set<{ drain(nowMs: number): void }>;
}

/** The records of a partition from `baseOffset` to before `endOffset`, in a ring that grows. */
export class PartitionLog {
  /** Offset of the oldest record, or of the next one where there is none. */
  baseOffset = 0;
  /** Offset of the next record. */
  endOffset = 0;
  private ring: (IncomingRecord | undefined)[] = new Array(CAPACITY_MIN).fill(undefined);
  /** Bytes ever appended, up to and with the record in the same place of the ring. */
  private ends = new Float64Array(CAPACITY_MIN);
  private droppedBytes = 0;
  private appendedBytes = 0;

  constructor(private readonly held: HeldBytes) {}

  /** Keeps the very buffers of the record, whose `bytes` are with what it costs beside them. Returns its offset. */
  append(record: OutgoingRecord, bytes: number, timestampMs: number): number {
    const offset = this.endOffset;
    if (offset - this.baseOffset === this.ring.length) this.grow();
    const place = offset % this.ring.length;
    const { key, value, headers } = record;
    this.ring[place] = { key, value, headers, offset, timestampMs, bytes: bytes - RECORD_OVERHEAD_BYTES };
    this.appendedBytes += bytes;
    this.ends[place] = this.appendedBytes;
    this.held.bytes += bytes;
    this.endOffset = offset + 1;
    return offset;
  }

  at(offset: number): IncomingRecord | undefined {
    const isHere = Number.isInteger(offset) && offset >= this.baseOffset && offset < this.endOffset;
    return isHere ? this.ring[offset % this.ring.length] : undefined;
  }

  /** At most `recordsMax` records from `offset` (which is kept) on, and at most `bytesMax` bytes of them, but one at least. */
  read(offset: number, recordsMax: number, bytesMax: number): IncomingRecord[] {
    const limit = Math.min(offset + recordsMax, this.endOffset);
    const bytesEnd = this.bytesBefore(offset) + bytesMax;
    const records: IncomingRecord[] = [];
    for (let next = offset; next < limit; next++) {
      const place = next % this.ring.length;
      if (next > offset && this.ends[place]! > bytesEnd) break;
      records.push(this.ring[place]!);
    }
    return records;
  }

  /** Bytes of the records from `offset` on. */
  bytesFrom(offset: number): number {
    return this.appendedBytes - this.bytesBefore(offset);
  }

  /** Forgets the records before `offset`. */
  dropBefore(offset: number): void {
    if (offset <= this.baseOffset) return;
    const bytes = this.bytesBefore(offset);
    this.held.bytes -= bytes - this.droppedBytes;
    this.droppedBytes = bytes;
    for (let old = this.baseOffset; old < offset; old++) this.ring[old % this.ring.length] = undefined;
    this.baseOffset = offset;
  }

  private bytesBefore(offset: number): number {
    return offset <= this.baseOffset ? this.droppedBytes : this.ends[(offset - 1) % this.ring.length]!;
  }

  private grow(): void {
    const ring: (IncomingRecord | undefined)[] = new Array(2 * this.ring.length).fill(undefined);
    const ends = new Float64Array(ring.length);
    for (let offset = this.baseOffset; offset < this.endOffset; offset++) {
      ring[offset % ring.length] = this.ring[offset % this.ring.length];
      ends[offset % ring.length] = this.ends[offset % this.ring.length]!;
    }
    this.ring = ring;
    this.ends = ends;
  }
}
