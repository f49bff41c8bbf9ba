import type { Message } from 'kafkajs';
import type { SendFailureCode, SendOutcome } from '../driver.js';
import { partitionOf } from '../partitioner.js';
import { type OutgoingRecord, RECORD_BYTES_MAX, recordBytes } from '../record.js';
import type { ClusterLink } from './cluster-link.js';
import { BackOff, settledWithin } from './deadline.js';
import { wordsOf } from './failure.js';
import { type Entry, Lane } from './lane.js';
import type { KafkaSettings } from './options.js';
import { Producers } from './producers.js';
import { Room } from './room.js';

/** What a broker takes by default for a batch, in bytes. */
const BATCH_BYTES_USUAL = 1_048_588;
/** Of a batch that holds one record, beside its key, value and headers; generous. */
const BATCH_OVERHEAD_BYTES = 1_000;
/** Records of one call that ask for room together. */
const SLICE_RECORDS = 500;
/** A topic that was not there is looked for again after this time. */
const UNKNOWN_FOR_MS = 1_000;

/** One call of `send`. */
class Call {
  readonly outcomes: SendOutcome[];
  readonly done: Promise<SendOutcome[]>;
  private left: number;
  private finish!: (outcomes: SendOutcome[]) => void;

  constructor(
    count: number,
    readonly deadline: number,
  ) {
    this.left = count;
    this.outcomes = new Array(count);
    this.done = new Promise((resolve) => {
      this.finish = resolve;
    });
    if (count === 0) this.finish(this.outcomes);
  }

  settle(index: number, outcome: SendOutcome): void {
    this.outcomes[index] = outcome;
    if (--this.left === 0) this.finish(this.outcomes);
  }

  fail(index: number, code: SendFailureCode, detail: string): void {
    this.settle(index, { sent: false, code, detail });
  }
}

class RecordOnItsWay implements Entry {
  constructor(
    readonly message: Message,
    readonly bytes: number,
    readonly deadline: number,
    private readonly call: Call,
    private readonly index: number,
    private readonly room: Room,
  ) {}

  settle(outcome: SendOutcome): void {
    this.room.free(1, this.bytes);
    this.call.settle(this.index, outcome);
  }
}

/** Takes records for all topics, bounded, and gives each its outcome. */
export class Outbox {
  private readonly lanes = new Map<string, Map<number, Lane>>();
  /** Calls that wait, by topic: later ones queue up behind them, so that records of a partition keep their order. */
  private readonly gates = new Map<string, Promise<void>>();
  private readonly unknownUntil = new Map<string, number>();
  private readonly room: Room;
  private readonly producers: Producers;
  private stopped = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly link: ClusterLink,
  ) {
    this.room = new Room(settings.outboxRecordsMax, settings.outboxBytesMax);
    this.producers = new Producers(settings, link.suspect);
  }

  send(topic: string, records: readonly OutgoingRecord[]): Promise<SendOutcome[]> {
    const call = new Call(records.length, Date.now() + this.settings.sendTimeoutMs);
    const partitions = this.link.knownPartitions(topic);
    const gate = this.gates.get(topic);
    if (!gate && partitions !== undefined && records.length <= SLICE_RECORDS && !this.stopped) {
      const sizes = records.map(recordBytes);
      if (this.room.tryTake(records.length, sum(sizes))) {
        this.hand(topic, partitions, records, sizes, 0, call);
        return call.done;
      }
    }
    const turn = (gate ?? Promise.resolve()).then(() => this.sendInTurn(topic, records, call));
    this.gates.set(topic, turn);
    void turn.then(() => {
      if (this.gates.get(topic) === turn) this.gates.delete(topic);
    });
    return call.done;
  }

  /** Waits for what is on its way, refuses the rest, and ends. */
  async stop(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    while ((this.room.used > 0 || this.gates.size > 0) && Date.now() < until) {
      await settledWithin(10, new Promise(() => {}));
    }
    this.stopped = true;
    for (const lanes of this.lanes.values()) for (const lane of lanes.values()) lane.wake();
    await this.producers.close(Math.max(200, until - Date.now()));
  }

  /** Slow ways: no room, a topic not seen yet, or others before. */
  private async sendInTurn(topic: string, records: readonly OutgoingRecord[], call: Call): Promise<void> {
    for (let from = 0; from < records.length; from += SLICE_RECORDS) {
      const slice = records.slice(from, from + SLICE_RECORDS);
      const sizes = slice.map(recordBytes);
      const failAll = (code: SendFailureCode, detail: string) => {
        for (let at = 0; at < slice.length; at++) call.fail(from + at, code, detail);
      };
      const entered = await this.room.take(slice.length, sum(sizes), Math.max(0, call.deadline - Date.now()));
      if (!entered) {
        failAll('outbox_full', `${this.settings.outboxRecordsMax} records or their bytes wait for the broker already`);
        continue;
      }
      const found = await this.findPartitions(topic, call.deadline);
      if (typeof found === 'number') this.hand(topic, found, slice, sizes, from, call);
      else {
        this.room.free(slice.length, sum(sizes));
        failAll(...found);
      }
    }
  }

  private async findPartitions(topic: string, deadline: number): Promise<number | [SendFailureCode, string]> {
    const backOff = new BackOff(50, 1_000);
    for (let why = 'no answer'; ; ) {
      if (this.stopped) return ['broker_unavailable', 'The service stops'];
      const known = this.link.knownPartitions(topic);
      if (known !== undefined) return known;
      if (!(await this.link.whenUp(deadline))) {
        return ['broker_unavailable', this.link.status.reason ?? `Kafka cannot be reached: ${why}`];
      }
      if ((this.unknownUntil.get(topic) ?? 0) > Date.now()) return ['unknown_topic', `There is no topic ${topic}`];
      try {
        const partitions = await this.link.findPartitions(topic);
        if (partitions !== undefined) return partitions;
        if (this.unknownUntil.size > 1_000) this.unknownUntil.clear();
        this.unknownUntil.set(topic, Date.now() + UNKNOWN_FOR_MS);
      } catch (error) {
        why = wordsOf(error);
        this.link.suspect();
        await settledWithin(backOff.take(), new Promise(() => {}));
      }
    }
  }

  /** Room is taken for all of them. */
  private hand(
    topic: string,
    partitions: number,
    records: readonly OutgoingRecord[],
    sizes: readonly number[],
    from: number,
    call: Call,
  ): void {
    const limit = this.recordLimit(topic);
    for (let at = 0; at < records.length; at++) {
      const { key, value, headers, partition: wanted } = records[at]!;
      const bytes = sizes[at]!;
      const partition = wanted ?? partitionOf(key, partitions, topic);
      if (bytes > limit) {
        this.room.free(1, bytes);
        call.fail(from + at, 'record_too_large', `${bytes} bytes; ${topic} takes ${limit}`);
      } else if (!(partition >= 0 && partition < partitions)) {
        this.room.free(1, bytes);
        call.fail(
          from + at,
          'unknown_partition',
          `There is no partition ${partition} of ${topic}: it has 0 to ${partitions - 1}`,
        );
      } else {
        const message = { key, value, headers: headers as Message['headers'], partition };
        this.lane(topic, partition).push(new RecordOnItsWay(message, bytes, call.deadline, call, from + at, this.room));
      }
    }
  }

  private lane(topic: string, partition: number): Lane {
    let lanes = this.lanes.get(topic);
    if (!lanes) {
      lanes = new Map();
      this.lanes.set(topic, lanes);
    }
    let lane = lanes.get(partition);
    if (!lane) {
      lane = new Lane(topic, partition, this.producers, this.link, () => this.stopped);
      lanes.set(partition, lane);
    }
    return lane;
  }

  private recordLimit(topic: string): number {
    const bytes = this.link.maxMessageBytes(topic) ?? BATCH_BYTES_USUAL;
    // A topic with more room than usual holds dead letters. The limit is on what was compressed, so that a letter may be
    // larger, as its record was: whether it fits, the broker says.
    if (bytes > BATCH_BYTES_USUAL) return Number.POSITIVE_INFINITY;
    return Math.min(RECORD_BYTES_MAX, bytes - BATCH_OVERHEAD_BYTES);
  }
}

function sum(sizes: readonly number[]): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}
