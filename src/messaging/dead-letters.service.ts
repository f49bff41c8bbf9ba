import { Injectable } from '@nestjs/common';
import { RiskError } from '../risk/errors.js';
import { deadLetterTopic, historyOf, isDeadLetterTopic, replayOf, sourceTopic } from './dead-letter.js';
import { MessagingDriver } from './driver.js';
import type { DeadLetter } from './messaging.schema.js';
import { MessagingService } from './messaging.service.js';
import { topicNotFound } from './messaging-operations.service.js';
import type { SendFailure } from './ports.js';
import type { StoredRecord } from './record.js';
import { shownDeadLetter } from './shown-record.js';

/** Shows what could not be handled, and sends it once more. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly driver: MessagingDriver,
    private readonly messaging: MessagingService,
  ) {}

  /** The newest of one topic, or of all. */
  async list({ topic, limit }: { topic?: string | undefined; limit: number }) {
    const topics = topic === undefined ? await this.allTopics() : [deadLetterTopic(topic)];
    const letters: StoredRecord[] = [];
    for (const name of topics) {
      const last = await this.driver.last(name, limit);
      if (!last && topic !== undefined && !(await this.exists(topic))) throw topicNotFound(topic);
      letters.push(...(last ?? []));
    }
    letters.sort((a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset);
    return { data: letters.slice(0, limit).map(shownDeadLetter), next_cursor: null };
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

  private async exists(topic: string): Promise<boolean> {
    return (await this.driver.topics()).some(({ name }) => name === topic);
  }

  private async allTopics(): Promise<string[]> {
    return (await this.driver.topics()).map(({ name }) => name).filter(isDeadLetterTopic);
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
