import { randomUUID } from 'node:crypto';
import { MESSAGE_TYPES, type MessageType } from './names.schema.js';
import type { OutgoingMessage } from './ports.js';
import { type OutgoingRecord, type RecordHeaders, recordBytes } from './record.js';

export const SOURCE = 'redfire-risk';

const JSON_TYPE = Buffer.from('application/json');
const CE_VERSION = Buffer.from('1.0');
const CE_SOURCE = Buffer.from(`/${SOURCE}`);
const SOURCE_BYTES = Buffer.from(SOURCE);

/** The header `message_type`. */
export const MESSAGE_TYPE_BYTES = Object.fromEntries(
  MESSAGE_TYPES.map((type) => [type, Buffer.from(type)]),
) as Readonly<Record<MessageType, Buffer>>;

const CE_TYPE_BYTES = Object.fromEntries(
  MESSAGE_TYPES.map((type) => [type, Buffer.from(`${SOURCE}.${type.toLowerCase()}`)]),
) as Readonly<Record<MessageType, Buffer>>;
/** The messages of a batch share their time. */
let lastTime = { ms: Number.NaN, bytes: Buffer.alloc(0) };

/**
 * The record of a message: JSON, with the headers of every record we send (CloudEvents 1.0, binary mode, as `ce_*`).
 * The message's own headers win, `source` and `traceparent` among them. The value null is no value: a tombstone.
 */
export function encode(message: OutgoingMessage, now: Date): OutgoingRecord {
  const key = message.key === null ? null : Buffer.from(message.key);
  const value = message.value === null ? null : Buffer.from(JSON.stringify(message.value));
  const headers = headersOf(message, now);
  return { key, value, headers, bytes: recordBytes({ key, value, headers }) };
}

function headersOf({ headers, messageType }: OutgoingMessage, now: Date): RecordHeaders {
  const all: Record<string, RecordHeaders[string]> = {
    source: SOURCE_BYTES,
    'content-type': JSON_TYPE,
    ce_specversion: CE_VERSION,
    ce_id: Buffer.from(randomUUID(), 'latin1'),
    ce_source: CE_SOURCE,
    ce_time: timeBytes(now),
  };
  if (messageType !== undefined) {
    all['message_type'] = MESSAGE_TYPE_BYTES[messageType];
    all['ce_type'] = CE_TYPE_BYTES[messageType];
  }
  for (const name in headers) all[name] = Buffer.from(headers[name]!);
  return all;
}

function timeBytes(now: Date): Buffer {
  const ms = now.getTime();
  if (lastTime.ms !== ms) lastTime = { ms, bytes: Buffer.from(now.toISOString()) };
  return lastTime.bytes;
}
