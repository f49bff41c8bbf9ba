import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

interface Stats {
  is_running: boolean;
  state: string;
  topics: string[];
  producer_stats: { messages_sent: number };
  consumer_stats: Record<
    string,
    {
      state: string;
      messages_consumed: number;
      dead_letters: number;
      lag: number | null;
      skipped: Record<string, number>;
    }
  >;
}

interface Letter {
  dead_letter_id: string;
  class: string;
  reason: string;
  attempts: number;
  replays: number;
  first_seen: string;
  source: { topic: string; partition: number; offset: number };
  message: { key: Preview | null; value: Preview | null };
}

interface Preview {
  preview: string;
  encoding: string;
  bytes: number;
}

interface LetterPage {
  data: Letter[];
  next_cursor: string | null;
}

const brokers = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
if (!brokers) throw new Error('TEST_KAFKA_BOOTSTRAP_SERVERS is not set: npm test starts a broker and sets it');

const QUIET = { RISK_DEMO: 'false' };
const DRIVERS: [string, Record<string, string>][] = [
  ['embedded', QUIET],
  ['kafka', { ...QUIET, KAFKA_BOOTSTRAP_SERVERS: brokers }],
];

describe.each(DRIVERS)('messages through the %s driver', (driver, env) => {
  // The broker keeps its topics between runs: symbols and accounts of this run alone.
  const run = `${driver}-${Date.now()}`;
  const symbol = (name: string) => `${name}-${run}`;
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start(env);
    for (const name of ['GOOD', 'OIL']) {
      await service.request('PUT', `/v1/instruments/${symbol(name)}`, { asset_class: 'EQUITY', currency: 'USD' });
    }
    await service.request('PUT', `/v1/accounts/${symbol('acc')}`, {
      ...{ kind: 'ACCOUNT', account_type: 'MARGIN', currency: 'USD', equity: '1000', cash: '1000' },
    });
    await eventually(stats, ({ is_running }) => is_running, 60_000);
  });
  afterAll(() => service.destroy());

  const stats = async () => (await service.get<Stats>('/v1/messaging/stats')).body;
  const group = async () => (await stats()).consumer_stats['risk_monitor_group']!;
  const send = (topic: string, ...messages: unknown[]) =>
    service.post(`/v1/messaging/topics/${topic}/messages`, { messages });
  const quote = (name: string, fields: object) => ({
    key: symbol(name),
    value: { symbol: symbol(name), timestamp: '2026-01-05T14:30:00Z', ...fields },
    message_type: 'MARKET_DATA',
  });
  const letterPage = async (query: string) =>
    (await service.get<LetterPage>(`/v1/messaging/dead-letters?topic=market_data&${query}`)).body;
  const letters = async () =>
    (await letterPage('limit=500')).data.filter(({ message }) => message.key?.preview.endsWith(run));

  it('keeps the newest quote of a symbol and counts those that come late', async () => {
    const before = await group();
    const reply = await send(
      'market_data',
      quote('GOOD', { price: '150.00' }),
      quote('GOOD', { price: '151.00', timestamp: '2026-01-05T14:30:01Z' }),
      quote('GOOD', { price: '149.00', timestamp: '2026-01-05T14:29:00Z' }),
      quote('NOBODY', { price: '1' }),
    );
    expect(reply.body).toEqual({ success: 4, failed: 0, failures: [] });
    const after = await eventually(group, (now) => now.messages_consumed >= before.messages_consumed + 4);
    expect((await service.get(`/v1/quotes/${symbol('GOOD')}`)).body).toMatchObject({
      price: '151',
      timestamp: '2026-01-05T14:30:01.000Z',
    });
    const skipped = (reason: string) => (after.skipped[reason] ?? 0) - (before.skipped[reason] ?? 0);
    expect([skipped('stale_quote'), skipped('unknown_symbol')]).toEqual([1, 1]);
    expect(after.dead_letters).toBe(before.dead_letters);
  });

  it('replaces the positions of an account by a snapshot, and keeps those of a later time', async () => {
    const snapshot = (as_of: string, quantity: string) => ({
      key: symbol('acc'),
      value: { account_id: symbol('acc'), as_of, positions: [{ symbol: symbol('GOOD'), quantity }] },
      message_type: 'PORTFOLIO_UPDATE',
    });
    const before = await group();
    await send('portfolio_updates', snapshot('2026-01-05T15:00:00Z', '10'), snapshot('2026-01-05T14:00:00Z', '99'));
    const after = await eventually(group, (now) => now.messages_consumed >= before.messages_consumed + 2);
    const { body } = await service.get(`/v1/accounts/${symbol('acc')}/positions`);
    expect(body).toMatchObject({ as_of: '2026-01-05T15:00:00.000Z', positions: [{ quantity: '10' }] });
    expect((after.skipped['stale_snapshot'] ?? 0) - (before.skipped['stale_snapshot'] ?? 0)).toBe(1);
  });

  it('puts a refused quote aside, and takes it when it is replayed after its instrument was changed', async () => {
    await send('market_data', { ...quote('OIL', { price: '-37.63' }), headers: { desk: 'crude' } });
    const [letter] = await eventually(letters, ({ length }) => length > 0);
    expect(letter).toMatchObject({
      class: 'refused',
      reason: 'price_not_positive: expected price > 0, got -37.63',
      attempts: 1,
      replays: 0,
      source: { topic: 'market_data' },
      message: {
        key: { preview: symbol('OIL'), encoding: 'utf-8', bytes: symbol('OIL').length },
        value: { preview: expect.stringContaining('"price":"-37.63"'), encoding: 'utf-8' },
      },
    });
    const path = `/v1/messaging/dead-letters/${letter!.dead_letter_id}`;
    const { message, ...told } = letter!;
    const whole = (await service.get<{ message: object }>(path)).body;
    expect(whole).toMatchObject(told);
    expect(whole.message).toMatchObject({
      key: symbol('OIL'),
      value: { price: '-37.63' },
      headers: { desk: 'crude', message_type: 'MARKET_DATA' },
    });

    // Replayed too early it fails again, and goes on with its history.
    expect((await service.post(`${path}/replay`, undefined)).body).toMatchObject({ topic: 'market_data', replays: 1 });
    const [again] = await eventually(letters, ({ length }) => length > 1);
    expect(again).toMatchObject({ attempts: 2, replays: 1, first_seen: letter!.first_seen });
    expect(again!.source.offset).not.toBe(letter!.source.offset);

    await service.request('PUT', `/v1/instruments/${symbol('OIL')}`, {
      ...{ asset_class: 'FUTURE', currency: 'USD', allow_negative_price: true },
    });
    await service.post(`/v1/messaging/dead-letters/${again!.dead_letter_id}/replay`, undefined);
    const taken = await eventually(
      () => service.get(`/v1/quotes/${symbol('OIL')}`),
      ({ status }) => status === 200,
    );
    expect(taken.body).toMatchObject({ price: '-37.63' });
  });

  it('puts aside what does not fit, and goes on with the rest', async () => {
    const before = (await letters()).length;
    await send(
      'market_data',
      quote('GOOD', { price: 'cheap' }),
      { ...quote('GOOD', { price: '160', timestamp: '2026-01-05T15:00:00Z' }), message_type: 'RISK_ALERT' },
      { key: symbol('GOOD'), value: null },
      quote('GOOD', { price: '152.00', timestamp: '2026-01-05T14:31:00Z', venue: 'X' }),
    );
    await eventually(
      () => service.get(`/v1/quotes/${symbol('GOOD')}`),
      ({ body }) => body['price'] === '152',
    );
    const now = await eventually(letters, ({ length }) => length === before + 3);
    expect(
      now
        .slice(0, 3)
        .map((letter) => letter.class)
        .sort(),
    ).toEqual(['empty_value', 'invalid', 'unknown_message_type']);
  });

  it('takes no history from whoever sends headers of its names, and keeps them', async () => {
    const strange = { dl_attempts: '41', dl_replays: '7', dl_topic: 'market_data', dl_first_seen: 'long ago' };
    const bad = { ...quote('GOOD', { price: 'strange' }), headers: strange };
    const ofStrange = async () =>
      (await letters()).filter(({ message }) => message.value?.preview.includes('"strange"'));
    await send('market_data', bad);
    const [letter] = await eventually(ofStrange, ({ length }) => length === 1);
    expect(letter).toMatchObject({ attempts: 1, replays: 0, first_seen: expect.stringMatching(/^20.*Z$/) });
    await service.post(`/v1/messaging/dead-letters/${letter!.dead_letter_id}/replay`, undefined);
    const [again] = await eventually(ofStrange, ({ length }) => length === 2);
    expect(again).toMatchObject({ attempts: 2, replays: 1, first_seen: letter!.first_seen });
    const { body } = await service.get<{ message: object }>(`/v1/messaging/dead-letters/${again!.dead_letter_id}`);
    expect(body.message).toMatchObject({
      headers: Object.fromEntries(Object.entries(strange).map(([name, value]) => [`dl_original_${name}`, value])),
    });
  });

  it('shows all dead letters page by page, the newest first, however many and large they are', async () => {
    const before = await group();
    // A megabyte a request at most: a few large ones with many small ones.
    const large = { ...quote('GOOD', { price: 'cheap', text: 'x'.repeat(700_000) }), key: `large-${run}` };
    for (let i = 0; i < 3; i++) await send('market_data', large);
    const small = Array.from({ length: 480 }, (_, i) => ({ ...quote('GOOD', {}), key: `${i}-${run}` }));
    await send('market_data', ...small);
    await send('market_data', ...small.map((message) => ({ ...message, key: `late-${message.key}` })));
    await eventually(group, (now) => now.dead_letters >= before.dead_letters + 963);
    const found: Letter[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const page = await letterPage(cursor === '' ? 'limit=100' : `limit=100&cursor=${cursor}`);
      expect(page.data.length).toBe(page.next_cursor === null ? page.data.length : 100);
      if (pages === 0) await send('market_data', { ...quote('GOOD', {}), key: `meanwhile-${run}` });
      found.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(pages).toBeGreaterThan(9);
    const keys = found.flatMap(({ message }) => (message.key?.preview.endsWith(run) ? [message.key.preview] : []));
    const sent = small.flatMap(({ key }) => [key, `late-${key}`]);
    expect(keys.filter((key) => /^(late-)?\d+-/.test(key)).sort()).toEqual(sent.sort());
    expect(keys.filter((key) => key.startsWith('large-'))).toHaveLength(3);
    expect(keys.filter((key) => key.startsWith('meanwhile-'))).toEqual([]);
    const ids = found.map(({ dead_letter_id }) => dead_letter_id);
    expect(new Set(ids).size).toBe(ids.length);
    const offsets = ids.map((id) => Number(id.split(':')[2]));
    expect(offsets).toEqual(offsets.toSorted((a, b) => b - a));
    const value = found.find(({ message }) => message.key?.preview.startsWith('large-'))!.message.value!;
    expect([value.preview.length, value.bytes > 700_000]).toEqual([1_024, true]);
  });

  it('sends no number that it would have to round', async () => {
    const body = `{"messages":[{"value":{"ids":[1,12345678901234567890]}}]}`;
    const path = '/v1/messaging/topics/market_data/messages';
    const refused = await service.request('POST', path, body, { 'content-type': 'application/json' });
    expect([refused.status, refused.body['errors']]).toEqual([
      400,
      [
        {
          ...{ pointer: '/messages/0/value/ids/1', code: 'too_precise' },
          detail: expect.stringContaining('got 12345678901234567890'),
        },
      ],
    ]);
    const deep = `{"messages":[{"value":${'['.repeat(50_000)}1234567890123456789${']'.repeat(50_000)}}]}`;
    const tooDeep = await service.request('POST', path, deep, { 'content-type': 'application/json' });
    expect([tooDeep.status, tooDeep.body['detail']]).toEqual([400, expect.stringContaining('at most 100 levels')]);
  });

  it('says what is wrong with the name of a header', async () => {
    const { status, body } = await send('market_data', { value: 1, headers: { '': 'x' } });
    expect([status, body['errors']]).toEqual([
      400,
      [
        {
          pointer: '/messages/0/headers/',
          code: 'too_small',
          detail: 'expected at least 1 character in the name, got ""',
        },
      ],
    ]);
  });

  it('shows the last messages of a topic', async () => {
    const { body } = await service.get<{ data: { topic: string; headers: Record<string, string> }[] }>(
      '/v1/messaging/topics/market_data/messages?limit=2',
    );
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({ topic: 'market_data', headers: { source: 'redfire-risk' } });
  });

  it('creates a topic, and compares one that exists', async () => {
    const name = `scratch.${run}`;
    const create = (num_partitions: number) => service.post('/v1/messaging/topics', { name, num_partitions });
    expect((await create(2)).body).toMatchObject({ name, num_partitions: 2, created: true, differences: [] });
    expect((await create(3)).body).toMatchObject({
      ...{ num_partitions: 2, created: false },
      differences: [{ setting: 'num_partitions', wanted: 3, actual: 2 }],
    });
    expect((await stats()).topics).toContain(name);
    expect((await send(name, { key: null, value: { any: 'thing' } })).body).toMatchObject({ success: 1 });
  });

  it.each([
    ['a topic that does not exist', 'POST', '/topics/nowhere/messages', { messages: [{ value: 1 }] }, 404],
    ['a name that is none', 'POST', '/topics', { name: 'with space' }, 400],
    ['a name of the broker', 'POST', '/topics', { name: '__consumer_offsets' }, 400],
    ['no partition', 'POST', '/topics', { name: 'scratch', num_partitions: 0 }, 400],
    ['a compression nobody has', 'POST', '/topics', { name: 'scratch', compression_type: 'rar' }, 400],
    [
      'a message type nobody knows',
      'POST',
      '/topics/market_data/messages',
      { messages: [{ value: 1, message_type: 'X' }] },
      400,
    ],
    ['a message without value', 'POST', '/topics/market_data/messages', { messages: [{ key: 'a' }] }, 400],
    ['no message', 'POST', '/topics/market_data/messages', { messages: [] }, 400],
    ['the messages of no topic', 'GET', '/topics/nowhere/messages', undefined, 404],
    ['too many messages', 'GET', '/topics/market_data/messages?limit=501', undefined, 400],
    ['dead letters of no topic', 'GET', '/dead-letters?topic=nowhere', undefined, 404],
    ['too many dead letters', 'GET', '/dead-letters?limit=501', undefined, 400],
    ['a cursor that is none', 'GET', '/dead-letters?cursor=next', undefined, 400],
    ['a cursor of a topic that is read', 'GET', '/dead-letters?cursor=market_data:0:5', undefined, 400],
    [
      'the cursor of another list',
      'GET',
      '/dead-letters?topic=trade_orders&cursor=market_data.dead_letter:0:5',
      undefined,
      400,
    ],
    ['a dead letter that is none', 'GET', '/dead-letters/market_data:0:0', undefined, 404],
    ['a dead letter that is not there', 'POST', '/dead-letters/market_data.dead_letter:0:99999/replay', undefined, 404],
    ['a dead letter id that is none', 'GET', '/dead-letters/here', undefined, 400],
  ])('refuses %s', async (_, method, path, body, status) => {
    const reply = await service.request(method, `/v1/messaging${path}`, body);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('reports its health', async () => {
    const { status, body } = await service.get<{ status: string; details: Record<string, object> }>('/health');
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(body.details['messaging']).toMatchObject({ status: 'up', driver });
  });

  it('ends within its time with everything committed', async () => {
    await send('market_data', quote('GOOD', { price: '153.00', timestamp: '2026-01-05T14:32:00Z' }));
    const startedMs = Date.now();
    expect(await service.end()).toBe(0);
    expect(Date.now() - startedMs).toBeLessThan(6_000);
  });
});

describe('messages with a broker that is not there', () => {
  it('starts, says so, answers over HTTP, and is degraded', async () => {
    const service = await ServiceProcess.start({ ...QUIET, KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' });
    try {
      const health = await eventually(
        () => service.get<{ status: string; error: Record<string, { reason: string }> }>('/health'),
        ({ body }) => body.status === 'degraded' && /127\.0\.0\.1:1/.test(body.error['messaging']!.reason),
      );
      expect(health.status).toBe(200);
      expect((await service.get('/health/ready')).status).toBe(200);
      expect((await service.get('/v1/accounts')).status).toBe(200);
      const sent = await service.post('/v1/messaging/topics/market_data/messages', { messages: [{ value: 1 }] });
      expect([sent.status, sent.body['code']]).toEqual([503, 'dependency_unavailable']);
      expect((await service.get<Stats>('/v1/messaging/stats')).body).toMatchObject({ is_running: false });
      const startedMs = Date.now();
      expect(await service.end()).toBe(0);
      expect(Date.now() - startedMs).toBeLessThan(6_000);
    } finally {
      await service.destroy();
    }
  });
});
