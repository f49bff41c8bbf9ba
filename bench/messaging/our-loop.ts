import { pino } from 'pino';
import { BatchTransport } from '../../src/messaging/batch-transport.js';
import { DeadLetterWriter } from '../../src/messaging/dead-letter-writer.js';
import { KafkaDriver } from '../../src/messaging/kafka/kafka-driver.js';
import { MessagingService } from '../../src/messaging/messaging.service.js';
import type { Loop } from './loop.js';
import { consumeOptions, type Quote, replyMessage } from './quotes.js';

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
  transport.join();
  return { stop: () => transport.close() };
};
