import type { SaslMechanism } from './names.schema.js';

type Json = Record<string, unknown>;

/** What the document says of the brokers: no name, no password, no file. */
export interface BrokerSettings {
  readonly brokers: readonly string[];
  readonly tls?: object | undefined;
  readonly sasl?: { readonly mechanism: SaslMechanism } | undefined;
}

const SCHEMES: Record<SaslMechanism, Json> = {
  plain: { type: 'plain', description: 'SASL PLAIN: name and password' },
  'scram-sha-256': { type: 'scramSha256', description: 'SASL SCRAM-SHA-256: name and password' },
  'scram-sha-512': { type: 'scramSha512', description: 'SASL SCRAM-SHA-512: name and password' },
};

/** The `servers` of the document and the schemes by which one signs in at them. */
export function asyncApiServers(kafka: BrokerSettings | undefined): { servers: Json; securitySchemes: Json } {
  if (!kafka) return { servers: { embedded: EMBEDDED }, securitySchemes: {} };
  const { brokers, tls, sasl } = kafka;
  const server = (host: string): Json => ({
    host,
    protocol: tls ? 'kafka-secure' : 'kafka',
    description: `Kafka, one of the brokers to begin with${tls ? ', encrypted (TLS)' : ''}`,
    ...(sasl && { security: [{ $ref: `#/components/securitySchemes/${sasl.mechanism}` }] }),
  });
  return {
    servers: Object.fromEntries(brokers.map((host, i) => [`kafka_${i + 1}`, server(host)])),
    securitySchemes: sasl ? { [sasl.mechanism]: SCHEMES[sasl.mechanism] } : {},
  };
}

const EMBEDDED = {
  host: 'localhost',
  protocol: 'embedded',
  description:
    'No broker: messages stay within this process and end with it. POST /v1/messaging/topics/{topic}/messages sends one; ' +
    'with KAFKA_BOOTSTRAP_SERVERS the same channels are topics of Kafka.',
};
