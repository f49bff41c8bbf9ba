import { BatchTransport } from '../../src/messaging/batch-transport.js';
import { DeadLetterWriter } from '../../src/messaging/dead-letter-writer.js';
import { EmbeddedDriver } from '../../src/messaging/embedded/embedded-driver.js';
import { encode } from '../../src/messaging/encode.js';
import { print, spread } from '../report.js';
import { consumeOptions, quoteOf } from './quotes.js';

const MESSAGES = 200_000;
const SENT_AT_ONCE = 1_000;
const SAMPLES = 7;
const TOPIC = 'quotes';
const silent = { log: () => {}, warn: () => {} };

const records = Array.from({ length: SENT_AT_ONCE }, (_, i) => {
  const value = quoteOf(i);
  return encode({ key: value.symbol, value, messageType: 'MARKET_DATA' }, new Date());
});

type Attach = (driver: EmbeddedDriver, onDone: (count: number) => void) => void;

const throughTransport: Attach = (driver, onDone) => {
  const transport = new BatchTransport(driver, new DeadLetterWriter(driver, '0'));
  const handler = async (quotes: readonly unknown[]) => onDone(quotes.length);
  transport.addHandler(TOPIC, handler as never, true, consumeOptions('quotes'));
  transport.listen(() => {});
  transport.join();
};

const driverAlone: Attach = (driver, onDone) => {
  driver.start([]);
  driver.subscribe({
    group: 'quotes',
    topics: [TOPIC],
    onBatch: async ({ records: batch }) => {
      onDone(batch.length);
      return { nextOffset: batch.at(-1)!.offset + 1 };
    },
  });
};

/** Messages within the process: sent, delivered, decoded, checked by a schema, handled, committed. */
export async function embedded(): Promise<void> {
  const rates = { transport: [] as number[], driver: [] as number[] };
  for (let i = 0; i <= SAMPLES; i++) {
    const [transport, driver] = [await rateOf(throughTransport), await rateOf(driverAlone)];
    if (i === 0) continue;
    rates.transport.push(transport);
    rates.driver.push(driver);
  }
  print(`Embedded: ${MESSAGES} messages, 4 partitions, sent ${SENT_AT_ONCE} at a time`);
  print(`  handler      ${spread(rates.transport)} messages/s, at least 300000`);
  print(`  driver alone ${spread(rates.driver)} messages/s`);
}

async function rateOf(attach: Attach): Promise<number> {
  const driver = new EmbeddedDriver(silent);
  await driver.ensureTopics([{ name: TOPIC, partitions: 4 }]);
  let left = MESSAGES;
  const done = new Promise<void>((resolve) => {
    attach(driver, (count) => {
      left -= count;
      if (left === 0) resolve();
    });
  });
  const start = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += records.length) await driver.send(TOPIC, records);
  await done;
  const ms = performance.now() - start;
  await driver.stop(1_000);
  return (MESSAGES * 1e3) / ms;
}
