import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { MessageType } from './names.schema.js';
import type { IncomingRecord, TopicPartition } from './record.js';

/** What a handler takes from a topic. */
export interface ConsumeOptions<Schema extends z.ZodType = z.ZodType> {
  /** Name of the consumer group, exactly as the cluster knows it. */
  readonly group: string;
  /**
   * Every instance reads everything, standbys too, from the oldest record on after each start: its group is one of its
   * own, named after this one.
   */
  readonly eachInstance?: boolean;
  /** A record that does not fit becomes a dead letter; unknown fields are ignored and counted. */
  readonly schema: Schema;
  /** What a sender is told that a value should be, where the handler takes more and answers what is wrong by itself. */
  readonly documented?: z.ZodType;
  /** The `message_type` that records of this topic may carry; one without is taken too. */
  readonly messageType: MessageType;
  /** An example of the value, for the AsyncAPI document. */
  readonly example: z.input<Schema>;
  readonly summary: string;
}

/** A message that the handler could read but not take: it becomes a dead letter, the others go on. */
export interface Refusal {
  /** Place in the messages the handler was given. */
  readonly index: number;
  readonly code: string;
  readonly detail: string;
}

/** What a handler knows of its messages besides their values. */
export interface BatchContext extends TopicPartition {
  /** `records[i]` carried the i-th message. */
  readonly records: readonly IncomingRecord[];
  /** Counts messages that were set aside on purpose, such as late ones, in the statistics of the group. */
  skip(reason: string, count: number): void;
}

type BatchHandler<Message> = (
  messages: readonly Message[],
  context: BatchContext,
) => Promise<readonly Refusal[] | undefined> | Promise<void>;

/**
 * Makes a controller's method the handler of a topic: it gets the valid messages of a slice of one partition, in the
 * order of their offsets, at least once. Once it returns they count as done. A failure of the infrastructure is tried
 * again for ever while the partition rests; any other error sends the message that causes it to the dead letters.
 */
export function Consume<Schema extends z.ZodType>(topic: string, options: ConsumeOptions<Schema>) {
  return <Method extends BatchHandler<z.output<Schema>>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    return EventPattern<string>(topic, options)(target, key, descriptor);
  };
}
