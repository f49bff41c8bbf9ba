import type { RecordProblem } from './decode.js';
import type { OutgoingRecord, RecordHeaders, StoredRecord } from './record.js';

const SUFFIX = '.dead_letter';
const PREFIX = 'dl_';
const REASON_LENGTH_MAX = 2_000;

export const deadLetterTopic = (topic: string) => `${topic}${SUFFIX}`;
export const isDeadLetterTopic = (topic: string) => topic.endsWith(SUFFIX);
export const sourceTopic = (topic: string) => topic.slice(0, -SUFFIX.length);

/** Where a record stands, as one text: `topic:partition:offset`. */
export const deadLetterId = ({ topic, partition, offset }: Pick<StoredRecord, 'topic' | 'partition' | 'offset'>) =>
  `${topic}:${partition}:${offset}`;

/** How a record failed. */
export interface Failure extends RecordProblem {
  /** How often it was tried, this time. */
  readonly attempts: number;
}

/** The headers that tell the history of a dead letter. */
const HISTORY = [
  'reason',
  'class',
  'topic',
  'partition',
  'offset',
  'attempts',
  'first_seen',
  'service_version',
  'replays',
] as const;
export type History = Readonly<Record<(typeof HISTORY)[number], string | null>>;

/** Only a replay sets it: the id of the letter that it sent once more. */
const REPLAY_OF = `${PREFIX}replay_of`;
/** Stands before a header of the sender that has one of our names, so that neither is lost. */
const KEPT = `${PREFIX}original_`;
const OUR_NAMES: ReadonlySet<string> = new Set([...HISTORY.map((field) => PREFIX + field), REPLAY_OF]);

/**
 * The dead letter of a record: its key, value and headers untouched, its history beside them. One that failed before
 * and was replayed keeps the time it was first seen, and its attempts add up.
 */
export function deadLetterOf(record: StoredRecord, failure: Failure, now: Date, version: string): OutgoingRecord {
  const isOurs = isReplay(record);
  const before = historyOf(isOurs ? record.headers : {});
  return {
    key: record.key,
    value: record.value,
    headers: withHistory(isOurs ? originalHeaders(record.headers) : record.headers, {
      reason: failure.reason.slice(0, REASON_LENGTH_MAX),
      class: failure.class,
      topic: record.topic,
      partition: String(record.partition),
      offset: String(record.offset),
      attempts: String((wholeNumber(before.attempts) ?? 0) + failure.attempts),
      first_seen: before.first_seen ?? now.toISOString(),
      service_version: version,
      replays: before.replays,
    }),
  };
}

/** The record that brings a dead letter back to the topic it came from, with its history. */
export function replayOf(letter: StoredRecord): OutgoingRecord {
  const before = historyOf(letter.headers);
  const replays = String((wholeNumber(before.replays) ?? 0) + 1);
  const headers = withHistory(originalHeaders(letter.headers), { ...before, replays });
  return {
    key: letter.key,
    value: letter.value,
    headers: { ...headers, [REPLAY_OF]: Buffer.from(deadLetterId(letter)) },
  };
}

/**
 * Whether we sent it: it names a letter of its own topic, and the history says that topic too. Headers of our names that
 * somebody else wrote, or that were copied from another topic, are not our history.
 */
function isReplay({ topic, headers }: StoredRecord): boolean {
  const [letterTopic, partition, offset, ...more] = String(headers[REPLAY_OF] ?? '').split(':');
  return (
    letterTopic === deadLetterTopic(topic) &&
    wholeNumber(partition) !== null &&
    wholeNumber(offset) !== null &&
    more.length === 0 &&
    historyOf(headers).topic === topic
  );
}

/** What our headers say of a letter, or of its replay. */
export function historyOf(headers: RecordHeaders): History {
  return Object.fromEntries(
    HISTORY.map((name) => [name, headers[PREFIX + name] === undefined ? null : String(headers[PREFIX + name])]),
  ) as unknown as History;
}

/** The headers its sender gave a letter, under their own names. */
export function originalHeaders(headers: RecordHeaders): RecordHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, header]) => {
      if (OUR_NAMES.has(name)) return [];
      return [[name.startsWith(KEPT) ? name.slice(KEPT.length) : name, header]];
    }),
  );
}

/** A whole number of at most 15 digits; null for everything else that a header may hold. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function withHistory(originals: RecordHeaders, history: History): RecordHeaders {
  const kept = Object.entries(originals).map(([name, header]) =>
    OUR_NAMES.has(name) || name.startsWith(KEPT) ? [KEPT + name, header] : [name, header],
  );
  const told = Object.entries(history).flatMap(([name, value]) =>
    value === null ? [] : [[PREFIX + name, Buffer.from(value)]],
  );
  return Object.fromEntries([...kept, ...told]);
}
