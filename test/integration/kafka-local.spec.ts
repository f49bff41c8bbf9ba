import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { KafkaServer } from '../../scripts/services/kafka-server.js';
import { SERVICE_START_MS_MAX } from '../support/database.js';

const TOPIC = 'notes';

describe('scripts/kafka-local', () => {
  const program = fileURLToPath(new URL('../../scripts/kafka-local', import.meta.url));
  const run = (...options: string[]) => spawnSync(program, options, { encoding: 'utf8' });

  it('explains itself', () => {
    const { status, stdout, stderr } = run('--help');
    expect([status, stderr]).toEqual([0, '']);
    for (const command of ['start [--port <n>]', 'status', 'stop | kill', 'reset']) expect(stdout).toContain(command);
  });

  it.each([
    [[], 'a command is missing'],
    [['fly'], 'there is no command fly'],
    [['start', '--colour'], '--colour'],
    [['start', '--port', '70000'], '--port is an integer from 1 to 65535, not 70000'],
    [['stop', 'now'], 'stop takes no now'],
    [['reset', '--port', '9092'], 'reset takes no --port'],
  ])('does nothing for %j, says why and how it is used, and ends with 2', (options, words) => {
    const { status, stdout, stderr } = run(...options);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toContain('usage: scripts/kafka-local <command>');
  });
});

describe('a Kafka broker of a test', () => {
  let server: KafkaServer;
  let kafka: Kafka;
  beforeAll(async () => {
    server = await KafkaServer.create();
    kafka = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING });
  }, SERVICE_START_MS_MAX);
  afterAll(() => server?.destroy(), SERVICE_START_MS_MAX);

  it(
    'takes messages as soon as it has started, and knows that it runs',
    async () => {
      expect(server.pid).toBeUndefined();
      await server.start();
      expect(KafkaServer.runningIn(server.address.directory)).toMatchObject({
        pid: server.pid,
        address: server.address,
      });
      await createTopic();
      await send('before');
      expect(await readAll(1)).toEqual(['before']);
    },
    SERVICE_START_MS_MAX,
  );

  it(
    'holds its messages after a SIGKILL and takes more, on the same port',
    async () => {
      const { bootstrapServers } = server;
      await server.kill();
      expect(server.pid).toBeUndefined();
      await server.start();
      expect(server.bootstrapServers).toBe(bootstrapServers);
      await send('after');
      expect(await readAll(2)).toEqual(['before', 'after']);
    },
    SERVICE_START_MS_MAX,
  );

  it('says nothing while it is frozen, and answers again when it is thawed', async () => {
    server.freeze();
    expect(await server.answers()).toBe(false);
    server.thaw();
    expect(await server.answers()).toBe(true);
  });

  it('does not start twice, nor on a port that another program has', async () => {
    await expect(server.start()).rejects.toThrow('Kafka runs already');
    const second = await KafkaServer.create({ port: server.address.port });
    await expect(second.start()).rejects.toThrow(`Port ${server.address.port} is taken`);
    await second.destroy();
  });

  it('leaves nothing behind', async () => {
    await server.destroy();
    expect(existsSync(server.address.directory)).toBe(false);
    expect(await server.answers()).toBe(false);
  });

  async function createTopic(): Promise<void> {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
  }

  async function send(value: string): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: TOPIC, messages: [{ value }] });
    await producer.disconnect();
  }

  async function readAll(count: number): Promise<string[]> {
    const consumer = kafka.consumer({ groupId: `readers-of-${count}` });
    const values: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
    while (values.length < count) await sleep(20);
    await consumer.disconnect();
    return values;
  }
});
