import { freePort } from '../ports.js';

/** What a broker needs for clients that encrypt and sign in. */
export interface SecureListeners {
  /** PEM file of the broker: its key (PKCS 8, not encrypted) and its certificate. */
  readonly brokerFile: string;
  /** PEM file of the authority that clients' certificates must come from. */
  readonly caFile: string;
  /** Passwords by name, for every mechanism. */
  readonly users: Readonly<Record<string, string>>;
}

/** `sasl`: clients sign in, unencrypted. `ssl`: encrypted, and clients show a certificate. `saslSsl`: sign in, encrypted. */
export type SecurePorts = Readonly<Record<keyof typeof LISTENERS, number>>;

/** Name of the listener and its protocol. */
const LISTENERS = { sasl: ['SASL', 'SASL_PLAINTEXT'], ssl: ['TLS', 'SSL'], saslSsl: ['BOTH', 'SASL_SSL'] } as const;
const KINDS = Object.keys(LISTENERS) as (keyof typeof LISTENERS)[];
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

export async function securePorts(): Promise<SecurePorts> {
  const ports = new Set<number>();
  while (ports.size < KINDS.length) ports.add(await freePort());
  const [sasl, ssl, saslSsl] = [...ports] as [number, number, number];
  return { sasl, ssl, saslSsl };
}

/** What the configuration of the broker gets besides. */
export function secureSettings({ brokerFile, caFile, users }: SecureListeners, ports: SecurePorts) {
  const modules = 'org.apache.kafka.common.security';
  const passwords = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const signIn = (listener: string) => {
    const prefix = `listener.name.${listener.toLowerCase()}`;
    return {
      [`${prefix}.sasl.enabled.mechanisms`]: ['PLAIN', ...SCRAM].join(),
      [`${prefix}.plain.sasl.jaas.config`]: `${modules}.plain.PlainLoginModule required ${passwords.join(' ')};`,
      ...Object.fromEntries(
        SCRAM.map((mechanism) => [
          `${prefix}.${mechanism.toLowerCase()}.sasl.jaas.config`,
          `${modules}.scram.ScramLoginModule required;`,
        ]),
      ),
    };
  };
  return {
    listeners: KINDS.map((kind) => `${LISTENERS[kind][0]}://127.0.0.1:${ports[kind]}`),
    protocols: KINDS.map((kind) => LISTENERS[kind].join(':')),
    settings: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': brokerFile,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': caFile,
      [`listener.name.${LISTENERS.ssl[0].toLowerCase()}.ssl.client.auth`]: 'required',
      ...signIn(LISTENERS.sasl[0]),
      ...signIn(LISTENERS.saslSsl[0]),
    },
  };
}

/** For the tool that formats the data of the broker: its users for SCRAM. */
export function scramUsers({ users }: SecureListeners): string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${name},password=${password}]`]),
  );
}
