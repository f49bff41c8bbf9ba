import type { z } from 'zod';
import { fieldProblems } from '../risk/field-problems.js';
import { MESSAGE_TYPE_BYTES } from './encode.js';
import { MESSAGE_TYPES, type MessageType } from './names.schema.js';
import { type IncomingRecord, RECORD_BYTES_MAX, type RecordHeaders, recordBytes } from './record.js';

/** Why a record cannot be handled, by the header `dl_class` of its dead letter. */
export const DEAD_LETTER_CLASSES = [
  'empty_value',
  'too_large',
  'not_json',
  'invalid',
  'unknown_message_type',
  'refused',
  'handler_error',
] as const;
export type DeadLetterClass = (typeof DEAD_LETTER_CLASSES)[number];

export interface RecordProblem {
  readonly class: DeadLetterClass;
  readonly reason: string;
}

export interface DecodeOptions<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly messageType: MessageType;
}

export type Decoded<Message> = { readonly message: Message; readonly unknownFields: number } | RecordProblem;

/** Refuses malformed UTF-8 instead of reading it as something else. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The message of a record, or why there is none. Never throws. */
export function decode<Schema extends z.ZodType>(
  record: IncomingRecord,
  { schema, messageType }: DecodeOptions<Schema>,
): Decoded<z.output<Schema>> {
  const typeProblem = messageTypeProblem(record, messageType);
  if (typeProblem) return typeProblem;
  const { value } = record;
  if (value === null || value.length === 0) {
    return { class: 'empty_value', reason: `expected a JSON document, got ${value === null ? 'null' : 'no bytes'}` };
  }
  const bytes = recordBytes(record);
  if (bytes > RECORD_BYTES_MAX) {
    return { class: 'too_large', reason: `expected at most ${RECORD_BYTES_MAX} bytes, got ${bytes}` };
  }
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(value));
  } catch (error) {
    return { class: 'not_json', reason: `expected a JSON document: ${(error as Error).message}` };
  }
  return parsed(json, schema);
}

function parsed<Schema extends z.ZodType>(json: unknown, schema: Schema): Decoded<z.output<Schema>> {
  try {
    const result = schema.safeParse(json);
    if (result.success) return { message: result.data, unknownFields: unknownFields(json, result.data) };
    const problems = fieldProblems(result.error, json);
    return {
      class: 'invalid',
      reason: problems.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; '),
    };
  } catch (error) {
    // A rule that itself fails must not stop the partition.
    return { class: 'handler_error', reason: `the schema failed: ${String(error)}` };
  }
}

function messageTypeProblem({ headers }: IncomingRecord, expected: MessageType): RecordProblem | undefined {
  const header = headers['message_type'];
  if (header === undefined || isSame(header, MESSAGE_TYPE_BYTES[expected])) return undefined;
  const type = header.toString();
  const known = (MESSAGE_TYPES as readonly string[]).includes(type);
  const got = `got ${JSON.stringify(type.slice(0, 80))}${known ? '' : ', which is none'}`;
  return { class: 'unknown_message_type', reason: `expected the message type ${expected} on this topic, ${got}` };
}

/** Byte by byte: for so few, a call into the engine or a text takes several times as long. */
function isSame(header: RecordHeaders[string], expected: Buffer): boolean {
  // What we sent ourselves, within this process.
  if (header === expected) return true;
  if (header.length !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (header[i] !== expected[i]) return false;
  return true;
}

/** Fields of the document that the schema does not have. */
function unknownFields(json: unknown, message: unknown): number {
  if (json === null || typeof json !== 'object' || message === null || typeof message !== 'object') return 0;
  let count = 0;
  for (const name in json) if (!(name in message)) count++;
  return count;
}
