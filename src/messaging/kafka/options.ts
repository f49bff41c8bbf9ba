import type { Logger } from 'pino';
import type { CompressionType, SaslMechanism } from '../names.schema.js';
import type { TlsOptions } from './tls-files.js';

export interface SaslCredentials {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

export interface KafkaOptions {
  /** `host:port` of one or more brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** How records are compressed on their way and, unless the topic says otherwise, on the broker. */
  readonly compression: CompressionType;
  readonly logger: Logger;
  /** Unset: connections are not encrypted. */
  readonly tls?: TlsOptions | undefined;
  /** How to sign in; unset: not at all. */
  readonly sasl?: SaslCredentials | undefined;
  /** After this silence of a member its partitions go to others, in milliseconds; brokers take 6 s to 30 min. */
  readonly sessionTimeoutMs?: number;
  /** How long a record may wait for its acknowledgement, in milliseconds. Restarts of a broker take up to 15 s. */
  readonly sendTimeoutMs?: number;
  /** Records and bytes that may wait for their acknowledgement; more senders wait for room. */
  readonly outboxRecordsMax?: number;
  readonly outboxBytesMax?: number;
}

type Security = 'tls' | 'sasl';
export type KafkaSettings = Required<Omit<KafkaOptions, Security>> & Pick<KafkaOptions, Security>;

export function withDefaults(options: KafkaOptions): KafkaSettings {
  return {
    sessionTimeoutMs: 10_000,
    sendTimeoutMs: 30_000,
    outboxRecordsMax: 50_000,
    outboxBytesMax: 64_000_000,
    ...options,
  };
}
