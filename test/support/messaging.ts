import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { KafkaServer } from '../../scripts/services/kafka-server.js';
import type { BatchControl, BatchResult, GroupMember, MessagingDriver } from '../../src/messaging/driver.js';
import { EmbeddedDriver } from '../../src/messaging/embedded/embedded-driver.js';
import { KafkaDriver } from '../../src/messaging/kafka/kafka-driver.js';
import type { IncomingRecord, OutgoingRecord, RecordBatch } from '../../src/messaging/record.js';
import type { TopicSpec } from '../../src/messaging/topic.js';
import { silent } from './database.js';

/** The first spec may have to fetch and start a broker. */
const BROKER_START_MS_MAX = 120_000;
const AWAITED_MS_MAX = 45_000;
const STOP_MS_MAX = 10_000;

/** What a contract test works with: topics and groups have names of their own, so that tests share the driver. */
export interface MessagingBench {
  readonly kind: 'kafka' | 'embedded';
  /** The driver of the block, started. */
  readonly driver: MessagingDriver;
  /** One more driver, not started; on the same broker where there is one. Ends with the block. */
  another(): MessagingDriver;
  /** A new topic of one partition unless it is wanted otherwise. */
  topic(wanted?: Partial<TopicSpec>): Promise<string>;
}

/** Defines the same tests twice, on Kafka and on the embedded driver. */
export function describeOnBothDrivers(name: string, define: (bench: () => MessagingBench) => void): void {
  describe.each(['kafka', 'embedded'] as const)(`${name} (%s)`, (kind) => {
    const drivers: MessagingDriver[] = [];
    let bench: MessagingBench;
    beforeAll(async () => {
      const open = kind === 'kafka' ? await kafkaDrivers() : () => new EmbeddedDriver(silent);
      const another = () => {
        const driver = open();
        drivers.push(driver);
        return driver;
      };
      const driver = another();
      driver.start([]);
      await until('the driver is up', () => driver.status.state === 'UP');
      bench = { kind, driver, another, topic: (wanted) => createTopic(driver, wanted) };
    }, BROKER_START_MS_MAX);
    afterAll(() => Promise.all(drivers.map((driver) => driver.stop(STOP_MS_MAX))), BROKER_START_MS_MAX);
    define(() => bench);
  });
}

/** Waits for something to become true; fails with its name. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + AWAITED_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${AWAITED_MS_MAX / 1_000} s: ${what}`);
    await sleep(10);
  }
}

export const uniqueName = (prefix: string) => `${prefix}.${randomBytes(6).toString('hex')}`;

export const record = (value: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  key: null,
  value: Buffer.from(value),
  headers: {},
  ...more,
});

/** Records with the values `from` to before `to`. */
export const numbered = (from: number, to: number, more: Partial<OutgoingRecord> = {}): OutgoingRecord[] =>
  Array.from({ length: to - from }, (_, i) => record(String(from + i), more));

export const textOf = ({ value }: Pick<IncomingRecord, 'value'>) => String(value);

/** Sends and takes it for a failed test where a record is not acknowledged. */
export async function sendAll(driver: MessagingDriver, topic: string, records: readonly OutgoingRecord[]) {
  const outcomes = await driver.send(topic, records);
  return outcomes.map((outcome) => {
    if (!outcome.sent) throw new Error(`${outcome.code}: ${outcome.detail}`);
    return { partition: outcome.partition, offset: outcome.offset };
  });
}

/** All of a batch done. */
export const done = ({ records }: RecordBatch): BatchResult => ({ nextOffset: records.at(-1)!.offset + 1 });

export interface Reading {
  readonly member: GroupMember;
  /** The batches as they came. */
  readonly batches: RecordBatch[];
  /** All values as they came. */
  values(): string[];
}

/** A member that keeps what it gets; `work` decides what becomes of a batch, else all of it is done. */
export function read(
  driver: MessagingDriver,
  topic: string,
  group: string,
  work: (batch: RecordBatch, control: BatchControl) => BatchResult | Promise<BatchResult> = done,
): Reading {
  const batches: RecordBatch[] = [];
  const member = driver.subscribe({
    group,
    topics: [topic],
    onBatch: async (batch, control) => {
      batches.push(batch);
      return work(batch, control);
    },
  });
  return { member, batches, values: () => batches.flatMap(({ records }) => records.map(textOf)) };
}

export async function committed(driver: MessagingDriver, group: string, topic: string): Promise<number[]> {
  return (await driver.lag(group, [topic]))
    .sort((a, b) => a.partition - b.partition)
    .map(({ committedOffset }) => committedOffset);
}

async function createTopic(driver: MessagingDriver, wanted: Partial<TopicSpec> = {}): Promise<string> {
  const spec = { name: uniqueName('contract'), partitions: 1, ...wanted };
  await driver.ensureTopics([spec]);
  return spec.name;
}

let ownServer: Promise<KafkaServer> | undefined;

/** The test runner names the broker; a spec that is run by itself starts one, which ends with this process. */
async function kafkaDrivers(): Promise<() => MessagingDriver> {
  const given = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
  ownServer ??= given ? undefined : KafkaServer.create().then((server) => server.start());
  const brokers = (given ?? (await ownServer)!.bootstrapServers).split(',');
  const logger = pino({ level: 'silent' });
  return () => new KafkaDriver({ brokers, clientId: 'redfire-test', compression: 'none', logger });
}
