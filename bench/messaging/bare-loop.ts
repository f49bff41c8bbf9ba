import kafkajs from 'kafkajs';
import type { Loop } from './loop.js';
import { type Quote, replyTo } from './quotes.js';

/** Our strategy hands over as many at once; kafkajs alone is slower with more. */
const SLICE = 1_000;

/**
 * kafkajs alone with the limits of ours: no schema and no headers. Nothing of our driver may be imported here: it replaces
 * parts of kafkajs in its process.
 */
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
