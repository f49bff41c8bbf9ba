import { z } from 'zod';
import { SERVICE_VERSION } from '../version.js';
import type { ConsumerGroup } from './batch-transport.js';
import type { ConsumeOptions } from './consume.decorator.js';
import { deadLetterTopic } from './dead-letter.js';
import { DEAD_LETTER_CLASSES } from './decode.js';
import { STANDARD_TOPICS, type StandardTopic } from './standard-topics.js';

type Json = Record<string, unknown>;

const ref = (path: string): Json => ({ $ref: `#/${path}` });
const text = { type: 'string' };

/** Headers that the service reads. */
const incomingHeaders = (messageType: string): Json => ({
  type: 'object',
  properties: {
    message_type: { ...text, const: messageType, description: 'Optional; another one makes a dead letter' },
    source: { ...text, description: 'Who sent it' },
    traceparent: { ...text, description: 'W3C trace context, carried through' },
  },
});

const history = {
  dl_class: { ...text, enum: [...DEAD_LETTER_CLASSES] },
  dl_reason: text,
  dl_topic: { ...text, description: 'Where the message came from' },
  dl_partition: text,
  dl_offset: text,
  dl_attempts: { ...text, description: 'How often it was tried, replays included' },
  dl_first_seen: { ...text, format: 'date-time' },
  dl_service_version: text,
};
const replays = { dl_replays: { ...text, description: 'How often it was sent once more, if ever' } };

/** The AsyncAPI 3 document, made from the zod schemas that also parse the messages. */
export function asyncApiDocument(groups: readonly ConsumerGroup[]): Json {
  const consumed = groups.flatMap(({ name, handlers }) =>
    [...handlers].map(([topic, { options }]) => ({ group: name, topic: standardTopic(topic), options })),
  );
  const schemas: Json = {};
  const messages = Object.fromEntries(
    consumed.map(({ topic, options }) => [topic.messageType, incomingMessage(topic, options, schemas)]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'RedFire Risk events',
      version: SERVICE_VERSION,
      description: 'What the service reads from and writes to Kafka, or hands on in its own process without a broker.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(consumed.flatMap(({ topic }) => [channel(topic), deadLetterChannel(topic)])),
    operations: Object.fromEntries(
      consumed.flatMap(({ group, topic, options }) => [receive(group, topic, options), putAside(topic)]),
    ),
    components: { messages: { ...messages, DEAD_LETTER: deadLetterMessage() }, schemas },
  };
}

function standardTopic(name: string): StandardTopic {
  const topic = STANDARD_TOPICS.find((standard) => standard.name === name);
  if (!topic) throw new Error(`${name} is consumed and not among the standard topics`);
  return topic;
}

function channel({ name, messageType, partitions, retentionMs, keyedBy }: StandardTopic): [string, Json] {
  const bindings = { kafka: { topic: name, partitions, topicConfiguration: { 'retention.ms': retentionMs } } };
  return [
    name,
    {
      address: name,
      description: `Keyed by ${keyedBy}`,
      messages: { [messageType]: ref(`components/messages/${messageType}`) },
      bindings,
    },
  ];
}

function deadLetterChannel({ name }: StandardTopic): [string, Json] {
  const address = deadLetterTopic(name);
  const description = `Messages of ${name} that could not be handled, as they came`;
  return [address, { address, description, messages: { DEAD_LETTER: ref('components/messages/DEAD_LETTER') } }];
}

function receive(group: string, topic: StandardTopic, { summary }: ConsumeOptions): [string, Json] {
  const operation = {
    action: 'receive',
    channel: ref(`channels/${topic.name}`),
    summary,
    messages: [ref(`channels/${topic.name}/messages/${topic.messageType}`)],
    bindings: { kafka: { groupId: { type: 'string', enum: [group] } } },
  };
  return [`receive_${topic.name}`, operation];
}

function putAside({ name }: StandardTopic): [string, Json] {
  const address = deadLetterTopic(name);
  const operation = {
    action: 'send',
    channel: ref(`channels/${address}`),
    summary: `Puts a message of ${name} aside.`,
    messages: [ref(`channels/${address}/messages/DEAD_LETTER`)],
  };
  return [`put_aside_${name}`, operation];
}

function incomingMessage(topic: StandardTopic, { schema, summary, example }: ConsumeOptions, schemas: Json): Json {
  return {
    name: topic.messageType,
    summary,
    contentType: 'application/json',
    headers: incomingHeaders(topic.messageType),
    payload: payload(schema, schemas),
    examples: [{ headers: { message_type: topic.messageType, source: 'trading_engine' }, payload: example }],
    bindings: { kafka: { key: text } },
  };
}

function deadLetterMessage(): Json {
  return {
    name: 'DEAD_LETTER',
    summary: 'Key, value and headers of the original, with its history in headers beside them.',
    headers: { type: 'object', properties: { ...history, ...replays }, required: Object.keys(history) },
    payload: { description: 'The bytes of the original, whatever they are' },
    examples: [
      {
        headers: {
          dl_class: 'refused',
          dl_reason: 'price_not_positive: expected price > 0, got -37.63',
          dl_topic: 'market_data',
          dl_partition: '3',
          dl_offset: '18',
          dl_attempts: '1',
          dl_first_seen: '2026-01-05T14:30:00.131Z',
          dl_service_version: '0.1.0',
          message_type: 'MARKET_DATA',
        },
        payload: { symbol: 'OIL', price: '-37.63', timestamp: '2026-01-05T14:30:00Z' },
      },
    ],
  };
}

/** The JSON schema of a message; the schemas it names go to `schemas`. */
function payload(schema: z.ZodType, schemas: Json): Json {
  const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  const pointed = JSON.parse(JSON.stringify(json).replaceAll('"#/definitions/', '"#/components/schemas/'));
  const { $schema: _, definitions, ...own } = pointed;
  Object.assign(schemas, definitions);
  return own;
}
