import type { RecordProblem } from './decode.js';
import type { OutgoingRecord, RecordHeaders, StoredRecord } from './record.js';

const SUFFIX = '.dead_letter';
const PREFIX = 'dl_';
const REASON_LENGTH_MAX = 2_000;

export const deadLetterTopic = (topic: string) => `${topic}${SUFFIX}`;
export const isDeadLetterTopic = (topic: string) => topic.endsWith(SUFFIX);
export const sourceTopic = (topic: string) => topic.slice(0, -SUFFIX.length);

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

/**
 * The dead letter of a record: its key, value and headers untouched, its history beside them. One that failed before
 * and was replayed keeps the time it was first seen, and its attempts add up.
 */
export function deadLetterOf(record: StoredRecord, failure: Failure, now: Date, version: string): OutgoingRecord {
  const before = historyOf(record.headers);
  return {
    key: record.key,
    value: record.value,
    headers: withHistory(record.headers, {
      reason: failure.reason.slice(0, REASON_LENGTH_MAX),
      class: failure.class,
      topic: record.topic,
      partition: String(record.partition),
      offset: String(record.offset),
      attempts: String(Number(before.attempts ?? 0) + failure.attempts),
      first_seen: before.first_seen ?? now.toISOString(),
      service_version: version,
      replays: before.replays,
    }),
  };
}

/** The record that brings a dead letter back to the topic it came from, with its history. */
export function replayOf(letter: StoredRecord): OutgoingRecord {
  const before = historyOf(letter.headers);
  return {
    key: letter.key,
    value: letter.value,
    headers: withHistory(letter.headers, { ...before, replays: String(Number(before.replays ?? 0) + 1) }),
  };
}

export function historyOf(headers: RecordHeaders): History {
  return Object.fromEntries(
    HISTORY.map((name) => [name, headers[PREFIX + name] === undefined ? null : String(headers[PREFIX + name])]),
  ) as unknown as History;
}

/** The headers its sender gave it. */
export function originalHeaders(headers: RecordHeaders): RecordHeaders {
  const isHistory = (name: string) => HISTORY.some((field) => name === PREFIX + field);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isHistory(name)));
}

function withHistory(headers: RecordHeaders, history: History): RecordHeaders {
  const fields = Object.entries(history).flatMap(([name, value]) =>
    value === null ? [] : [[PREFIX + name, Buffer.from(value)]],
  );
  return { ...originalHeaders(headers), ...Object.fromEntries(fields) };
}
