import type { Message } from 'kafkajs';
import type { SendFailureCode, SendOutcome } from '../driver.js';
import type { ClusterLink } from './cluster-link.js';
import { BackOff, Pause, within } from './deadline.js';
import { failureKind, wordsOf } from './failure.js';
import { type Producers, UnknownToProducer } from './producers.js';

/** Of one request. A broker's limit is on the compressed batch, 1,048,588 bytes by default, so that half of it always fits. */
const REQUEST_BYTES_MAX = 500_000;
/** Of one request, so that writing it does not keep the event loop from going round. */
const REQUEST_RECORDS_MAX = 2_000;
const RETRY_FIRST_MS = 50;
const RETRY_LAST_MS = 1_000;

/** A record on its way. */
export interface Entry {
  readonly message: Message;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  settle(outcome: SendOutcome): void;
}

type Failure = { readonly code: SendFailureCode; readonly detail: string };

/**
 * The records of one partition, one request after the other; what arrives meanwhile goes with the next request.
 *
 * Why only one: kafkajs counts the sequence numbers of an idempotent producer on when it sends and back when the send
 * failed, also where the broker has written the records and only its answer was lost. Other records sent with the same
 * numbers would be taken for a repetition and be lost, acknowledged. So a failed request is sent again as it is, with the
 * same numbers, until it is acknowledged; where we give it up the producer is retired, and its numbers with it.
 */
export class Lane {
  private queue: Entry[] = [];
  private head = 0;
  private running = false;
  private readonly pause = new Pause();

  constructor(
    private readonly topic: string,
    private readonly partition: number,
    private readonly producers: Producers,
    private readonly link: ClusterLink,
    private readonly isStopped: () => boolean,
  ) {}

  push(entry: Entry): void {
    this.queue.push(entry);
    if (this.running) return;
    this.running = true;
    // In the next turn, so that what is sent in this one goes together.
    queueMicrotask(() => void this.run());
  }

  /** Ends a wait between two tries, so that a stop is seen. */
  wake(): void {
    this.pause.wake();
  }

  private async run(): Promise<void> {
    while (this.head < this.queue.length) {
      const entries = this.take();
      await this.deliver(entries);
    }
    this.running = false;
  }

  private take(): Entry[] {
    const from = this.head;
    const last = Math.min(this.queue.length, from + REQUEST_RECORDS_MAX);
    let to = from + 1;
    for (let bytes = this.queue[from]!.bytes; to < last; to++) {
      bytes += this.queue[to]!.bytes;
      if (bytes > REQUEST_BYTES_MAX) break;
    }
    const entries = this.queue.slice(from, to);
    this.head = to;
    if (to === this.queue.length) {
      this.queue = [];
      this.head = 0;
    } else if (to > 10_000) {
      this.queue = this.queue.slice(to);
      this.head = 0;
    }
    return entries;
  }

  private async deliver(entries: Entry[]): Promise<void> {
    const messages = entries.map(({ message }) => message);
    // How kafkajs groups them by partition: it would copy the list for each record, and here there is nothing to group.
    messages.reduce = () => ({ [this.partition]: messages }) as never;
    const backOff = new BackOff(RETRY_FIRST_MS, RETRY_LAST_MS);
    for (;;) {
      const { deadline } = entries[0]!;
      if (this.isStopped()) return this.fail(entries, { code: 'broker_unavailable', detail: 'The service stops' });
      if (!(await this.link.whenUp(deadline)) && Date.now() >= deadline) return this.giveUp(entries);
      const life = this.producers.current;
      try {
        const offset = await within(
          Math.max(1, deadline - Date.now()),
          life.send(this.topic, messages),
          'no answer in time',
        );
        for (let at = 0; at < entries.length; at++) {
          entries[at]!.settle({ sent: true, partition: this.partition, offset: offset + at });
        }
        return;
      } catch (error) {
        if (await this.isFinal(error, entries)) return;
        const unknown = error instanceof UnknownToProducer || failureKind(error) === 'sequence_lost';
        if (unknown || failureKind(error) === 'unknown_topic') this.producers.retire(life);
        if (failureKind(error) === 'timeout') life.dropConnections();
        this.link.suspect();
        if (Date.now() >= deadline) {
          // It may hang on a frozen broker for long: whatever it holds is not to be written after what comes next.
          this.producers.retire(life);
          life.abort();
          return this.giveUp(entries, error);
        }
      }
      await this.pause.rest(Math.min(backOff.take(), Math.max(1, deadline - Date.now())));
    }
  }

  /** Whether the broker's answer was clear: the outcomes are given. */
  private async isFinal(error: unknown, entries: Entry[]): Promise<boolean> {
    const kind = failureKind(error);
    if (kind === 'too_large') {
      if (entries.length === 1) this.fail(entries, { code: 'record_too_large', detail: wordsOf(error) });
      else {
        // The topic takes less than usual; the records may fit by themselves.
        const half = entries.length >> 1;
        await this.deliver(entries.slice(0, half));
        await this.deliver(entries.slice(half));
      }
      return true;
    }
    if (kind === 'refused') {
      this.fail(entries, { code: 'broker_unavailable', detail: `The broker refuses the records: ${wordsOf(error)}` });
      return true;
    }
    return kind === 'unknown_topic' && this.isGone(entries);
  }

  /** A topic that was just created is unknown to some brokers for a moment, a deleted one for good. */
  private async isGone(entries: Entry[]): Promise<boolean> {
    try {
      await this.link.look();
    } catch {
      return false;
    }
    const partitions = this.link.knownPartitions(this.topic);
    if (partitions !== undefined && this.partition < partitions) return false;
    this.fail(entries, { code: 'unknown_topic', detail: `There is no topic ${this.topic} any more` });
    return true;
  }

  private giveUp(entries: Entry[], error?: unknown): void {
    const why = error === undefined ? (this.link.status.reason ?? 'No answer') : wordsOf(error);
    this.fail(entries, { code: 'broker_unavailable', detail: `Not acknowledged in time: ${why}` });
  }

  private fail(entries: Entry[], failure: Failure): void {
    for (const entry of entries) entry.settle({ sent: false, ...failure });
  }
}
