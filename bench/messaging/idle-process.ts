/** Groups that wait for records, in a process of their own: tells how busy it was, in percent of one core. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { BatchTransport } from '../../src/messaging/batch-transport.js';
import { DeadLetterWriter } from '../../src/messaging/dead-letter-writer.js';
import { KafkaDriver } from '../../src/messaging/kafka/kafka-driver.js';
import { LagMonitor } from '../../src/messaging/lag-monitor.js';
import { consumeOptions } from './quotes.js';

const SETTLE_MS = 2_000;
const WINDOWS = 4;
const WINDOW_MS = 5_000;

const [broker, groups] = process.argv.slice(2);
const logger = pino({ level: 'silent' });
const driver = new KafkaDriver({ brokers: [broker!], clientId: 'idle', compression: 'none', logger });
const transport = new BatchTransport(driver, new DeadLetterWriter(driver, '0'));
for (let i = 0; i < Number(groups); i++) {
  const topic = ['trade_orders', 'market_data', 'portfolio_updates'][i]!;
  transport.addHandler(topic, (async () => {}) as never, true, consumeOptions(`idle.${groups}.${i}`));
}
transport.listen(() => {});
transport.join();
const lag = new LagMonitor(driver, transport);
lag.onApplicationBootstrap();
while (transport.groups.some(({ member }) => member?.status.state !== 'RUNNING')) await sleep(50);
await sleep(SETTLE_MS);
const percents: number[] = [];
for (let window = 0; window < WINDOWS; window++) {
  const start = performance.now();
  const before = process.cpuUsage();
  await sleep(WINDOW_MS);
  const { user, system } = process.cpuUsage(before);
  percents.push((user + system) / 10 / (performance.now() - start));
}
process.send!(percents);
const closing = performance.now();
await transport.close();
process.send!(performance.now() - closing);
lag.onApplicationShutdown();
process.disconnect();
