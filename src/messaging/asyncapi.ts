import { z } from 'zod';
import { SERVICE_VERSION } from '../version.js';
import { deadLetterHeaders, messageHeaders, sentExample } from './asyncapi-headers.js';
import { asyncApiServers, type BrokerSettings } from './asyncapi-servers.js';
import type { ConsumerGroup } from './batch-transport.js';
import type { ConsumeOptions } from './consume.decorator.js';
import { deadLetterTopic } from './dead-letter.js';
import { type PublishedMessage, publishedMessages } from './publishes.decorator.js';
import { STANDARD_TOPICS, type StandardTopic } from './standard-topics.js';

type Json = Record<string, unknown>;

const ref = (path: string): Json => ({ $ref: `#/${path}` });
const text = { type: 'string' };

/** The AsyncAPI 3 document, made from the zod schemas that also parse the messages. */
export function asyncApiDocument(groups: readonly ConsumerGroup[], kafka: BrokerSettings | undefined): Json {
  const consumed = groups.flatMap(({ name, handlers }) =>
    [...handlers].map(([topic, { options }]) => ({ group: name, topic: standardTopic(topic), options })),
  );
  const schemas: Json = {};
  const messages = Object.fromEntries(
    consumed.map(({ topic, options }) => [topic.messageType, incomingMessage(topic, options, schemas)]),
  );
  const written = [...publishedMessages()].map(([topic, message]) => ({ topic: standardTopic(topic), message }));
  for (const { topic, message } of written) messages[topic.messageType] = outgoingMessage(topic, message, schemas);
  const { servers, securitySchemes } = asyncApiServers(kafka);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'RedFire Risk events',
      version: SERVICE_VERSION,
      description: 'What the service reads from and writes to Kafka, or hands on in its own process without a broker.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers,
    defaultContentType: 'application/json',
    channels: Object.fromEntries([
      ...consumed.flatMap(({ topic }) => [channel(topic), deadLetterChannel(topic)]),
      ...written.map(({ topic }) => channel(topic)),
    ]),
    operations: Object.fromEntries([
      ...consumed.flatMap(({ group, topic, options }) => [
        receive(group, topic, options),
        send(topic),
        putAside(topic),
        replay(topic),
      ]),
      ...written.map(({ topic, message }) => publish(topic, message)),
    ]),
    components: { messages: { ...messages, DEAD_LETTER: deadLetterMessage() }, schemas, securitySchemes },
  };
}

function standardTopic(name: string): StandardTopic {
  const topic = STANDARD_TOPICS.find((standard) => standard.name === name);
  if (!topic) throw new Error(`${name} is not among the standard topics`);
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

function receive(group: string, topic: StandardTopic, { summary, eachInstance }: ConsumeOptions): [string, Json] {
  // A group of each instance has the instance behind the dot.
  const groupId = { type: 'string', enum: [eachInstance ? `${group}.…` : group] };
  const operation = {
    action: 'receive',
    channel: ref(`channels/${topic.name}`),
    summary,
    messages: [ref(`channels/${topic.name}/messages/${topic.messageType}`)],
    bindings: { kafka: { groupId } },
  };
  return [`receive_${topic.name}`, operation];
}

/** The demo feed, and whoever sends over HTTP. */
function send({ name, messageType }: StandardTopic): [string, Json] {
  const operation = {
    action: 'send',
    channel: ref(`channels/${name}`),
    summary: `Sends what POST /v1/messaging/topics/${name}/messages is given${name === 'market_data' ? ', and the demo feed' : ''}.`,
    messages: [ref(`channels/${name}/messages/${messageType}`)],
  };
  return [`send_${name}`, operation];
}

function replay({ name, messageType }: StandardTopic): [string, Json] {
  const operation = {
    action: 'send',
    channel: ref(`channels/${name}`),
    summary: `Sends a dead letter of ${name} once more, with its history in dl_* headers.`,
    messages: [ref(`channels/${name}/messages/${messageType}`)],
  };
  return [`replay_${name}`, operation];
}

function publish({ name, messageType }: StandardTopic, { summary }: PublishedMessage): [string, Json] {
  const messages = [ref(`channels/${name}/messages/${messageType}`)];
  return [`publish_${name}`, { action: 'send', channel: ref(`channels/${name}`), summary, messages }];
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

function incomingMessage(
  topic: StandardTopic,
  { schema, documented = schema, summary, example }: ConsumeOptions,
  schemas: Json,
): Json {
  return {
    name: topic.messageType,
    summary,
    contentType: 'application/json',
    headers: messageHeaders(topic.messageType),
    payload: payload(documented, schemas),
    examples: [
      {
        name: 'received',
        summary: 'From a trading engine',
        headers: { message_type: topic.messageType, source: 'trading_engine' },
        payload: example,
      },
      { name: 'sent', summary: 'From this service', headers: sentExample(topic.messageType), payload: example },
    ],
    bindings: { kafka: { key: text } },
  };
}

function outgoingMessage(
  { messageType }: StandardTopic,
  { schema, summary, example }: PublishedMessage,
  schemas: Json,
): Json {
  return {
    name: messageType,
    summary,
    contentType: 'application/json',
    headers: messageHeaders(messageType),
    payload: payload(schema, schemas),
    examples: [{ name: 'sent', summary: 'From this service', headers: sentExample(messageType), payload: example }],
    bindings: { kafka: { key: text } },
  };
}

function deadLetterMessage(): Json {
  return {
    name: 'DEAD_LETTER',
    summary: 'Key, value and headers of the original, with its history in headers beside them.',
    headers: deadLetterHeaders,
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
