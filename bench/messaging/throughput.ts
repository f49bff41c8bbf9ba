import type { Admin } from 'kafkajs';
import { print, spread } from '../report.js';
import { bareClient, bareProducer } from './bare-loop.js';
import type { LoopChild, Sample } from './loop-child.js';
import { quoteOf } from './quotes.js';

const MESSAGES = 24_000;
const PARTITIONS = 4;
const PAIRS = 5;
const SOURCE = 'throughput.quotes';

/** Quotes in, replies out, as fast as they go. */
export async function throughput(brokers: readonly string[], ours: LoopChild, bare: LoopChild): Promise<void> {
  const admin = bareClient(brokers).admin();
  await admin.connect();
  const sides = [
    { name: 'ours', child: ours, target: 'throughput.ours', samples: [] as Sample[] },
    { name: 'kafkajs', child: bare, target: 'throughput.bare', samples: [] as Sample[] },
  ];
  const topics = [SOURCE, ...sides.map(({ target }) => target)];
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS })) });
  await preload(brokers);
  // The first of each only warms up.
  for (let pair = 0; pair <= PAIRS; pair++) {
    for (const { child, target, samples } of sides) {
      const parts = { brokers, group: `${target}.${pair}`, source: SOURCE, target };
      const sample = await child.sample(parts, MESSAGES);
      if (pair > 0) samples.push(sample);
    }
  }
  for (const { target } of sides) await requireReplies(admin, target, MESSAGES * (PAIRS + 1));
  await admin.disconnect();
  print(`Kafka: consume, handle, produce, commit; ${MESSAGES} messages, ${PARTITIONS} partitions, no compression`);
  for (const { name, samples } of sides) {
    const rates = spread(samples.map(({ perSecond }) => perSecond));
    const cpu = spread(samples.map(({ cpuPerMessage }) => cpuPerMessage));
    print(`  ${name.padEnd(11)}  ${rates} messages/s, ${cpu} µs of CPU each`);
  }
  const ratios = sides[0]!.samples.map(({ perSecond }, i) => perSecond / sides[1]!.samples[i]!.perSecond);
  print(`  ratio        ${spread(ratios)} ×, at least 0.8`);
}

async function preload(brokers: readonly string[]): Promise<void> {
  const producer = bareProducer(bareClient(brokers));
  await producer.connect();
  const quotes = Array.from({ length: MESSAGES }, (_, i) => quoteOf(i));
  for (let from = 0; from < MESSAGES; from += 2_000) {
    const messages = quotes
      .slice(from, from + 2_000)
      .map((quote) => ({ key: quote.symbol, value: JSON.stringify(quote) }));
    await producer.send({ topic: SOURCE, messages });
  }
  await producer.disconnect();
}

async function requireReplies(admin: Admin, topic: string, count: number): Promise<void> {
  const ends = await admin.fetchTopicOffsets(topic);
  const written = ends.reduce((total, { high }) => total + Number(high), 0);
  if (written !== count) throw new Error(`${topic}: ${written} replies to ${count} quotes`);
}
