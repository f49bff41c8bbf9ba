import { loadavg } from 'node:os';
import { KafkaServer } from '../scripts/services/kafka-server.js';
import { embedded } from './messaging/embedded.js';
import { idle } from './messaging/idle.js';
import { latency } from './messaging/latency.js';
import { LoopChild } from './messaging/loop-child.js';
import { throughput } from './messaging/throughput.js';
import { print } from './report.js';

/** Messages through our strategy beside kafkajs alone on the same broker, and within the process. */
export async function messagingRows(): Promise<void> {
  print(
    '\nours: driver, transport, schema, sender with its headers | kafkajs 2.2.4: JSON.parse, JSON.stringify, no headers',
  );
  print(
    'each in a process of its own, taking turns; quotes of 110 bytes in, replies of 320 out, idempotent, acks = all',
  );
  print(`median [min–max]; load ${loadavg()[0]!.toFixed(1)}\n`);
  await embedded();
  let broker: KafkaServer;
  try {
    broker = await (await KafkaServer.create({ fast: true })).start();
  } catch (error) {
    print(`no Kafka here, its rows are left out: ${(error as Error).message.split('\n')[0]}`);
    return;
  }
  const children = [new LoopChild('ours'), new LoopChild('bare')] as const;
  try {
    await throughput([broker.bootstrapServers], ...children);
    await latency([broker.bootstrapServers], ...children);
    for (const child of children) child.end();
    await idle(broker.bootstrapServers);
  } finally {
    for (const child of children) child.end();
    await broker.destroy();
  }
}
