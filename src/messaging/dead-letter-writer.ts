import { deadLetterOf, deadLetterTopic, type Failure } from './dead-letter.js';
import type { MessagingDriver } from './driver.js';
import { MessageNotSentError } from './ports.js';
import type { IncomingRecord, TopicPartition } from './record.js';

/** Puts what cannot be handled aside, so that the source offset may be committed. */
export class DeadLetterWriter {
  constructor(
    private readonly driver: MessagingDriver,
    private readonly serviceVersion: string,
  ) {}

  /** Returns once every letter is acknowledged. Throws {@link MessageNotSentError}: some may have been written. */
  async write(
    place: TopicPartition,
    letters: readonly { readonly record: IncomingRecord; readonly failure: Failure }[],
  ): Promise<void> {
    const now = new Date();
    const topic = deadLetterTopic(place.topic);
    const records = letters.map(({ record, failure }) =>
      deadLetterOf({ ...record, topic: place.topic, partition: place.partition }, failure, now, this.serviceVersion),
    );
    for (const outcome of await this.driver.send(topic, records)) {
      // Never given up: a letter that cannot be written holds its partition.
      if (!outcome.sent) throw new MessageNotSentError('broker_unavailable', `${topic}: ${outcome.detail}`);
    }
  }
}
