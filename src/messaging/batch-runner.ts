import { type LoggerService } from '@nestjs/common';
import type { BatchContext, ConsumeOptions, Refusal } from './consume.decorator.js';
import { type Failure } from './dead-letter.js';
import type { DeadLetterWriter } from './dead-letter-writer.js';
import { decode } from './decode.js';
import type { BatchControl, BatchResult } from './driver.js';
import type { GroupStats } from './group-stats.js';
import { failureReason, isInfrastructureFailure } from './infrastructure-failure.js';
import type { IncomingRecord, RecordBatch, TopicPartition } from './record.js';

/** Records handled at once: enough to share the cost of a write, few enough that a lost partition is noticed soon. */
const SLICE = 1_000;
/** How often a message that makes its handler fail is tried before it becomes a dead letter. */
const HANDLER_ATTEMPTS = 3;

export type Handle = (messages: readonly unknown[], context: BatchContext) => Promise<readonly Refusal[] | undefined>;

export interface RunnerParts {
  readonly options: ConsumeOptions;
  readonly handle: Handle;
  readonly deadLetters: DeadLetterWriter;
  readonly stats: GroupStats;
  readonly logger: Pick<LoggerService, 'log' | 'warn' | 'error'>;
}

/** The records that could be read: `records[i]` carried `messages[i]`. */
interface Readable {
  readonly records: readonly IncomingRecord[];
  readonly messages: readonly unknown[];
}

interface Letter {
  readonly record: IncomingRecord;
  readonly failure: Failure;
}

/**
 * Carries a batch through one handler: decode and validate, handle in offset order, write the dead letters. Nothing that
 * is wrong with a record stops the others; what is wrong with the infrastructure stops the partition until it is back.
 */
export class BatchRunner {
  constructor(private readonly parts: RunnerParts) {}

  async run(batch: RecordBatch, control: BatchControl): Promise<BatchResult> {
    const { stats, logger } = this.parts;
    const { topic, partition, records } = batch;
    let nextOffset = records[0]!.offset;
    try {
      for (let from = 0; from < records.length && !control.stale; from += SLICE) {
        const slice = from === 0 && records.length <= SLICE ? records : records.slice(from, from + SLICE);
        await this.runSlice(batch, slice);
        nextOffset = slice.at(-1)!.offset + 1;
        stats.done(slice.length, new Date());
        if (stats.recovered(batch)) logger.log(`${topic}/${partition} goes on`);
      }
      return { nextOffset };
    } catch (error) {
      const reason = failureReason(error);
      const retryInMs = stats.failed(batch, reason, new Date());
      logger.warn(`${topic}/${partition} rests for ${retryInMs} ms: ${reason}`);
      return { nextOffset, retryInMs };
    }
  }

  /** Throws where the infrastructure failed. */
  private async runSlice(place: TopicPartition, records: readonly IncomingRecord[]): Promise<void> {
    const { stats, deadLetters } = this.parts;
    const letters: Letter[] = [];
    const readable = this.readable(records, letters);
    if (readable.records.length > 0) letters.push(...(await this.handleAll(place, readable)));
    if (letters.length === 0) return;
    letters.sort((a, b) => a.record.offset - b.record.offset);
    await deadLetters.write(place, letters);
    stats.deadLetters += letters.length;
  }

  private readable(all: readonly IncomingRecord[], letters: Letter[]): Readable {
    const { options, stats } = this.parts;
    const records: IncomingRecord[] = [];
    const messages: unknown[] = [];
    for (const record of all) {
      const decoded = decode(record, options);
      if ('message' in decoded) {
        stats.unknownFields += decoded.unknownFields;
        records.push(record);
        messages.push(decoded.message);
      } else {
        letters.push({ record, failure: { ...decoded, attempts: 1 } });
      }
    }
    return { records, messages };
  }

  private async handleAll(place: TopicPartition, readable: Readable): Promise<Letter[]> {
    try {
      return await this.handleOnce(place, readable, 1);
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      this.parts.logger.error({ err: error, ...place }, 'A handler failed; its messages are tried one by one');
    }
    const letters: Letter[] = [];
    for (const [i, record] of readable.records.entries()) {
      letters.push(...(await this.handleAlone(place, record, readable.messages[i])));
    }
    return letters;
  }

  private async handleAlone(place: TopicPartition, record: IncomingRecord, message: unknown): Promise<Letter[]> {
    for (let attempts = 2; ; attempts++) {
      try {
        return await this.handleOnce(place, { records: [record], messages: [message] }, attempts);
      } catch (error) {
        if (isInfrastructureFailure(error)) throw error;
        if (attempts < HANDLER_ATTEMPTS) continue;
        const failure: Failure = { class: 'handler_error', reason: failureReason(error), attempts };
        return [{ record, failure }];
      }
    }
  }

  /** The letters of the messages that the handler refused. */
  private async handleOnce(
    place: TopicPartition,
    { records, messages }: Readable,
    attempts: number,
  ): Promise<Letter[]> {
    const { handle, stats } = this.parts;
    const skipped: [string, number][] = [];
    const refusals = await handle(messages, {
      topic: place.topic,
      partition: place.partition,
      records,
      skip: (reason, count) => skipped.push([reason, count]),
    });
    // Counted once the handler has succeeded: a message that is tried again is still one message.
    for (const [reason, count] of skipped) stats.skip(reason, count);
    return (refusals ?? []).map(({ index, code, detail }) => {
      const record = records[index];
      if (!record) throw new RangeError(`the handler refused message ${index} of ${records.length}`);
      return { record, failure: { class: 'refused', reason: `${code}: ${detail}`, attempts } };
    });
  }
}
