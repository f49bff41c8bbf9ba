/** Names on the wire that schemas and code share. */

export const MESSAGE_TYPES = [
  'TRADE_ORDER',
  'MARKET_DATA',
  'PORTFOLIO_UPDATE',
  'RISK_ALERT',
  'ORDER_DECISION',
  'SYSTEM_EVENT',
  'CACHE_INVALIDATION',
] as const;
/** What a message is, in its header `message_type`. */
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionType = (typeof COMPRESSION_TYPES)[number];

/** How a client signs in at a broker. */
export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Letters, digits, dot, underscore and hyphen; at most 249, as Kafka takes them, and not `.` or `..`. */
export const TOPIC_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** Consumer group of quotes and positions. */
export const RISK_MONITOR_GROUP = 'risk_monitor_group';
export const ORDER_ENGINE_GROUP = 'order_engine_group';
