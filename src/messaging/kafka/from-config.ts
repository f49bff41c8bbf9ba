import { type Config, ConfigError } from '../../config.js';
import { loadCodec } from './codecs.js';
import type { KafkaOptions } from './options.js';
import { readTlsFiles, TlsFilesError } from './tls-files.js';

type KafkaConfig = NonNullable<Config['kafka']>;

/** The options of the driver, with the codec and the files that they name. Throws {@link ConfigError}. */
export async function kafkaOptions({ tls, ...rest }: KafkaConfig): Promise<Omit<KafkaOptions, 'logger'>> {
  const problems: string[] = [];
  await loadCodec(rest.compression).catch((error: Error) => problems.push(error.message));
  let options: KafkaOptions['tls'];
  try {
    options = tls && readTlsFiles(tls);
  } catch (error) {
    if (!(error instanceof TlsFilesError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...rest, tls: options };
}

/** What works and is probably not meant. */
export function kafkaWarnings({ tls, sasl }: KafkaConfig, isDatabaseEmbedded: boolean): string[] {
  return [
    ...(isDatabaseEmbedded
      ? [
          'Kafka with the embedded database: run this service once. A second one would join the same consumer groups, and ' +
            'each would keep the messages of its own partitions alone. For several, set DATABASE_URL',
        ]
      : []),
    ...(sasl?.mechanism === 'plain' && !tls
      ? ['KAFKA_SASL_MECHANISM is plain without KAFKA_SSL: the password crosses the network readable']
      : []),
  ];
}
