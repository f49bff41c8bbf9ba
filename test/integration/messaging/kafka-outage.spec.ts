import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { KafkaServer } from '../../../scripts/services/kafka-server.js';
import { freePort } from '../../../scripts/services/ports.js';
import { KafkaDriver } from '../../../src/messaging/kafka/kafka-driver.js';
import { committed, numbered, read, sendAll, textOf, uniqueName, until } from '../../support/messaging.js';

const topic = 'orders';
const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
const drivers: KafkaDriver[] = [];

function driverOf(server: KafkaServer, sendTimeoutMs = 30_000): KafkaDriver {
  const driver = new KafkaDriver({
    brokers: [server.bootstrapServers],
    clientId: 'outage',
    compression: 'none',
    logger,
    sendTimeoutMs,
  });
  drivers.push(driver);
  return driver;
}

describe('a Kafka driver whose broker goes away', () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await KafkaServer.create();
    await server.start();
  }, 120_000);
  afterEach(() => Promise.all(drivers.splice(0).map((driver) => driver.stop(5_000))));
  afterAll(() => server.destroy());

  it('loses nothing when the broker is killed under load and comes back', async () => {
    const driver = driverOf(server);
    driver.start([{ name: topic, partitions: 3 }]);
    const group = uniqueName('group');
    const { values, member } = read(driver, topic, group);
    await until('the member works', () => member.status.state === 'RUNNING');
    const calls: Promise<{ partition: number; offset: number }[]>[] = [];
    let sent = 0;
    let longestMs = 0;
    const load = async (ms: number) => {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
        const began = Date.now();
        const call = sendAll(driver, topic, numbered(sent, sent + 20));
        void call.then(() => (longestMs = Math.max(longestMs, Date.now() - began)));
        sent += 20;
        calls.push(call);
      }
    };
    await load(1_500);
    const loading = load(6_000);
    await server.kill();
    await until('it is noticed', () => driver.status.state === 'DOWN');
    expect(driver.status.reason).toContain(server.bootstrapServers);
    await sleep(2_000);
    await server.start();
    await loading;
    const places = (await Promise.all(calls)).flat();
    expect(places).toHaveLength(sent);
    await until('all have come', () => new Set(values()).size === sent);
    await until('all is committed', async () => (await driver.lag(group, [topic])).every(({ lag }) => lag === 0));
    expect(longestMs).toBeLessThan(30_000);
    // What was acknowledged stands where it was said to stand.
    for (const at of [0, sent >> 1, sent - 1])
      expect(textOf((await driver.at({ topic, ...places[at]! }))!)).toBe(`${at}`);
  });

  it('says what became of records that could not be sent, and sends later ones', async () => {
    const driver = driverOf(server, 2_000);
    driver.start([{ name: topic, partitions: 3 }]);
    await until('it is up', () => driver.status.state === 'UP');
    await sendAll(driver, topic, numbered(0, 3));
    server.freeze();
    const began = Date.now();
    const outcomes = await driver.send(topic, numbered(0, 3));
    expect(Date.now() - began).toBeLessThan(6_000);
    server.thaw();
    for (const outcome of outcomes) expect(outcome).toMatchObject({ sent: false, code: 'broker_unavailable' });
    await until('it is up again', () => driver.status.state === 'UP');
    await sendAll(driver, topic, numbered(3, 6));
  });

  it('starts without a broker, and works once there is one', async () => {
    const late = await KafkaServer.create({ port: await freePort() });
    try {
      const driver = driverOf(late);
      driver.start([{ name: topic, partitions: 2 }]);
      const group = uniqueName('group');
      const { values, member } = read(driver, topic, group);
      const early = sendAll(driver, topic, numbered(0, 5));
      await until('it knows', () => driver.status.reason?.includes(late.bootstrapServers) === true);
      expect(driver.status.state).toBe('CONNECTING');
      expect(member.status.state).toBe('DOWN');
      await expect(driver.topics()).rejects.toMatchObject({ code: 'dependency_unavailable' });
      await expect(driver.last(topic, 1)).rejects.toMatchObject({ code: 'dependency_unavailable' });
      await late.start();
      await early;
      await until('all have come', () => values().length === 5);
      await until(
        'all is committed',
        async () => (await committed(driver, group, topic)).reduce((a, b) => a + b) === 5,
      );
      const began = Date.now();
      await driver.stop(5_000);
      expect(Date.now() - began).toBeLessThan(1_500);
    } finally {
      await late.destroy();
    }
  });

  it('finds the broker that is there behind those that are not', async () => {
    const brokers = ['127.0.0.1:1', '127.0.0.1:2', server.bootstrapServers];
    const driver = new KafkaDriver({ brokers, clientId: 'outage', compression: 'none', logger });
    drivers.push(driver);
    driver.start([{ name: topic, partitions: 3 }]);
    await until('it is up', () => driver.status.state === 'UP');
    expect(await sendAll(driver, topic, numbered(0, 10))).toHaveLength(10);
  });

  it('stops at once where there is no broker at all', async () => {
    const driver = new KafkaDriver({
      brokers: [`127.0.0.1:${await freePort()}`],
      clientId: 'nowhere',
      compression: 'none',
      logger,
    });
    driver.start([{ name: topic, partitions: 1 }]);
    const { member } = read(driver, topic, 'nobody');
    const call = driver.send(topic, numbered(0, 1));
    await until('it knows', () => member.status.state === 'DOWN');
    const began = Date.now();
    await driver.stop(1_000);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(await call).toMatchObject([{ sent: false, code: 'broker_unavailable' }]);
    expect(member.status.state).toBe('CLOSED');
  });
});
