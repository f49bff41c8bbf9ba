import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { RiskError } from '../risk/errors.js';
import { deadLetterTopic, historyOf, isDeadLetterTopic, replayOf, sourceTopic } from './dead-letter.js';
import { cursorOf, type Place, pageOfLetters, placesOf } from './dead-letter-pages.js';
import { MessagingDriver } from './driver.js';
import type { DeadLetter, deadLetterList, deadLettersQuery } from './messaging.schema.js';
import { MessagingService } from './messaging.service.js';
import { topicNotFound } from './messaging-operations.service.js';
import type { SendFailure } from './ports.js';
import type { StoredRecord } from './record.js';
import { shownDeadLetter, shownDeadLetterSummary } from './shown-record.js';

/** Shows what could not be handled, and sends it once more. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly driver: MessagingDriver,
    private readonly messaging: MessagingService,
  ) {}

  /** A page of one topic's letters or of all, newest first, in previews. */
  async list({ topic, limit, cursor }: z.output<typeof deadLettersQuery>): Promise<z.infer<typeof deadLetterList>> {
    const places = cursor === undefined ? await this.ends(topic) : this.continued(cursor, topic);
    const { data, rest } = await pageOfLetters(this.driver, places, limit, shownDeadLetterSummary);
    return { data, next_cursor: cursorOf(rest) };
  }

  async get(id: string): Promise<DeadLetter> {
    return shownDeadLetter(await this.find(id));
  }

  /** Sends it to the topic it came from, with its history. The letter stays: what was replayed may fail again. */
  async replay(id: string) {
    const letter = await this.find(id);
    const topic = sourceTopic(letter.topic);
    const record = replayOf(letter);
    const { failures } = await this.messaging.sendRecords(topic, [record]);
    if (failures[0]) throw notReplayed(topic, failures[0]);
    return { dead_letter_id: id, topic, replays: Number(historyOf(record.headers).replays) };
  }

  /** Every partition of dead letters, from its end. */
  private async ends(topic: string | undefined): Promise<Place[]> {
    const topics = await this.driver.topics();
    const asked = topics.filter(({ name }) =>
      topic === undefined ? isDeadLetterTopic(name) : name === deadLetterTopic(topic),
    );
    if (topic !== undefined && asked.length === 0 && !topics.some(({ name }) => name === topic)) {
      throw topicNotFound(topic);
    }
    return asked.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({
        ...{ topic: name, partition },
        before: Number.MAX_SAFE_INTEGER,
      })),
    );
  }

  private continued(cursor: string, topic: string | undefined): Place[] {
    const places = placesOf(cursor, topic === undefined ? undefined : deadLetterTopic(topic));
    if (places) return places;
    const detail = 'expected the next_cursor of a page of this list';
    const errors = [{ pointer: '/cursor', in: 'query' as const, code: 'unknown_cursor', detail }];
    throw new RiskError('validation_failed', detail, { errors });
  }

  private async find(id: string): Promise<StoredRecord> {
    const [topic, partition, offset] = id.split(':') as [string, string, string];
    const place = { topic, partition: Number(partition), offset: Number(offset) };
    const letter = isDeadLetterTopic(topic) ? await this.driver.at(place) : undefined;
    if (!letter) throw new RiskError('dead_letter_not_found', `no dead letter has the id ${id}`);
    return letter;
  }
}

/** What no second try would mend is the letter's own fault. */
function notReplayed(topic: string, { code, detail }: SendFailure): RiskError {
  if (code === 'record_too_large') return new RiskError('payload_too_large', `the topic does not take it: ${detail}`);
  if (code === 'unknown_topic') return topicNotFound(topic);
  return new RiskError('dependency_unavailable', `the replay was not sent: ${detail}`);
}
