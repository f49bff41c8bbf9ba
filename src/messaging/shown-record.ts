import { historyOf } from './dead-letter.js';
import type { DeadLetter, ShownMessage } from './messaging.schema.js';
import type { RecordHeaders, StoredRecord } from './record.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A record as JSON: what is not UTF-8 is written in base64. */
export function shownRecord(record: StoredRecord): ShownMessage {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: new Date(record.timestampMs).toISOString(),
    key: record.key && shownText(record.key),
    ...shownValue(record.value),
    headers: shownHeaders(record.headers),
  };
}

/** A dead letter with its history. Its id says where it stands. */
export function shownDeadLetter(record: StoredRecord): DeadLetter {
  const history = historyOf(record.headers);
  const number = (text: string | null) => (text === null || !/^\d{1,15}$/.test(text) ? null : Number(text));
  return {
    dead_letter_id: `${record.topic}:${record.partition}:${record.offset}`,
    reason: history.reason,
    class: history.class,
    source: { topic: history.topic, partition: number(history.partition), offset: number(history.offset) },
    attempts: number(history.attempts),
    first_seen: history.first_seen,
    service_version: history.service_version,
    replays: number(history.replays) ?? 0,
    message: shownRecord(record),
  };
}

function shownText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('base64');
  }
}

function shownValue(bytes: Buffer | null): { value: unknown; value_base64: string | null } {
  if (bytes === null) return { value: null, value_base64: null };
  try {
    return { value: JSON.parse(utf8.decode(bytes)), value_base64: null };
  } catch {
    return { value: null, value_base64: bytes.toString('base64') };
  }
}

function shownHeaders(headers: RecordHeaders): Record<string, string> {
  const text = (header: RecordHeaders[string]) =>
    Buffer.isBuffer(header) ? shownText(header) : (header as readonly Buffer[]).map(shownText).join(', ');
  return Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, text(header)]));
}
