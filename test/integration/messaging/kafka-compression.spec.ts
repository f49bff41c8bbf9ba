import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { pino } from 'pino';
import { KafkaServer } from '../../../scripts/services/kafka-server.js';
import { loadCodec } from '../../../src/messaging/kafka/codecs.js';
import { KafkaDriver } from '../../../src/messaging/kafka/kafka-driver.js';
import { COMPRESSION_TYPES } from '../../../src/messaging/names.schema.js';
import { record, sendAll, textOf, uniqueName, until } from '../../support/messaging.js';

describe('compression by Kafka', () => {
  let server: KafkaServer | undefined;
  let brokers: string[];

  beforeAll(async () => {
    const given = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
    if (!given) server = await (await KafkaServer.create()).start();
    brokers = (given ?? server!.bootstrapServers).split(',');
  }, 120_000);
  afterAll(() => server?.destroy());

  it.each(COMPRESSION_TYPES)('writes and reads %s, as a plain client does', async (compression) => {
    await loadCodec(compression);
    const topic = uniqueName(compression);
    const driver = new KafkaDriver({ brokers, clientId: 'codecs', compression, logger: pino({ level: 'silent' }) });
    driver.start([{ name: topic, partitions: 1 }]);
    await until('the topic is there', () => driver.ensured.length === 1);
    // Several blocks of a frame: some that compress well and some that do not.
    const values = Array.from({ length: 40 }, (_, i) =>
      i % 2 ? randomBytes(6_000).toString('hex') : `${i} `.repeat(9_000),
    );
    await sendAll(
      driver,
      topic,
      values.map((value) => record(value)),
    );
    expect((await driver.last(topic, 100))!.map(textOf).reverse()).toEqual(values);
    await driver.stop(5_000);
    expect(await readPlainly(brokers, topic, values.length)).toEqual(values);
  });
});

async function readPlainly(brokers: string[], topic: string, count: number): Promise<string[]> {
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'plain', logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: uniqueName('plain'), maxWaitTimeInMs: 100 });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
  await until('the plain client has all', () => values.length >= count);
  await consumer.disconnect();
  return values;
}
