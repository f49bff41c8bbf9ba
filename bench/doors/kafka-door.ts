import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Admin, Producer } from 'kafkajs';
import type { ServiceProcess } from '../../test/support/service.js';
import { bareClient } from '../messaging/bare-loop.js';
import { print, spread } from '../report.js';
import type { BareOrders } from './bare-orders-process.js';
import { cpuOf } from './cpu.js';
import { type EngineOrders, endAll, engineOrders } from './orders.js';

const ORDERS = 24_000;
const PAIRS = 5;
const CHUNK = 2_000;
const LOOK_MS = 5;
const SAMPLE_MS_MAX = 120_000;
/** What goes on behind the last decision, such as alerts, ends before the other side begins. */
const REST_MS = 500;
const BARE = { source: 'bare.trade_orders', target: 'bare.order_decisions' };
const OURS = { source: 'trade_orders', target: 'order_decisions' };

interface Sample {
  readonly perSecond: number;
  /** Microseconds of CPU of each process, by order. */
  readonly cpu: readonly number[];
}

export interface KafkaDoor {
  readonly brokers: readonly string[];
  readonly service: ServiceProcess;
  readonly postgresPid: number;
}

/** Orders on `trade_orders`, decisions on `order_decisions`, each stored; beside kafkajs alone, taking turns. */
export async function kafkaDoor({ brokers, service, postgresPid }: KafkaDoor): Promise<void> {
  const kafka = bareClient(brokers);
  const admin = kafka.admin();
  // What one transaction wrote is seen by its readers all at once: neither side reads while it is still being written.
  const producer = kafka.producer({ transactionalId: 'bench', idempotent: true, maxInFlightRequests: 1 });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: Object.values(BARE).map((topic) => ({ topic, numPartitions: 4 })) });
  const decision = await firstDecision(brokers, producer);
  const child = fork(fileURLToPath(new URL('./bare-orders-process.ts', import.meta.url)));
  try {
    const joined = once(child, 'message');
    child.send({ brokers, ...BARE, decision } satisfies BareOrders);
    await joined;
    for (const rejectEvery of [Number.POSITIVE_INFINITY, 5]) {
      const sides = [
        { ...OURS, pids: [service.child.pid!, postgresPid], samples: [] as Sample[] },
        { ...BARE, pids: [child.pid!], samples: [] as Sample[] },
      ] as const;
      // The first of each only warms up.
      for (let pair = 0; pair <= PAIRS; pair++) {
        for (const { source, target, pids, samples } of sides) {
          const orders = engineOrders(ORDERS, rejectEvery);
          const taken = await sample({ admin, producer }, { source, target, pids, orders });
          if (pair > 0) samples.push(taken);
          // A book that only grows is no market: untimed, like what the venue says of them.
          if (source === OURS.source) await endAll(service, orders);
          await sleep(REST_MS);
        }
      }
      report(rejectEvery, sides[0].samples, sides[1].samples);
    }
  } finally {
    child.kill();
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

/** How the service answers an order: what the other side answers too. */
async function firstDecision(brokers: readonly string[], producer: Producer): Promise<Record<string, unknown>> {
  const consumer = bareClient(brokers).consumer({ groupId: 'bench', allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [OURS.target], fromBeginning: true });
  const decided = new Promise<Record<string, unknown>>((resolve) => {
    void consumer.run({ eachMessage: async ({ message }) => resolve(JSON.parse(message.value!.toString())) });
  });
  await write(producer, OURS.source, engineOrders(1));
  const decision = await decided;
  await consumer.disconnect();
  if (decision['decision'] !== 'ACCEPT') throw new Error(`not accepted: ${JSON.stringify(decision)}`);
  return decision;
}

interface Way {
  readonly source: string;
  readonly target: string;
  readonly pids: readonly number[];
  readonly orders: EngineOrders;
}

async function sample(
  { admin, producer }: { admin: Admin; producer: Producer },
  { source, target, pids, orders }: Way,
): Promise<Sample> {
  const before = await written(admin, target);
  const cpuBefore = pids.map(cpuOf);
  await write(producer, source, orders);
  let start = performance.now();
  for (const deadline = start + SAMPLE_MS_MAX; ; await sleep(LOOK_MS)) {
    const count = (await written(admin, target)) - before;
    const now = performance.now();
    if (count === 0) start = now;
    if (now > deadline) throw new Error(`${target}: ${count} decisions on ${ORDERS} orders`);
    if (count < ORDERS) continue;
    const cpu = pids.map((pid, i) => (cpuOf(pid) - cpuBefore[i]!) / ORDERS);
    return { perSecond: (ORDERS * 1e3) / (now - start), cpu };
  }
}

async function write(producer: Producer, topic: string, orders: EngineOrders): Promise<void> {
  const transaction = await producer.transaction();
  for (let from = 0; from < orders.length; from += CHUNK) {
    const messages = orders
      .slice(from, from + CHUNK)
      .map((order) => ({ key: order.account_id, value: JSON.stringify(order) }));
    await transaction.send({ topic, messages });
  }
  await transaction.commit();
}

async function written(admin: Admin, topic: string): Promise<number> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.reduce((total, { high }) => total + Number(high), 0);
}

function report(rejectEvery: number, ours: readonly Sample[], bare: readonly Sample[]): void {
  const share = Number.isFinite(rejectEvery) ? 100 / rejectEvery : 0;
  const cpu = (samples: readonly Sample[], process: number) => spread(samples.map((sample) => sample.cpu[process]!));
  print(`Kafka: trade_orders → order_decisions; ${ORDERS} orders, 4 partitions, ${share} % rejected`);
  print(`  ours         ${spread(ours.map(({ perSecond }) => perSecond))} orders/s, all stored`);
  print(`               ${cpu(ours, 0)} µs of CPU each, of PostgreSQL ${cpu(ours, 1)}`);
  print(`  kafkajs      ${spread(bare.map(({ perSecond }) => perSecond))} orders/s, ${cpu(bare, 0)} µs of CPU each`);
  const ratios = ours.map(({ perSecond }, i) => perSecond / bare[i]!.perSecond);
  print(`  ratio        ${spread(ratios)} ×, at least 0.4, aim 0.8`);
}
