import { setTimeout as sleep } from 'node:timers/promises';
import { digits, median, print, spread } from '../report.js';
import { bareClient, bareProducer } from './bare-loop.js';
import type { LoopChild } from './loop-child.js';
import { quoteOf } from './quotes.js';

const EVERY_MS = 20;
const PER_ROUND = 50;
const PAIRS = 6;
const REPLY_MS_MAX = 20_000;

/** One record at a time: from a producer outside to a consumer outside, through a loop. */
export async function latency(brokers: readonly string[], ours: LoopChild, bare: LoopChild): Promise<void> {
  const kafka = bareClient(brokers);
  const admin = kafka.admin();
  const producer = bareProducer(kafka);
  const consumer = kafka.consumer({ groupId: 'latency.outside', maxWaitTimeInMs: 500 });
  await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
  const sides = [
    { name: 'ours', child: ours, source: 'latency.ours.in', target: 'latency.ours.out', rounds: [] as number[][] },
    { name: 'kafkajs', child: bare, source: 'latency.bare.in', target: 'latency.bare.out', rounds: [] as number[][] },
  ];
  const topics = sides.flatMap(({ source, target }) => [source, target]);
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 4 })) });
  /** When a quote left, by its time. */
  const sentAt = new Map<string, number>();
  let times: number[] = [];
  await consumer.subscribe({ topics: sides.map(({ target }) => target), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { quoted_at } = JSON.parse(message.value!.toString()) as { quoted_at: string };
      times.push(performance.now() - sentAt.get(quoted_at)!);
    },
  });
  for (const { child, source, target } of sides) {
    child.startLoop({ brokers, group: target, source, target });
  }
  let next = 0;
  const round = async (source: string): Promise<number[]> => {
    times = [];
    for (let i = 0; i < PER_ROUND; i++) {
      const quote = quoteOf(next++);
      sentAt.set(quote.timestamp, performance.now());
      void producer.send({ topic: source, messages: [{ key: quote.symbol, value: JSON.stringify(quote) }] });
      await sleep(EVERY_MS);
    }
    for (const until = Date.now() + REPLY_MS_MAX; times.length < PER_ROUND; ) {
      if (Date.now() > until) throw new Error(`${source}: ${times.length} replies to ${PER_ROUND} quotes`);
      await sleep(5);
    }
    return times;
  };
  // The first of each waits for the groups and warms up.
  for (let pair = 0; pair <= PAIRS; pair++) {
    for (const { source, rounds } of sides) {
      const taken = await round(source);
      if (pair > 0) rounds.push(taken);
    }
  }
  await Promise.all(sides.map(({ child }) => child.stopLoop()));
  await Promise.all([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  print(
    `Kafka: one record at ${1_000 / EVERY_MS}/s, from a producer outside to a consumer outside; ${PAIRS} pairs of ${PER_ROUND}`,
  );
  for (const { name, rounds } of sides) {
    const all = rounds.flat().sort((a, b) => a - b);
    print(
      `  ${name.padEnd(11)}  p50 ${spread(rounds.map(median))} ms, p99 ${digits(all[Math.floor(0.99 * all.length)]!)} ms`,
    );
  }
  const ratios = sides[0]!.rounds.map((taken, i) => median(taken) / median(sides[1]!.rounds[i]!));
  print(`  ratio        ${spread(ratios)} × of the p50, at most 1.5`);
}
