import type { SendOutcome } from '../driver.js';
import { type OutgoingRecord, recordBytes, type TopicPartition } from '../record.js';
import { RECORD_OVERHEAD_BYTES } from './limits.js';
import type { HeldBytes, PartitionLog } from './partition-log.js';

/** The partition that records wait for. */
export interface FullPartition extends TopicPartition {
  readonly log: PartitionLog;
  hasRoom(bytes: number): boolean;
  wakeReaders(): void;
}

/** The records of one call of `send` that wait for room in one partition, from `next` on. */
interface WaitingSend {
  readonly call: object;
  readonly records: { readonly record: OutgoingRecord; readonly settle: (outcome: SendOutcome) => void }[];
  next: number;
  readonly timeout: NodeJS.Timeout;
}

/** The records that wait for room in a partition, in the order in which they were sent. */
export class WaitingSends {
  private readonly queue: WaitingSend[] = [];

  constructor(
    private readonly target: FullPartition,
    private readonly held: HeldBytes,
    private readonly timeoutMs: number,
  ) {}

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  /** `call` tells the calls of `send` apart: all that one of them has waiting here shares one timeout. */
  add(call: object, record: OutgoingRecord, settle: (outcome: SendOutcome) => void): void {
    let last = this.queue.at(-1);
    if (last?.call !== call) {
      const created: WaitingSend = {
        call,
        records: [],
        next: 0,
        timeout: setTimeout(() => this.giveUp(created), this.timeoutMs),
      };
      last = created;
      this.queue.push(last);
      this.held.awaited.add(this);
    }
    last.records.push({ record, settle });
  }

  /** Appends what has room now. */
  drain(nowMs: number): void {
    let appended = false;
    for (let send = this.queue[0]; send !== undefined; send = this.queue[0]) {
      for (; send.next < send.records.length; send.next++) {
        const { record, settle } = send.records[send.next]!;
        const bytes = recordBytes(record) + RECORD_OVERHEAD_BYTES;
        if (!this.target.hasRoom(bytes)) break;
        settle({ sent: true, partition: this.target.partition, offset: this.target.log.append(record, bytes, nowMs) });
        appended = true;
      }
      if (send.next < send.records.length) break;
      clearTimeout(send.timeout);
      this.queue.shift();
    }
    if (this.isEmpty) this.held.awaited.delete(this);
    if (appended) this.target.wakeReaders();
  }

  /** Nothing will be appended any more. */
  fail(outcome: SendOutcome): void {
    for (const { records, next, timeout } of this.queue.splice(0)) {
      clearTimeout(timeout);
      for (const { settle } of records.slice(next)) settle(outcome);
    }
    this.held.awaited.delete(this);
  }

  private giveUp(send: WaitingSend): void {
    const { topic, partition } = this.target;
    const detail = `${topic}/${partition} had no room for ${this.timeoutMs} ms: a group does not keep up`;
    this.queue.splice(this.queue.indexOf(send), 1);
    for (const { settle } of send.records.slice(send.next)) settle({ sent: false, code: 'outbox_full', detail });
    // Smaller ones behind it may have room.
    this.drain(Date.now());
  }
}
