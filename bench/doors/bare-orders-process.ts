/** kafkajs alone between two topics: parses the order, answers a canned decision with its id, commits. */
import { bareClient, bareProducer } from '../messaging/bare-loop.js';

export interface BareOrders {
  readonly brokers: readonly string[];
  readonly source: string;
  readonly target: string;
  /** A decision of the service as it stands on its topic. */
  readonly decision: Readonly<Record<string, unknown>>;
}

/** As many at once as the service takes; kafkajs alone is slower with more. */
const SLICE = 1_000;

process.once('message', async ({ brokers, source, target, decision }: BareOrders) => {
  const kafka = bareClient(brokers);
  const producer = bareProducer(kafka);
  const consumer = kafka.consumer({
    groupId: source,
    maxWaitTimeInMs: 500,
    minBytes: 1,
    maxBytesPerPartition: 1_048_576,
    maxBytes: 5_242_880,
    allowAutoTopicCreation: false,
  });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [source], fromBeginning: true });
  consumer.on('consumer.group_join', () => process.send!('joined'));
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch: { topic, partition, messages }, commitOffsetsIfNecessary }) => {
      for (let from = 0; from < messages.length; from += SLICE) {
        const replies = messages.slice(from, from + SLICE).map(({ value }) => {
          const { order_id } = JSON.parse(value!.toString()) as { order_id: string };
          return { key: order_id, value: JSON.stringify({ ...decision, order_id }) };
        });
        await producer.send({ topic: target, messages: replies, acks: -1 });
      }
      const offset = String(Number(messages.at(-1)!.offset) + 1);
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    },
  });
});
