import { isSafeNumber, parse } from 'lossless-json';
import { MAY_BE_ROUNDED } from '../http/exact-numbers.js';
import { deadLetterId, historyOf, wholeNumber } from './dead-letter.js';
import type { DeadLetter, DeadLetterSummary, ShownMessage } from './messaging.schema.js';
import type { RecordHeaders, StoredRecord } from './record.js';

const KEY_PREVIEW_BYTES = 256;
const VALUE_PREVIEW_BYTES = 1_024;
/** Ours are no longer; what others write into a topic of dead letters may be. */
const HISTORY_LENGTH_MAX = 2_000;

/** A record as JSON: what is not UTF-8 is written in base64, under names of its own. */
export function shownRecord(record: StoredRecord): ShownMessage {
  const key = record.key && utf8Text(record.key);
  return {
    ...placeOf(record),
    key: key ?? null,
    key_base64: record.key !== null && key === undefined ? record.key.toString('base64') : null,
    ...shownValue(record.value),
    ...shownHeaders(record.headers),
  };
}

/** A dead letter with its history. Its id says where it stands. */
export function shownDeadLetter(record: StoredRecord): DeadLetter {
  return { ...shownHistory(record), message: shownRecord(record) };
}

/** A dead letter of a list: the beginning of its key and value alone, however large they are. */
export function shownDeadLetterSummary(record: StoredRecord): DeadLetterSummary {
  return {
    ...shownHistory(record),
    message: {
      ...placeOf(record),
      key: record.key && preview(record.key, KEY_PREVIEW_BYTES),
      value: record.value && preview(record.value, VALUE_PREVIEW_BYTES),
    },
  };
}

function placeOf({ topic, partition, offset, timestampMs }: StoredRecord) {
  return { topic, partition, offset, timestamp: new Date(timestampMs).toISOString() };
}

function shownHistory(record: StoredRecord) {
  const history = historyOf(record.headers);
  const text = (value: string | null) => value?.slice(0, HISTORY_LENGTH_MAX) ?? null;
  return {
    dead_letter_id: deadLetterId(record),
    reason: text(history.reason),
    class: text(history.class),
    source: {
      topic: text(history.topic),
      partition: wholeNumber(history.partition),
      offset: wholeNumber(history.offset),
    },
    attempts: wholeNumber(history.attempts),
    first_seen: text(history.first_seen),
    service_version: text(history.service_version),
    replays: wholeNumber(history.replays) ?? 0,
  };
}

/** Its first bytes; a character that they cut is left out. */
function preview(bytes: Buffer, bytesMax: number): { preview: string; encoding: 'utf-8' | 'base64'; bytes: number } {
  const first = bytes.subarray(0, bytesMax);
  const text = utf8Text(first, first.length < bytes.length);
  return {
    preview: text ?? first.toString('base64'),
    encoding: text === undefined ? 'base64' : 'utf-8',
    bytes: bytes.length,
  };
}

/** Undefined where the bytes are not UTF-8. With `isCut` the last character may be incomplete. */
function utf8Text(bytes: Buffer, isCut = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

function shownValue(bytes: Buffer | null): { value: unknown; value_base64: string | null } {
  if (bytes === null) return { value: null, value_base64: null };
  try {
    return { value: shownJson(utf8Text(bytes) ?? ''), value_base64: null };
  } catch {
    return { value: null, value_base64: bytes.toString('base64') };
  }
}

/** A number that a double would round is shown as the text of its digits. Throws where it is no JSON. */
function shownJson(marked: string): unknown {
  const text = marked.replace(/^\uFEFF/, '');
  const document: unknown = JSON.parse(text);
  if (!MAY_BE_ROUNDED.test(text)) return document;
  return parse(text, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : digits),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

function shownHeaders(headers: RecordHeaders): Pick<ShownMessage, 'headers' | 'headers_base64'> {
  const texts: [string, string | string[]][] = [];
  const base64: [string, string | string[]][] = [];
  for (const [name, header] of Object.entries(headers)) {
    const values = Buffer.isBuffer(header) ? [header] : (header as readonly Buffer[]);
    const decoded = values.map((value) => utf8Text(value));
    const isText = decoded.every((value) => value !== undefined);
    const shown = isText ? decoded : values.map((value) => value.toString('base64'));
    (isText ? texts : base64).push([name, shown.length === 1 ? shown[0]! : shown]);
  }
  return { headers: Object.fromEntries(texts), headers_base64: Object.fromEntries(base64) };
}
