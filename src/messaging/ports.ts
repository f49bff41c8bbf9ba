import type { SendFailureCode } from './driver.js';
import type { MessageType } from './names.schema.js';

/** A message to be sent: its value leaves as JSON. */
export interface OutgoingMessage {
  /** Messages of one key keep their order. */
  readonly key: string | null;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The header `message_type`; absent: none. */
  readonly messageType?: MessageType;
}

export interface SendFailure {
  /** Place of the message in the batch. */
  readonly index: number;
  readonly code: SendFailureCode;
  readonly detail: string;
}

/** How a batch was taken; every message is in exactly one count. */
export interface BatchOutcome {
  readonly success: number;
  readonly failed: number;
  readonly failures: readonly SendFailure[];
}

/** The way out. Nothing is dropped: a message is acknowledged, or the call says that it is not. */
export abstract class Messaging {
  /** Returns once the message is acknowledged. Throws {@link MessageNotSentError}. */
  abstract sendMessage(topic: string, message: OutgoingMessage): Promise<void>;
  /** Sends each message by itself and says what became of it. Waits where too many are on their way. */
  abstract sendBatch(topic: string, messages: readonly OutgoingMessage[]): Promise<BatchOutcome>;
}

/** A message was not acknowledged; it may have arrived all the same where the answer was lost. */
export class MessageNotSentError extends Error {
  override readonly name = 'MessageNotSentError';

  constructor(
    readonly code: SendFailureCode,
    detail: string,
  ) {
    super(detail);
  }
}
