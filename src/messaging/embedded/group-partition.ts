import type { LoggerService } from '@nestjs/common';
import type { BatchControl, BatchResult, Subscription } from '../driver.js';
import type { EventLoopTurns } from './event-loop-turns.js';
import type { Partition, PartitionReader } from './partition.js';

const BATCH_RECORDS_MAX = 1_000;
const BATCH_BYTES_MAX = 1_000_000;
/** Rest after a batch that threw, or that came to nothing without saying when to try again. */
const RETRY_MS = 1_000;
/** The longest that a timer of Node takes. */
const REST_MS_MAX = 2 ** 31 - 1;

export interface GroupPartitionParts {
  readonly turns: EventLoopTurns;
  readonly logger: Pick<LoggerService, 'warn'>;
  /** Called after a commit. */
  readonly committed: () => void;
}

/**
 * A group in one partition: its offset, and the batches one after the other, whichever member they go to. A partition
 * changes hands only between two batches, so that what was done is committed and never delivered to the next member.
 */
export class GroupPartition implements PartitionReader {
  attended = false;
  /** Settles with the running batch. */
  running: { readonly member: Subscription; readonly done: Promise<void> } | undefined;
  private committed: number;
  private member: Subscription | undefined;
  private rest: NodeJS.Timeout | undefined;
  private isWorking = false;
  private isFailing = false;

  constructor(
    readonly partition: Partition,
    private readonly parts: GroupPartitionParts,
  ) {
    this.committed = partition.log.baseOffset;
    partition.readers.push(this);
  }

  get position(): number {
    return Math.max(this.committed, this.partition.log.baseOffset);
  }

  /** The member that gets the next batch; a running one is finished where it runs. */
  assign(member: Subscription | undefined): void {
    this.member = member;
    if (!member) this.endRest();
    else this.wake();
  }

  isWith(member: Subscription): boolean {
    return this.member === member || this.running?.member === member;
  }

  wake(): void {
    if (!this.isWorking && this.isDue) void this.work();
  }

  private get isDue(): boolean {
    return this.member !== undefined && this.rest === undefined && this.position < this.partition.log.endOffset;
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    // Never within the call that woke us.
    await Promise.resolve();
    while (this.isDue) {
      await this.parts.turns.take();
      const { member } = this;
      if (!member) break;
      const done = this.batch(member);
      this.running = { member, done };
      await done;
      this.running = undefined;
    }
    this.isWorking = false;
  }

  /** Never throws. */
  private async batch(member: Subscription): Promise<void> {
    const { log, topic, partition } = this.partition;
    const first = this.position;
    const records = log.read(first, BATCH_RECORDS_MAX, BATCH_BYTES_MAX);
    const result = await this.result(member, { topic, partition, records });
    const next = Math.min(result?.nextOffset ?? first, first + records.length);
    if (next > first) this.commit(next);
    // A partition that changes hands goes on with the next member at once.
    const isLeft = this.member !== member;
    if (result?.retryInMs !== undefined) this.restFor(result.retryInMs);
    else if (!(next > first) && !isLeft) this.restFor(RETRY_MS);
  }

  private async result(
    member: Subscription,
    batch: Parameters<Subscription['onBatch']>[0],
  ): Promise<BatchResult | undefined> {
    const isLeft = () => this.member !== member;
    const control: BatchControl = {
      get stale() {
        return isLeft();
      },
    };
    try {
      // `running` is to be set when the handler begins: it may close its own member.
      await Promise.resolve();
      const result = await member.onBatch(batch, control);
      this.isFailing = false;
      return result;
    } catch (error) {
      // The first of a row: it is tried every second.
      if (!this.isFailing) {
        const place = `${member.group} in ${batch.topic}/${batch.partition}`;
        this.parts.logger.warn(`${place} failed, and tries again every ${RETRY_MS} ms: ${error}`);
      }
      this.isFailing = true;
      return undefined;
    }
  }

  private commit(nextOffset: number): void {
    this.committed = nextOffset;
    this.partition.changed(Date.now());
    this.parts.committed();
  }

  private restFor(ms: number): void {
    if (!this.member) return;
    this.rest = setTimeout(
      () => {
        this.rest = undefined;
        this.wake();
      },
      Math.min(ms, REST_MS_MAX),
    );
  }

  private endRest(): void {
    clearTimeout(this.rest);
    this.rest = undefined;
  }
}
