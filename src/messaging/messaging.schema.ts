import { z } from 'zod';
import { listOf, page } from '../risk/wire.schema.js';
import { COMPRESSION_TYPES, MESSAGE_TYPES, TOPIC_NAME } from './names.schema.js';

export const MESSAGES_MAX = 500;

export const topicName = z
  .string()
  .regex(TOPIC_NAME, 'expected up to 249 letters, digits and . _ -')
  .refine((name) => !name.startsWith('__'), 'expected a name that does not begin with __, as those of the broker do');

export const topicInput = z
  .strictObject({
    name: topicName,
    num_partitions: z.int().min(1).max(1_000).default(4),
    replication_factor: z.int().min(1).max(10).optional().describe('Default 3, or the number of brokers if fewer'),
    retention_ms: z
      .int()
      .min(-1)
      .max(10 * 365 * 86_400_000)
      .optional()
      .describe('-1 = for ever; default: the broker’s'),
    compression_type: z.enum(COMPRESSION_TYPES).optional().describe('Default: as the records were sent'),
  })
  .meta({ id: 'TopicInput' });
export type TopicInput = z.output<typeof topicInput>;

const topicFields = {
  name: z.string(),
  num_partitions: z.int(),
  replication_factor: z.int(),
  retention_ms: z.int().nullable(),
  compression_type: z.enum([...COMPRESSION_TYPES, 'producer']).nullable(),
  max_message_bytes: z.int().nullable(),
  differences: z
    .array(
      z.strictObject({
        setting: z.string(),
        wanted: z.union([z.number(), z.string()]),
        actual: z.union([z.number(), z.string()]).nullable(),
      }),
    )
    .describe('Settings that are not as wanted; the service never changes an existing topic'),
};
export const topicSchema = z.strictObject(topicFields).meta({ id: 'Topic' });
export type Topic = z.infer<typeof topicSchema>;
export const topicList = listOf(topicSchema);
export const ensuredTopic = z.strictObject({ ...topicFields, created: z.boolean() }).meta({ id: 'EnsuredTopic' });

/** A partition of dead letters and the offset before which its next one stands; one such for each partition with more. */
const CURSOR = /^[A-Za-z0-9._-]{1,249}:\d{1,9}:\d{1,15}(?:,[A-Za-z0-9._-]{1,249}:\d{1,9}:\d{1,15})*$/;

export const messagesQuery = z.strictObject({ limit: page.limit });
export const deadLettersQuery = z.strictObject({
  limit: page.limit,
  cursor: z
    .string()
    .max(12_000)
    .regex(CURSOR, 'expected the next_cursor of a page')
    .optional()
    .describe('The next_cursor of the page before; letters that came meanwhile are not shown'),
  topic: topicName.optional().describe('The topic the messages came from; default: all'),
});
export const deadLetterId = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]{1,249}:\d{1,9}:\d{1,15}$/,
    'expected topic:partition:offset as the list of dead letters shows it',
  );

/** What a body holds is JSON already; deeper ones would end in a stack that overflows. */
const NESTING_MAX = 100;
const jsonValue = z
  .unknown()
  .refine((value) => value !== undefined && isNestedAtMost(value, NESTING_MAX), {
    error: `expected a JSON value of at most ${NESTING_MAX} levels`,
  })
  .describe('Any JSON value; a number that a double would round is refused');

function isNestedAtMost(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1));
}

const headerText = z.string().max(10_000);

export const messagesInput = z
  .strictObject({
    messages: z
      .array(
        z.strictObject({
          key: z.string().max(1_000).nullable().default(null),
          value: jsonValue,
          headers: z.record(z.string().min(1).max(200), headerText).default({}),
          message_type: z.enum(MESSAGE_TYPES).optional(),
        }),
      )
      .min(1)
      .max(MESSAGES_MAX),
  })
  .meta({ id: 'MessagesInput' });
export type MessagesInput = z.output<typeof messagesInput>;

export const messagesSent = z
  .strictObject({
    success: z.int(),
    failed: z.int(),
    failures: z.array(z.strictObject({ index: z.int(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'MessagesSent' });

const placeFields = {
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  timestamp: z.iso.datetime(),
};
const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** A record as JSON shows it: text where its bytes are UTF-8, else base64 in a field of its own. */
export const messageSchema = z
  .strictObject({
    ...placeFields,
    key: z.string().nullable(),
    key_base64: z.string().nullable().describe('The bytes of the key, where they are not UTF-8'),
    value: z
      .unknown()
      .describe(
        'The JSON document, in which a number that a double would round is text; null where the bytes are none, see `value_base64`',
      ),
    value_base64: z.string().nullable().describe('The bytes, where they are not JSON'),
    headers: headers.describe('By name; a list where a name came several times'),
    headers_base64: headers.describe('The bytes of headers that are not UTF-8, by name'),
  })
  .meta({ id: 'Message' });
export type ShownMessage = z.infer<typeof messageSchema>;
export const messageList = listOf(messageSchema);

const historyFields = {
  dead_letter_id: z.string(),
  reason: z.string().nullable(),
  class: z.string().nullable(),
  source: z.strictObject({ topic: z.string().nullable(), partition: z.int().nullable(), offset: z.int().nullable() }),
  attempts: z.int().nullable(),
  first_seen: z.string().nullable(),
  service_version: z.string().nullable(),
  replays: z.int(),
};
const preview = z
  .strictObject({
    preview: z.string().describe('Its beginning'),
    encoding: z.enum(['utf-8', 'base64']).describe('How the preview shows the bytes; base64 where they are not UTF-8'),
    bytes: z.int().describe('How many bytes it has in all'),
  })
  .meta({ id: 'Preview' });

export const deadLetterSummary = z
  .strictObject({
    ...historyFields,
    message: z.strictObject({ ...placeFields, key: preview.nullable(), value: preview.nullable() }),
  })
  .meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummary>;
export const deadLetterList = listOf(deadLetterSummary);

export const deadLetterSchema = z.strictObject({ ...historyFields, message: messageSchema }).meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof deadLetterSchema>;
export const replayed = z
  .strictObject({ dead_letter_id: z.string(), topic: z.string(), replays: z.int() })
  .meta({ id: 'Replayed' });

const place = { topic: z.string(), partition: z.int() };
const groupStats = z.strictObject({
  state: z.enum(['JOINING', 'RUNNING', 'DOWN', 'CLOSED']),
  reason: z.string().nullable(),
  messages_consumed: z.int(),
  batches: z.int(),
  dead_letters: z.int(),
  unknown_fields: z.int(),
  skipped: z.record(z.string(), z.int()),
  last_message_at: z.iso.datetime().nullable(),
  lag: z.int().nullable().describe('Records not yet done, over all partitions; null while it cannot be asked'),
  partitions: z.array(z.strictObject({ ...place, committed_offset: z.int(), end_offset: z.int(), lag: z.int() })),
  retrying: z.array(z.strictObject({ ...place, reason: z.string(), attempts: z.int(), since: z.iso.datetime() })),
});

export const messagingStats = z
  .strictObject({
    driver: z.enum(['kafka', 'embedded']),
    is_running: z.boolean(),
    state: z.enum(['CONNECTING', 'UP', 'DOWN']),
    reason: z.string().nullable(),
    producer_stats: z.strictObject({ messages_sent: z.int(), messages_failed: z.int(), bytes_sent: z.int() }),
    topics: z.array(z.string()),
    consumer_stats: z.record(z.string(), groupStats),
  })
  .meta({ id: 'MessagingStats' });
export type MessagingStats = z.infer<typeof messagingStats>;
