import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { KafkaServer } from '../../scripts/services/kafka-server.js';
import type { PostgresServer } from '../../scripts/services/postgres-server.js';
import { loadCodec } from '../../src/messaging/kafka/codecs.js';
import { COMPRESSION_TYPES } from '../../src/messaging/names.schema.js';
import { dedicatedPostgres } from '../support/database.js';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

const TOPIC = 'market_data';
const LETTERS = `${TOPIC}.dead_letter`;
const GROUP = 'risk_monitor_group';
/** One more than the service would create. */
const PARTITIONS = 5;
/** The old member of a killed service keeps its partitions until its session ends, 10 s. */
const REJOIN_MS_MAX = 60_000;

interface Stats {
  is_running: boolean;
  producer_stats: { messages_sent: number };
  consumer_stats: Record<
    string,
    {
      messages_consumed: number;
      dead_letters: number;
      lag: number | null;
      skipped: Record<string, number>;
      retrying: { topic: string; partition: number; reason: string; attempts: number }[];
    }
  >;
}

interface Health {
  status: string;
  error: Record<string, { reason: string }>;
}

type Headers = Record<string, Buffer | Buffer[] | undefined>;

/** A record as it stands on the broker. */
interface Found {
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** What the outside sent on purpose: quotes of one symbol each, with poison between them. */
interface Load {
  readonly symbols: ReadonlySet<string>;
  readonly poison: ReadonlySet<string>;
}

const idOf = ({ headers }: Found) => String(headers['id']);
const dataDir = mkdtempSync(join(tmpdir(), 'redfire-e2e-'));
let broker: KafkaServer;
let postgres: PostgresServer;
let service: ServiceProcess;
let kafka: InstanceType<typeof kafkajs.Kafka>;
let admin: ReturnType<typeof kafka.admin>;
let producer: ReturnType<typeof kafka.producer>;

const environment = (more: Record<string, string> = {}) => ({
  RISK_DEMO: 'false',
  DATABASE_URL: postgres.url(),
  KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
  DATA_DIR: dataDir,
  // Nothing of ours is smaller on the broker than it is.
  KAFKA_COMPRESSION_TYPE: 'none',
  ...more,
});

async function startService(): Promise<void> {
  service = await ServiceProcess.start(environment());
}

/** Until it has its partitions. */
async function joined(): Promise<void> {
  await eventually(stats, ({ is_running }) => is_running, REJOIN_MS_MAX);
}

const stats = async () => (await service.get<Stats>('/v1/messaging/stats')).body;
const group = async () => (await stats()).consumer_stats[GROUP]!;
const health = () => service.get<Health>('/health');

/** What the group has committed of a partition, by the broker's own word. */
async function committed(): Promise<number[]> {
  const [topic] = await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] });
  const places = [...topic!.partitions].sort((a, b) => a.partition - b.partition);
  return places.map(({ offset }) => Math.max(0, Number(offset)));
}

async function ends(topic = TOPIC): Promise<number[]> {
  const places = (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition);
  return places.map(({ high }) => Number(high));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Everything that stands in a topic, in the order of each partition. */
async function contents(topic: string): Promise<Found[]> {
  const left = new Map((await ends(topic)).flatMap((end, partition) => (end > 0 ? [[partition, end]] : [])));
  const found: Found[] = [];
  if (left.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `outside-${randomBytes(6).toString('hex')}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch: { partition, messages } }) => {
      for (const { offset, key, value, headers } of messages) {
        found.push({ partition, offset: Number(offset), key, value, headers: (headers ?? {}) as Headers });
        if (Number(offset) + 1 >= (left.get(partition) ?? 0)) left.delete(partition);
      }
    },
  });
  await eventually(
    () => left.size,
    (size) => size === 0,
  );
  await consumer.disconnect();
  return found;
}

async function query<Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

async function listInstruments(symbols: readonly string[]): Promise<void> {
  const columns = 'symbol, asset_class, currency, tick_size, lot_size, adv';
  const statement = `insert into instruments (${columns}) select unnest($1::text[]), 'EQUITY', 'USD', 0.01, 1, 1000000`;
  await query(statement, [symbols]);
}

/** Price by symbol, as stored. */
async function prices(): Promise<Map<string, number>> {
  const rows = await query<{ symbol: string; price: string }>('select symbol, price from quotes');
  return new Map(rows.map(({ symbol, price }) => [symbol, Number(price)]));
}

const quote = (symbol: string, price: number, second = 0) =>
  JSON.stringify({ symbol, price: String(price), timestamp: new Date(Date.UTC(2026, 0, 5) + second * 1_000) });

const priceOf = (symbol: string) => 100 + Number(symbol.split('-').at(-1));

/** A load of `count` records, one in ten of them poison; `sent` once all are acknowledged. */
async function load(name: string, count: number): Promise<Load & { readonly sent: Promise<void> }> {
  const ids = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  const poison = new Set(ids.filter((_, i) => i % 10 === 5));
  const symbols = new Set(ids.filter((id) => !poison.has(id)));
  await listInstruments([...symbols]);
  const send = async () => {
    for (let from = 0; from < count; from += 50) {
      await producer.send({
        topic: TOPIC,
        messages: ids.slice(from, from + 50).map((id) => ({
          ...{ key: id, headers: { id } },
          value: poison.has(id) ? `{"symbol":"${id}"` : quote(id, priceOf(id)),
        })),
      });
      await sleep(20);
    }
  };
  const sent = send();
  sent.catch(() => {});
  return { symbols, poison, sent };
}

/** Until the service is in the middle of a load. */
async function underLoad(): Promise<void> {
  const { messages_consumed } = await group();
  await eventually(group, (now) => now.messages_consumed >= messages_consumed + 200);
}

/** Of a load: what would never come again, yet has neither its quote nor its dead letter; and what will come again. */
async function seams({ symbols, poison }: Load): Promise<{ lost: string[]; repeated: string[] }> {
  const offsets = await committed();
  const [stored, letters, source] = await Promise.all([prices(), contents(LETTERS), contents(TOPIC)]);
  const aside = new Set(letters.map(idOf));
  const ours = source.filter((record) => symbols.has(idOf(record)) || poison.has(idOf(record)));
  const isDone = (record: Found) => stored.has(idOf(record)) || aside.has(idOf(record));
  const isCommitted = ({ partition, offset }: Found) => offset < offsets[partition]!;
  return {
    lost: ours.filter((record) => isCommitted(record) && !isDone(record)).map(idOf),
    repeated: ours.filter((record) => isDone(record) && !isCommitted(record)).map(idOf),
  };
}

async function expectAllHandled({ symbols, poison }: Load): Promise<void> {
  const end = await ends();
  await eventually(committed, (offsets) => offsets.every((offset, p) => offset >= end[p]!), REJOIN_MS_MAX);
  expect(await eventually(group, ({ lag }) => lag === 0)).toMatchObject({ lag: 0, retrying: [] });
  const stored = await prices();
  expect([...symbols].filter((symbol) => stored.get(symbol) !== priceOf(symbol))).toEqual([]);
  const aside = new Set((await contents(LETTERS)).map(idOf));
  expect([...poison].filter((id) => !aside.has(id))).toEqual([]);
  expect([...symbols].filter((symbol) => aside.has(symbol))).toEqual([]);
}

/** Whatever is larger is refused; the broker keeps only the settings that are named. */
async function limitLetters(bytes: number): Promise<void> {
  const settings = { 'retention.ms': 7_776_000_000, 'max.message.bytes': bytes };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value: String(value) }));
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: LETTERS, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
}

beforeAll(async () => {
  [broker, postgres] = await Promise.all([KafkaServer.create(), dedicatedPostgres()]);
  await Promise.all([broker.start(), postgres.start()]);
  kafka = new kafkajs.Kafka({
    brokers: [broker.bootstrapServers],
    clientId: 'outside',
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 100, initialRetryTime: 100, maxRetryTime: 300 },
  });
  admin = kafka.admin();
  producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  await startService();
  await joined();
}, 180_000);

/** What a failed test left dead does not fail the next one. */
beforeEach(async () => {
  if (broker.pid === undefined) await broker.start();
  await query('select 1').catch(() => postgres.start());
  if (service.ended) await startService();
}, 180_000);

afterAll(async () => {
  await service?.destroy();
  await Promise.allSettled([producer?.disconnect(), admin?.disconnect()]);
  await Promise.all([broker?.destroy(), postgres?.destroy()]);
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

it('reports a topic with more partitions than it would create, changes nothing, and reads all of them', async () => {
  const { body } = await service.get<{ data: { name: string }[] }>('/v1/messaging/topics');
  expect(body.data.find(({ name }) => name === TOPIC)).toMatchObject({
    num_partitions: PARTITIONS,
    differences: expect.arrayContaining([{ setting: 'num_partitions', wanted: 4, actual: PARTITIONS }]),
  });
  expect(service.output).toMatch(/"topic":"market_data".*"wanted":4,"actual":5.*Topic is not as wanted and stays/);
  expect(await ends()).toHaveLength(PARTITIONS);
  await listInstruments(['extra-1']);
  await producer.send({ topic: TOPIC, messages: [{ partition: 4, key: 'any', value: quote('extra-1', 101) }] });
  await eventually(prices, (stored) => stored.get('extra-1') === 101);
  await eventually(committed, (offsets) => offsets[4] === 1);
});

it('takes a thousand good quotes and puts each of the bad ones between them aside, once and untouched', async () => {
  const symbols = Array.from({ length: 20 }, (_, i) => `good-${i}`);
  await listInstruments(symbols);
  const messages: kafkajs.Message[] = Array.from({ length: 1_000 }, (_, i) => {
    const symbol = symbols[i % 20]!;
    return { key: symbol, value: quote(symbol, 100 + i, i), headers: { id: `good-${i}` } };
  });
  const poison: Record<string, [count: number, value: () => Buffer | string | null, headers?: Record<string, string>]> =
    {
      not_json: [50, () => Buffer.concat([Buffer.from('{"symbol":"good-0"'), randomBytes(20)])],
      invalid: [50, () => quote('good-0', 1).replace('"price":"1"', '"price":"cheap"')],
      'empty_value none': [50, () => Buffer.alloc(0)],
      'empty_value null': [50, () => null],
      too_large: [5, () => quote('good-0', 1).replace('}', `,"x":"${randomBytes(750_075).toString('base64')}"}`)],
      unknown_message_type: [50, () => quote('good-0', 1), { message_type: 'LOTTERY' }],
    };
  const expected = new Map<string, { class: string; key: Buffer; value: Buffer | null; headers: Headers }>();
  for (const [kind, [count, make, more]] of Object.entries(poison)) {
    for (let i = 0; i < count; i++) {
      const id = `${kind} ${i}`;
      const value = make();
      const [key, bytes] = [randomBytes(12), value === null ? null : Buffer.from(value)];
      const headers = { id, ...more, twice: [randomBytes(5), Buffer.alloc(0)] };
      expected.set(id, {
        ...{ class: kind.split(' ')[0]!, key, value: bytes },
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, header]) => [name, Array.isArray(header) ? header : Buffer.from(header)]),
        ),
      });
      // Anywhere between the good ones, which keep their order.
      messages.splice((i * 997 + expected.size * 31) % messages.length, 0, { key, value: bytes, headers });
    }
  }
  const [before, readFrom] = [await group(), await ends()];
  for (let from = 0; from < messages.length; ) {
    // The outside client would make one batch of it, which the broker refuses where large ones stand together.
    let to = from + 1;
    const isLarge = (at: number) => (messages[at]?.value?.length ?? 0) > 100_000;
    while (!isLarge(from) && to < messages.length && to - from < 200 && !isLarge(to)) to++;
    await producer.send({ topic: TOPIC, messages: messages.slice(from, to) });
    from = to;
  }
  await eventually(group, (now) => now.messages_consumed >= before.messages_consumed + messages.length);
  const after = await eventually(group, ({ lag }) => lag === 0);
  expect(after).toMatchObject({
    messages_consumed: before.messages_consumed + 1_255,
    dead_letters: before.dead_letters + 255,
    skipped: before.skipped,
    retrying: [],
  });
  const stored = await prices();
  expect(symbols.map((symbol) => stored.get(symbol))).toEqual(symbols.map((_, i) => 1_080 + i));

  const source = (await contents(TOPIC)).filter(({ partition, offset }) => offset >= readFrom[partition]!);
  const places = new Map(source.map((record) => [idOf(record), record]));
  const letters = await contents(LETTERS);
  expect(letters.map(idOf).sort()).toEqual([...expected.keys()].sort());
  for (const letter of letters) {
    const own = Object.fromEntries(Object.entries(letter.headers).filter(([name]) => !name.startsWith('dl_')));
    const told = (name: string) => String(letter.headers[`dl_${name}`]);
    const { class: kind, key, value, headers } = expected.get(idOf(letter))!;
    const { partition, offset } = places.get(idOf(letter))!;
    expect([told('class'), told('topic'), told('partition'), told('offset'), told('attempts')]).toEqual(
      [kind, TOPIC, partition, offset, 1].map(String),
    );
    expect(told('reason')).toContain('expected');
    // Not by toEqual, which takes seconds for a megabyte.
    expect(letter.key?.equals(key)).toBe(true);
    expect(value === null ? letter.value : letter.value?.equals(value)).toBe(value === null ? null : true);
    expect(own).toEqual(headers);
  }
});

it('is stopped by no record that only other senders write', async () => {
  await listInstruments(['odd-1', 'odd-2', 'odd-3']);
  const [before, lettersBefore] = [await group(), (await contents(LETTERS)).length];
  const send = (id: string, value: string, headers: object = {}, compression = kafkajs.CompressionTypes.None) =>
    producer.send({ topic: TOPIC, compression, messages: [{ partition: 0, value, headers: { id, ...headers } }] });
  // Java's clients write headers without a value; kafkajs knows how, but for the count of their bytes.
  const { byteLength } = Buffer;
  const spy = jest.spyOn(Buffer, 'byteLength').mockImplementation((value, encoding) => {
    return value === null ? 0 : byteLength(value, encoding);
  });
  await send('odd-1', quote('odd-1', 101), { none: null });
  await send('odd none', '{', { none: null }).finally(() => spy.mockRestore());
  const prototype = Object.fromEntries([['__proto__', 'a'], ['constructor', 'b']]); // biome-ignore format: short
  await send('odd-2', quote('odd-2', 102), prototype);
  await send('odd name', '{', prototype);
  // Three megabytes, of which the broker sees a few thousand bytes.
  const large = quote('odd-1', 1).replace('}', `,"x":"${'x'.repeat(3_000_000)}"}`);
  await send('odd size', large, {}, kafkajs.CompressionTypes.GZIP);
  await send('odd-3', quote('odd-3', 103));
  const after = await eventually(group, (now) => now.messages_consumed >= before.messages_consumed + 6);
  expect(after).toMatchObject({ dead_letters: before.dead_letters + 3, retrying: [] });
  const stored = await prices();
  expect(['odd-1', 'odd-2', 'odd-3'].map((symbol) => stored.get(symbol))).toEqual([101, 102, 103]);
  const letters = (await contents(LETTERS)).slice(lettersBefore);
  expect(letters.map((letter) => [idOf(letter), String(letter.headers['dl_class'])])).toEqual([
    ['odd none', 'not_json'],
    ['odd name', 'not_json'],
    ['odd size', 'too_large'],
  ]);
  expect(letters[2]!.value?.equals(Buffer.from(large))).toBe(true);
});

it('repeats what it had not committed when it is killed while no dead letter can be written', async () => {
  const sending = await load('killed', 1_500);
  await underLoad();
  await limitLetters(100);
  await sending.sent;
  const { retrying } = await eventually(group, (now) => now.retrying.length === PARTITIONS);
  expect(retrying[0]!.reason).toContain(LETTERS);
  expect(await seams(sending)).toMatchObject({ lost: [] });
  await service.end('SIGKILL');
  await limitLetters(2_097_152);
  await startService();
  await expectAllHandled(sending);
});

it('stays up when the broker is killed, says so, and goes on where it was once the broker is back', async () => {
  await joined();
  await service.post('/v1/messaging/topics', { name: 'outgoing', num_partitions: 1 });
  const acknowledged: string[] = [];
  let posting = true;
  const post = async () => {
    for (let n = 0; posting; n++) {
      const messages = [{ key: null, value: { n }, headers: { id: String(n) } }];
      const { status, body } = await service.post('/v1/messaging/topics/outgoing/messages', { messages });
      if (status === 200 && body['success'] === 1) acknowledged.push(String(n));
      else await sleep(20);
    }
  };
  const posted = post();
  const sending = await load('outage', 1_500);
  await underLoad();
  await broker.kill();
  const killedMs = Date.now();
  const acknowledgedBefore = acknowledged.length;
  const { status, body } = await eventually(health, ({ body }) => body.status === 'degraded', 10_000);
  expect([status, body.error['messaging']!.reason]).toEqual([200, expect.stringContaining(broker.bootstrapServers)]);
  expect((await service.get('/v1/accounts')).status).toBe(200);
  expect((await service.get('/health/ready')).status).toBe(200);
  expect((await service.post('/v1/messaging/topics/outgoing/messages', { messages: [{ value: 1 }] })).status).toBe(503);
  await sleep(Math.max(0, killedMs + 2_000 - Date.now()));
  await broker.start();
  await eventually(health, ({ body }) => body.status === 'ok', REJOIN_MS_MAX);
  await sending.sent;
  await expectAllHandled(sending);
  await eventually(
    () => acknowledged.length,
    (count) => count > acknowledgedBefore + 10,
  );
  posting = false;
  await posted;
  expect(service.ended).toBe(false);
  expect(acknowledgedBefore).toBeGreaterThan(0);
  const times = new Map<string, number>();
  for (const record of await contents('outgoing')) times.set(idOf(record), (times.get(idOf(record)) ?? 0) + 1);
  expect(acknowledged.filter((id) => times.get(id) !== 1)).toEqual([]);
});

it('loses nothing when it is killed together with the broker, in the middle of its batches', async () => {
  const sending = await load('both', 1_500);
  await underLoad();
  const blocker = new pg.Client({ connectionString: postgres.url() });
  await blocker.connect();
  await blocker.query('begin; lock table quotes in access exclusive mode');
  const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock'`;
  await eventually(
    async () => (await blocker.query(waiting)).rowCount,
    (count) => (count ?? 0) > 0,
  );
  await Promise.all([service.end('SIGKILL'), broker.kill()]);
  // PostgreSQL would still do what the dead service had asked for.
  await blocker.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
  await blocker.query('rollback');
  await blocker.end();
  await Promise.all([broker.start(), startService()]);
  await sending.sent;
  expect(await seams(sending)).toMatchObject({ lost: [] });
  await expectAllHandled(sending);
});

it('keeps its messages for the time that the database is away', async () => {
  await joined();
  const sending = await load('database', 1_500);
  await underLoad();
  await postgres.kill();
  const { retrying } = await eventually(group, (now) => now.retrying.length > 0);
  expect(retrying[0]).toMatchObject({ topic: TOPIC, reason: expect.stringMatching(/database|PostgreSQL/i) });
  const { status, body } = await eventually(health, ({ body }) => 'messaging' in body.error);
  expect([status, body.status]).toEqual([503, 'error']);
  expect(body.error['database']!.reason).not.toBe('');
  expect(body.error['messaging']!.reason).toMatch(/^risk_monitor_group: market_data\/\d tried \d+ times: /);
  await sending.sent;
  await postgres.start();
  await expectAllHandled(sending);
  await eventually(health, (reply) => reply.status === 200 && reply.body.status === 'ok');
});

it('ends under load within its time, and goes on exactly there when it starts again', async () => {
  const sending = await load('ended', 1_500);
  await underLoad();
  const startedMs = Date.now();
  expect(await service.end()).toBe(0);
  expect(Date.now() - startedMs).toBeLessThan(5_000);
  await sending.sent;
  const left = sum(await ends()) - sum(await committed());
  expect(left).toBeGreaterThan(0);
  expect(await seams(sending)).toEqual({ lost: [], repeated: [] });
  await startService();
  await expectAllHandled(sending);
  expect(await group()).toMatchObject({ messages_consumed: left });
});

describe('settings', () => {
  const CODES = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
  const types = COMPRESSION_TYPES.map((type) => [type] as const);
  const senders = new Map<string, ServiceProcess>();

  beforeAll(async () => {
    await Promise.all(
      types.map(async ([type]) => {
        // Each by itself: of several on one database only one would read and decide.
        const alone = { DATABASE_URL: '', DATA_DIR: mkdtempSync(join(tmpdir(), 'redfire-e2e-')) };
        senders.set(type, await ServiceProcess.start(environment({ ...alone, KAFKA_COMPRESSION_TYPE: type })));
      }),
    );
  });
  afterAll(() => Promise.all([...senders.values()].map((sender) => sender.destroy())));

  it.each(types)('sends %s for KAFKA_COMPRESSION_TYPE, which another client reads', async (type) => {
    await loadCodec(type);
    const sender = senders.get(type)!;
    const name = `compressed-${type}`;
    await eventually(
      () => sender.post('/v1/messaging/topics', { name, num_partitions: 1 }),
      ({ status }) => status < 300,
    );
    const values = Array.from({ length: 50 }, (_, i) => ({ i, text: `${i} `.repeat(500) }));
    const { body } = await sender.post(`/v1/messaging/topics/${name}/messages`, {
      messages: values.map((value) => ({ key: null, value })),
    });
    expect(body).toMatchObject({ success: 50 });
    expect((await contents(name)).map(({ value }) => JSON.parse(String(value)))).toEqual(values);
    // The attributes of the first batch in the broker's own file.
    const log = readFileSync(join(broker.address.directory, 'data', `${name}-0`, '00000000000000000000.log'));
    expect(log.readInt16BE(21) & 7).toBe(CODES[type]);
  });
});

describe('a setting that cannot be', () => {
  it.each([
    ['KAFKA_COMPRESSION_TYPE', 'brotli', 'got "brotli", expected none, gzip, snappy, lz4 or zstd'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'kafka', 'got "kafka", expected host:port,host:port'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'kafka:9092,', 'got "kafka:9092,", expected host:port,host:port'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'http://kafka:9092', 'got "http://kafka:9092", expected host:port,host:port'],
  ])('does not start with %s=%s, and says why', async (name, value, words) => {
    const startedMs = Date.now();
    const refused = await ServiceProcess.start(environment({ [name]: value }));
    try {
      expect(refused.ended).toBe(true);
      expect(await refused.end()).toBe(1);
      expect(refused.output).toContain(`${name}: ${words}`);
      expect(Date.now() - startedMs).toBeLessThan(2_000);
    } finally {
      await refused.end('SIGKILL');
    }
  });
});
