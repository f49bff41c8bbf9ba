/** A variable that does not go with the others. */
export interface VariableProblem {
  readonly name: string;
  /** What was expected. */
  readonly message: string;
}

const FILES = ['KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'];
/** All of these or none. */
const TOGETHER = [
  ['KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'],
  ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
];

/**
 * What is missing or contradicts in the variables of TLS and SASL, where each by itself may be right. Half of them set
 * is never taken for none: messages would go to another place, or readable, where somebody wanted them safe.
 */
export function kafkaSecurityProblems(given: Readonly<Record<string, string | undefined>>): VariableProblem[] {
  const isSet = (name: string) => given[name] !== undefined;
  const files = FILES.filter(isSet);
  const missing = TOGETHER.flatMap((names) => {
    const set = names.filter(isSet);
    if (set.length === 0 || set.length === names.length) return [];
    return names.filter((name) => !isSet(name)).map((name) => ({ name, message: `expected it beside ${listed(set)}` }));
  });
  const wanted = [
    ...(given['KAFKA_SSL'] === 'true' ? ['KAFKA_SSL'] : []),
    ...files,
    ...(TOGETHER[1] ?? []).filter(isSet),
  ];
  return [
    ...(wanted.length > 0 && !isSet('KAFKA_BOOTSTRAP_SERVERS')
      ? [{ name: 'KAFKA_BOOTSTRAP_SERVERS', message: `expected brokers beside ${listed(wanted)}` }]
      : []),
    ...(files.length > 0 && given['KAFKA_SSL'] !== 'true'
      ? [{ name: 'KAFKA_SSL', message: `expected true beside ${listed(files)}` }]
      : []),
    ...missing,
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
