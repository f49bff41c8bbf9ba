import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaServer } from '../../scripts/services/kafka-server.js';
import type { RedisServer } from '../../scripts/services/redis-server.js';
import { createDatabase } from '../support/database.js';
import { dedicatedRedis } from '../support/redis.js';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

interface Var {
  cache: 'hit' | 'miss';
  cache_age_ms: number;
  calculated_at: string;
  input_hash: string;
  results: { var_value: string }[];
}
interface Stats {
  total: { hits: number; misses: number; hit_rate: number };
  enabled_levels: string[];
  levels: Record<string, { state: string; entries: number | null; hits: number; invalid: number; errors: number }>;
}

const inline = (symbol = 'AAPL') => ({
  positions: [
    { symbol, quantity: '500' },
    { symbol: 'GE', market_value: '-50000' },
  ],
  equity: '1000000',
});

const ask = async (service: ServiceProcess, body: object, method = 'historical'): Promise<Var> => {
  const reply = await service.post<Var>(`/v1/risk/var/${method}`, body);
  expect(reply).toMatchObject({ status: 200 });
  return reply.body;
};
/** All but what says when it was computed. */
const numbers = ({ cache: _, cache_age_ms: __, ...reply }: Var) => reply;
const stats = async (service: ServiceProcess) => (await service.get<Stats>('/v1/cache/stats')).body;
const levelOfEntry = async (service: ServiceProcess, key: string) => {
  const { status, body } = await service.get(`/v1/cache/entries/${key}`);
  return status === 200 ? body['level'] : status;
};
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((item) =>
    item.isFile() ? [join(item.parentPath, item.name)] : [],
  );

async function importCloses(service: ServiceProcess, csv: string): Promise<void> {
  const { body } = await service.request('POST', '/v1/prices/imports', csv, { 'content-type': 'text/csv' });
  expect(await service.finishedJob(String(body['job_id']))).toMatchObject({ status: 'SUCCEEDED' });
}

describe('a service with memory and files', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    // The demo data without the demo feed: marks move when this test says so.
    const first = await ServiceProcess.start({}, { until: 'Demo data loaded' });
    await first.end();
    service = await ServiceProcess.start(
      { DATA_DIR: first.dataDir, RISK_DEMO: 'false' },
      { until: 'return_windows warm' },
    );
  });
  afterAll(() => service.destroy());

  it('says how its cache is: at the start, in health and in its statistics', async () => {
    expect(service.output).toMatch(/✓ Cache in memory, files in .*cache: what is away is left out/);
    expect(service.output).toMatch(/✓ Cache: \d+ files of before are there/);
    expect(service.output).toMatch(/✓ Cache: return_windows warm, [1-9]\d* there/);
    const health = await service.get('/health');
    expect(health.body).toMatchObject({
      status: 'ok',
      details: { cache: { status: 'up', enabled_levels: ['l1', 'l3'], levels: { l1: 'UP', l3: 'UP' } } },
    });
    expect(await stats(service)).toMatchObject({
      enabled_levels: ['l1', 'l3'],
      levels: { l1: { state: 'UP' }, l2: { state: 'DISABLED' }, l3: { state: 'UP' } },
    });
  });

  it.each(['historical', 'parametric', 'monte-carlo'])(
    'answers %s once more from the cache, the same',
    async (method) => {
      const first = await ask(service, inline(), method);
      expect([first.cache, first.cache_age_ms]).toEqual(['miss', 0]);
      const again = await ask(service, inline(), method);
      expect(again.cache).toBe('hit');
      expect(again.cache_age_ms).toBeGreaterThan(0);
      expect(numbers(again)).toEqual(numbers(first));
      expect((await ask(service, { ...inline(), confidence_level: 0.99 }, method)).cache).toBe('miss');
    },
  );

  it('computes anew after every change of closes, positions, marks or equity, and never for nothing', async () => {
    const account = { account_id: 'acc_income' };
    const fresh = async (body: object, before?: Var) => {
      const reply = await ask(service, body);
      expect(reply.cache).toBe('miss');
      if (before) expect(reply.results).not.toEqual(before.results);
      expect((await ask(service, body)).cache).toBe('hit');
      return reply;
    };
    const first = await fresh(account);
    const ofThen = { ...account, as_of: '2022-12-28' };
    await fresh(ofThen);
    const { body: held } = await service.get<{ positions: { symbol: string; quantity: string }[] }>(
      '/v1/accounts/acc_income/positions',
    );
    const positions = held.positions.map(({ symbol, quantity }) => ({ symbol, quantity: `${2 * Number(quantity)}` }));
    await service.request('PUT', '/v1/accounts/acc_income/positions', { positions });
    const doubled = await fresh(account, first);
    await fresh(ofThen);
    const quote = { symbol: held.positions[0]!.symbol, price: '500', timestamp: new Date().toISOString() };
    expect((await service.post('/v1/quotes', { quotes: [quote] })).body).toMatchObject({ accepted: 1 });
    const quoted = await fresh(account, doubled);
    // What was then does not depend on what is quoted now.
    expect((await ask(service, ofThen)).cache).toBe('hit');
    const { body: stored } = await service.get('/v1/accounts/acc_income');
    const { account_id: _, created_at: __, updated_at: ___, ...fields } = stored;
    const put = await service.request('PUT', '/v1/accounts/acc_income', { ...fields, equity: '12345678' });
    expect(put.status).toBe(200);
    await fresh(account, quoted);
    const before = await ask(service, inline());
    await importCloses(service, 'date,symbol,close\n2022-12-28,AAPL,100.00\n');
    await fresh(inline(), before);
  });

  it('keeps results over a restart, and over damage of every file never a wrong one', async () => {
    const bodies = Array.from({ length: 6 }, (_, i) => ({ ...inline('KO'), lookback_days: 250 + i }));
    const first = await Promise.all(bodies.map((body) => ask(service, body)));
    await service.end();
    const cacheDir = join(service.dataDir, 'cache', 'redfire-cache', 'var_results');
    service = await ServiceProcess.start({ DATA_DIR: service.dataDir, RISK_DEMO: 'false' });
    let hits = 0;
    for (const [i, body] of bodies.entries()) {
      const again = await ask(service, body);
      if (again.cache === 'hit') expect(numbers(again)).toEqual(numbers(first[i]!));
      if (again.cache === 'hit') hits++;
      expect(again.results).toEqual(first[i]!.results);
    }
    // Nobody waits longer than 20 ms for a file: on a busy machine one or another is computed sooner.
    expect(hits).toBeGreaterThan(0);
    expect((await stats(service)).levels['l3']!.hits).toBe(hits);
    await service.end();
    filesBelow(cacheDir).forEach((file, n) => {
      const bytes = readFileSync(file);
      if (n % 2 === 0) truncateSync(file, Math.floor(statSync(file).size / 2));
      else writeFileSync(file, bytes.fill(bytes[bytes.length - 30]! ^ 1, bytes.length - 30, bytes.length - 29));
    });
    service = await ServiceProcess.start({ DATA_DIR: service.dataDir, RISK_DEMO: 'false' });
    for (const [i, body] of bodies.entries()) {
      const again = await ask(service, body);
      expect([again.cache, again.results, again.input_hash]).toEqual(['miss', first[i]!.results, first[i]!.input_hash]);
    }
    expect((await stats(service)).levels['l3']).toMatchObject({ state: 'UP', hits: 0 });
  });

  it('takes values by hand, in any key, and refuses what JSON cannot keep', async () => {
    const key = encodeURIComponent('rates/€ 📈:*');
    const entry = { value: { rate: 1.0852, list: [null, true, '_function_x|1'] }, ttl_seconds: 60 };
    expect(await service.request('PUT', `/v1/cache/entries/${key}`, entry)).toMatchObject({ status: 200 });
    expect((await service.get(`/v1/cache/entries/${key}`)).body).toMatchObject({ value: entry.value, level: 'l1' });
    expect(await service.request('DELETE', `/v1/cache/entries/${key}`)).toMatchObject({ status: 204 });
    expect((await service.get(`/v1/cache/entries/${key}`)).body).toMatchObject({ code: 'cache_entry_not_found' });
    const put = (body: string) =>
      service.request('PUT', '/v1/cache/entries/k', body, { 'content-type': 'application/json' });
    for (const body of [
      '{"value":1e999}',
      '{"value":12345678901234567890}',
      '{"value":1,"ttl_seconds":0}',
      '{"value":1,"ttl_seconds":604801}',
      '{}',
      '{"value":{"a":1,"__proto__":{"b":2}}}',
      `{"value":${'['.repeat(250)}${']'.repeat(250)}}`,
      `{"value":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    ]) {
      expect([body, (await put(body)).status]).toEqual([body, 400]);
    }
    const deleted = await service.request('DELETE', '/v1/cache/namespaces/nothing');
    expect([deleted.status, deleted.body['code']]).toEqual([404, 'cache_namespace_not_found']);
  });
});

describe('two services on one database, one Kafka and one Redis', () => {
  let redis: RedisServer;
  let kafka: KafkaServer | undefined;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let [owner, standby]: ServiceProcess[] = [];
  beforeAll(async () => {
    redis = await (await dedicatedRedis({ durable: true })).start();
    database = await createDatabase();
    const brokers = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
    kafka = brokers ? undefined : await (await KafkaServer.create()).start();
    const env = {
      DATABASE_URL: database.url,
      RISK_DEMO: 'true',
      KAFKA_BOOTSTRAP_SERVERS: brokers ?? kafka!.bootstrapServers,
      REDIS_URL: redis.url(),
    };
    owner = await ServiceProcess.start(env, { until: 'return_windows warm' });
    standby = await ServiceProcess.start(env, { until: 'Standing by' });
  });
  afterAll(async () => {
    await owner?.destroy();
    await standby?.destroy();
    await database.drop();
    await redis.destroy();
    await kafka?.destroy();
  });

  const put = (service: ServiceProcess, key: string, value: unknown) =>
    service.request('PUT', `/v1/cache/entries/${key}`, { value, ttl_seconds: 3_600 });
  const valueIn = async (service: ServiceProcess, key: string) =>
    (await service.get(`/v1/cache/entries/${key}`)).body['value'];
  const state = async (service: ServiceProcess) => (await stats(service)).levels['l2']!.state;

  it('share what one has stored, and what one deletes is gone from the memory of the other', async () => {
    await eventually(
      () => Promise.all([state(owner!), state(standby!)]),
      (states) => states.join() === 'UP,UP',
    );
    // On a busy machine Redis may be later than anybody waits for it.
    await eventually(
      async () => {
        await put(owner!, 'shared', 'one');
        return levelOfEntry(standby!, 'shared');
      },
      (level) => level === 'l2',
    );
    expect(await levelOfEntry(standby!, 'shared')).toBe('l1');
    await owner!.request('DELETE', '/v1/cache/entries/shared');
    await eventually(
      () => levelOfEntry(standby!, 'shared'),
      (level) => level === 404,
    );
    await eventually(
      async () => {
        await put(standby!, 'shared', 'two');
        return valueIn(owner!, 'shared');
      },
      (value) => value === 'two',
    );
    await put(standby!, 'shared', 'three');
    await eventually(
      () => valueIn(owner!, 'shared'),
      (value) => value === 'three',
    );
  });

  it('hear of deletes by Kafka while Redis is paused, degraded and not dead; Redis brings nothing back', async () => {
    await eventually(
      async () => {
        await put(owner!, 'paused', 'old');
        return valueIn(standby!, 'paused');
      },
      (value) => value === 'old',
    );
    const positions = { account_id: 'acc_hedged', as_of: '2022-12-28' };
    await ask(owner!, positions);
    redis.freeze();
    try {
      await owner!.request('DELETE', '/v1/cache/entries/paused');
      await eventually(
        () => levelOfEntry(standby!, 'paused'),
        (level) => level === 404,
      );
      expect(await ask(owner!, positions)).toMatchObject({ cache: 'hit' });
      expect(await ask(owner!, { ...positions, lookback_days: 300 })).toMatchObject({ cache: 'miss' });
      await eventually(
        () => state(owner!),
        (now) => now === 'DOWN',
      );
      expect((await owner!.get('/health')).body).toMatchObject({
        status: 'degraded',
        error: { cache: { status: 'down' } },
      });
      expect((await owner!.get('/health/ready')).status).toBe(200);
    } finally {
      redis.thaw();
    }
    await eventually(
      () => state(owner!),
      (now) => now === 'UP',
    );
    expect(await levelOfEntry(owner!, 'paused')).toBe(404);
    expect(await levelOfEntry(standby!, 'paused')).toBe(404);
  });

  it('of which one was down meanwhile: its files bring nothing back that the other has deleted', async () => {
    await put(standby!, 'absent', 'old');
    await put(standby!, 'kept', 'kept');
    const { dataDir } = standby!;
    await standby!.end();
    await owner!.request('DELETE', '/v1/cache/entries/absent');
    await redis.stop();
    rmSync(join(redis.address.directory, 'appendonlydir'), { recursive: true, force: true });
    const env = {
      DATABASE_URL: database.url,
      KAFKA_BOOTSTRAP_SERVERS: process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'] ?? kafka!.bootstrapServers,
      REDIS_URL: redis.url(),
      DATA_DIR: dataDir,
    };
    standby = await ServiceProcess.start(env, { until: 'Standing by' });
    // It starts without Redis. Its files are read once it has heard what was deleted.
    await eventually(
      () => levelOfEntry(standby!, 'kept'),
      (level) => level === 'l3',
    );
    expect(await levelOfEntry(standby!, 'absent')).toBe(404);
    await redis.start();
    await eventually(
      () => state(standby!),
      (now) => now === 'UP',
    );
  });
});
