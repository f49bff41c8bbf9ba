import { deadLetterTopic } from './dead-letter.js';
import type { MessageType } from './names.schema.js';
import type { TopicSpec } from './topic.js';

const DAY_MS = 86_400_000;

/** A topic every installation has. */
export interface StandardTopic extends TopicSpec {
  readonly messageType: MessageType;
  /** `in`: the service reads it, and what it cannot read goes to the topic's dead letters. */
  readonly direction: 'in' | 'out';
  readonly keyedBy: string;
}

export const STANDARD_TOPICS: readonly StandardTopic[] = [
  {
    name: 'trade_orders',
    messageType: 'TRADE_ORDER',
    direction: 'in',
    keyedBy: 'as its sender likes; one key per account keeps an account in order',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
  },
  {
    name: 'market_data',
    messageType: 'MARKET_DATA',
    direction: 'in',
    keyedBy: 'symbol',
    partitions: 4,
    retentionMs: DAY_MS,
  },
  {
    name: 'portfolio_updates',
    messageType: 'PORTFOLIO_UPDATE',
    direction: 'in',
    keyedBy: 'account_id',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
  },
  {
    name: 'order_decisions',
    messageType: 'ORDER_DECISION',
    direction: 'out',
    keyedBy: 'order_id',
    partitions: 4,
    retentionMs: 30 * DAY_MS,
  },
  {
    name: 'risk_alerts',
    messageType: 'RISK_ALERT',
    direction: 'out',
    keyedBy: 'alert_id',
    partitions: 4,
    retentionMs: 30 * DAY_MS,
  },
  {
    name: 'system_events',
    messageType: 'SYSTEM_EVENT',
    direction: 'out',
    keyedBy: 'what happened',
    partitions: 1,
    retentionMs: 30 * DAY_MS,
  },
  {
    name: 'cache_invalidations',
    messageType: 'CACHE_INVALIDATION',
    direction: 'in',
    keyedBy: 'key or namespace',
    // In one order for all, and for longer than anything is cached: who was away reads what it has missed.
    partitions: 1,
    retentionMs: 8 * DAY_MS,
  },
];

/** Dead letters are few and must not be missed: kept for long, and room for the largest record with its history. */
const deadLetters = (topic: string): TopicSpec => ({
  name: deadLetterTopic(topic),
  partitions: 1,
  retentionMs: 90 * DAY_MS,
  maxMessageBytes: 2_097_152,
});

/** Everything that is created at the start where it does not exist. */
export const TOPICS_AT_START: readonly TopicSpec[] = STANDARD_TOPICS.flatMap((topic) =>
  topic.direction === 'in' ? [topic, deadLetters(topic.name)] : [topic],
);
