import type { MessagingDriver, SendOutcome } from './driver.js';
import { encode } from './encode.js';
import { type BatchOutcome, MessageNotSentError, Messaging, type OutgoingMessage, type SendFailure } from './ports.js';
import { type OutgoingRecord, recordBytes } from './record.js';

/** What was sent since the start. */
export interface ProducerStats {
  readonly messagesSent: number;
  readonly messagesFailed: number;
  /** Key, value and headers of what was acknowledged, before compression. */
  readonly bytesSent: number;
}

/** Sends messages over the driver and counts what became of them. */
export class MessagingService extends Messaging {
  private sent = 0;
  private failed = 0;
  private bytes = 0;

  constructor(private readonly driver: MessagingDriver) {
    super();
  }

  get stats(): ProducerStats {
    return { messagesSent: this.sent, messagesFailed: this.failed, bytesSent: this.bytes };
  }

  async sendMessage(topic: string, message: OutgoingMessage): Promise<void> {
    const { failures } = await this.sendBatch(topic, [message]);
    if (failures[0]) throw new MessageNotSentError(failures[0].code, `${topic}: ${failures[0].detail}`);
  }

  async sendBatch(topic: string, messages: readonly OutgoingMessage[]): Promise<BatchOutcome> {
    const now = new Date();
    return this.sendRecords(
      topic,
      messages.map((message) => encode(message, now)),
    );
  }

  /** Sends records as they are. */
  async sendRecords(topic: string, records: readonly OutgoingRecord[]): Promise<BatchOutcome> {
    const outcomes: SendOutcome[] = await this.driver.send(topic, records);
    const failures: SendFailure[] = [];
    outcomes.forEach((outcome, index) => {
      if (outcome.sent) this.bytes += recordBytes(records[index]!);
      else failures.push({ index, code: outcome.code, detail: outcome.detail });
    });
    const success = records.length - failures.length;
    this.sent += success;
    this.failed += failures.length;
    return { success, failed: failures.length, failures };
  }
}
