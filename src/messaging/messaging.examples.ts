import type { OperationExample } from '../http/operation.decorator.js';

const topic = {
  name: 'scratch',
  num_partitions: 2,
  replication_factor: 1,
  retention_ms: 3_600_000,
  compression_type: null,
  max_message_bytes: 1_000_000,
  differences: [],
};

const message = {
  topic: 'market_data',
  partition: 3,
  offset: 17,
  timestamp: '2026-01-05T14:30:00.120Z',
  key: 'AAPL',
  value: { symbol: 'AAPL', price: '150.02', timestamp: '2026-01-05T14:30:00Z' },
  key_base64: null,
  value_base64: null,
  headers: { source: 'demo', message_type: 'MARKET_DATA' },
  headers_base64: {},
};

export const MESSAGING_EXAMPLES = {
  stats: {
    reply: {
      driver: 'kafka',
      is_running: true,
      state: 'UP',
      reason: null,
      producer_stats: { messages_sent: 1200, messages_failed: 0, bytes_sent: 480_000 },
      topics: ['market_data', 'market_data.dead_letter', 'order_decisions', 'portfolio_updates'],
      consumer_stats: {
        risk_monitor_group: {
          state: 'RUNNING',
          reason: null,
          messages_consumed: 90_210,
          batches: 1_340,
          dead_letters: 2,
          unknown_fields: 0,
          skipped: { stale_quote: 14 },
          last_message_at: '2026-01-05T14:30:00.125Z',
          lag: 3,
          partitions: [{ topic: 'market_data', partition: 0, committed_offset: 22_410, end_offset: 22_413, lag: 3 }],
          retrying: [],
        },
      },
    },
  },
  topics: { reply: { data: [topic], next_cursor: null } },
  createTopic: {
    body: { name: 'scratch', num_partitions: 2, retention_ms: 3_600_000 },
    reply: { ...topic, created: true },
  },
  send: {
    params: { topic: 'market_data' },
    body: {
      messages: [
        {
          key: 'AAPL',
          value: { symbol: 'AAPL', price: '129.80', timestamp: '2022-12-28T20:59:00Z' },
          headers: { source: 'example' },
          message_type: 'MARKET_DATA',
        },
        {
          key: 'AAPL',
          value: { symbol: 'AAPL', timestamp: '2022-12-28T20:59:00Z' },
          message_type: 'MARKET_DATA',
        },
      ],
    },
    reply: { success: 2, failed: 0, failures: [] },
  },
  messages: {
    params: { topic: 'market_data' },
    query: { limit: 1 },
    reply: { data: [message], next_cursor: null },
  },
} satisfies Record<string, OperationExample>;

const letter = {
  dead_letter_id: 'market_data.dead_letter:0:0',
  reason: '/price: expected a decimal number, got nothing',
  class: 'invalid',
  source: { topic: 'market_data', partition: 3, offset: 18 },
  attempts: 1,
  first_seen: '2026-01-05T14:30:00.131Z',
  service_version: '0.1.0',
  replays: 0,
  message: {
    ...message,
    topic: 'market_data.dead_letter',
    partition: 0,
    offset: 0,
    value: { symbol: 'AAPL', timestamp: '2026-01-05T14:30:00Z' },
  },
};

const { topic: letterTopic, partition, offset, timestamp } = letter.message;
const summary = {
  ...letter,
  message: {
    topic: letterTopic,
    partition,
    offset,
    timestamp,
    key: { preview: 'AAPL', encoding: 'utf-8', bytes: 4 },
    value: { preview: '{"symbol":"AAPL","timestamp":"2026-01-05T14:30:00Z"}', encoding: 'utf-8', bytes: 52 },
  },
};

export const DEAD_LETTER_EXAMPLES = {
  list: { query: { limit: 1, topic: 'market_data' }, reply: { data: [summary], next_cursor: null } },
  get: { params: { dead_letter_id: letter.dead_letter_id }, reply: letter },
  replay: {
    params: { dead_letter_id: letter.dead_letter_id },
    reply: { dead_letter_id: letter.dead_letter_id, topic: 'market_data', replays: 1 },
  },
} satisfies Record<string, OperationExample>;
