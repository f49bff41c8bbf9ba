import { DEAD_LETTER_CLASSES } from './decode.js';
import { SOURCE } from './encode.js';
import type { MessageType } from './names.schema.js';

type Json = Record<string, unknown>;

const text = { type: 'string' };
const ours = 'set by this service on all it sends';

const history = {
  dl_class: { ...text, enum: [...DEAD_LETTER_CLASSES], description: 'Why it could not be handled, by kind' },
  dl_reason: { ...text, description: 'Why, in words; at most 2,000 characters' },
  dl_topic: { ...text, description: 'Where the message came from' },
  dl_partition: { ...text, pattern: '^\\d+$' },
  dl_offset: { ...text, pattern: '^\\d+$' },
  dl_attempts: { ...text, pattern: '^\\d+$', description: 'How often it was tried, replays included' },
  dl_first_seen: { ...text, format: 'date-time' },
  dl_service_version: text,
};
const replays = { dl_replays: { ...text, pattern: '^\\d+$', description: 'How often it was sent once more, if ever' } };

/** Headers of a topic that the service reads; what it sends there itself carries those that are said to be its own. */
export const messageHeaders = (messageType: MessageType): Json => ({
  type: 'object',
  properties: {
    message_type: { ...text, const: messageType, description: 'Optional; another one makes a dead letter' },
    source: { ...text, description: `Who sent it; ${SOURCE} where this service did, demo where its demo feed did` },
    traceparent: { ...text, description: 'W3C trace context, carried through' },
    'content-type': { ...text, description: `Always application/json, ${ours}` },
    ce_specversion: { ...text, description: `CloudEvents: 1.0, ${ours}` },
    ce_id: { ...text, format: 'uuid', description: `CloudEvents: id of the message, ${ours}` },
    ce_type: {
      ...text,
      description: `CloudEvents: ${SOURCE}.${messageType.toLowerCase()}, set by this service where message_type is`,
    },
    ce_source: { ...text, description: `CloudEvents: /${SOURCE}, ${ours}` },
    ce_time: { ...text, format: 'date-time', description: `CloudEvents: when it was sent, ${ours}` },
    dl_replay_of: {
      ...text,
      description:
        'On a replay of a dead letter alone: the id of that letter. The other dl_* headers then tell its history; without ' +
        'this one they are headers of the sender like any other',
    },
  },
});

export const sentExample = (messageType: MessageType): Json => ({
  source: SOURCE,
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: '0b7c3b62-9f0e-4f0a-8a53-6a1f4f6f1c58',
  ce_source: `/${SOURCE}`,
  ce_time: '2026-01-05T14:30:00.120Z',
  message_type: messageType,
  ce_type: `${SOURCE}.${messageType.toLowerCase()}`,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
});

/** Beside the headers of the original. */
export const deadLetterHeaders: Json = {
  type: 'object',
  properties: { ...history, ...replays },
  patternProperties: {
    '^dl_original_': {
      ...text,
      description: 'A header of the original that had one of these names, without the prefix',
    },
  },
  required: Object.keys(history),
};
