import kafkajs from 'kafkajs';
import { pino } from 'pino';
import { BatchTransport } from '../../src/messaging/batch-transport.js';
import { DeadLetterWriter } from '../../src/messaging/dead-letter-writer.js';
import { KafkaDriver } from '../../src/messaging/kafka/kafka-driver.js';
import { MessagingService } from '../../src/messaging/messaging.service.js';
import { consumeOptions, type Quote, replyMessage, replyTo } from './quotes.js';

export interface LoopParts {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly source: string;
  readonly target: string;
}

export interface Stopwatch {
  /** A batch came. */
  onQuotes(): void;
  /** So many replies are acknowledged. */
  onReplied(count: number): void;
}

/** Quotes from one topic, a reply to each into another, committed once they are acknowledged. */
export type Loop = (parts: LoopParts, stopwatch: Stopwatch) => Promise<{ stop(): Promise<void> }>;

/** Through the driver, the transport, a schema and the sender of the service, with all their headers and checks. */
export const ourLoop: Loop = async ({ brokers, group, source, target }, stopwatch) => {
  const driver = new KafkaDriver({ brokers, clientId: 'ours', compression: 'none', logger: pino({ level: 'silent' }) });
  const messaging = new MessagingService(driver);
  const transport = new BatchTransport(driver, new DeadLetterWriter(driver, '0'));
  const handler = async (quotes: readonly Quote[]) => {
    stopwatch.onQuotes();
    const { failures } = await messaging.sendBatch(target, quotes.map(replyMessage));
    if (failures[0]) throw new Error(failures[0].detail);
    stopwatch.onReplied(quotes.length);
  };
  transport.addHandler(source, handler as never, true, consumeOptions(group));
  transport.listen(() => {});
  return { stop: () => transport.close() };
};

/** Our strategy hands over as many at once; kafkajs alone is slower with more. */
const SLICE = 1_000;

/** kafkajs alone with the limits of ours: no schema and no headers. */
export const bareLoop: Loop = async ({ brokers, group, source, target }, stopwatch) => {
  const kafka = bareClient(brokers);
  const producer = bareProducer(kafka);
  const consumer = kafka.consumer({
    groupId: group,
    maxWaitTimeInMs: 500,
    minBytes: 1,
    maxBytesPerPartition: 1_048_576,
    maxBytes: 5_242_880,
    allowAutoTopicCreation: false,
  });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [source], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch: { topic, partition, messages }, commitOffsetsIfNecessary }) => {
      stopwatch.onQuotes();
      for (let from = 0; from < messages.length; from += SLICE) {
        const replies = messages.slice(from, from + SLICE).map(({ value }) => {
          const quote = JSON.parse(value!.toString()) as Quote;
          return { key: quote.symbol, value: JSON.stringify(replyTo(quote)) };
        });
        await producer.send({ topic: target, messages: replies, acks: -1 });
        stopwatch.onReplied(replies.length);
      }
      const offset = String(Number(messages.at(-1)!.offset) + 1);
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    },
  });
  return {
    async stop() {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
};

export function bareClient(brokers: readonly string[]) {
  return new kafkajs.Kafka({ clientId: 'bare', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
}

export function bareProducer(kafka: ReturnType<typeof bareClient>) {
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  return kafka.producer({ idempotent: true, allowAutoTopicCreation: false, createPartitioner });
}
