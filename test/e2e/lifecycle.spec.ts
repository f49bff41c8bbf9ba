import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from '../../scripts/services/postgres-server.js';
import { dedicatedPostgres } from '../support/database.js';
import { type Reply, ServiceProcess } from '../support/service.js';

const positions = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'].map((symbol) => ({
  symbol,
  quantity: '100',
}));
/** A second or two of work on one thread. */
const LONG_REQUEST = { positions, simulations: 1_500_000, returns: 'lognormal', contributions: false };
/** Some ten seconds, which makes it a job. */
const LONG_JOB = { ...LONG_REQUEST, simulations: 5_000_000, confidence_level: [0.9, 0.95, 0.99] };
const NO_DATABASE = 'postgres://risk:hunter2@127.0.0.1:1/risk';

const running: ServiceProcess[] = [];
async function start(...options: Parameters<typeof ServiceProcess.start>): Promise<ServiceProcess> {
  const service = await ServiceProcess.start(...options);
  running.push(service);
  return service;
}
afterEach(async () => {
  for (const service of running.splice(0)) await service.destroy();
});

/** What the process logged: every line is JSON. */
function logged(service: ServiceProcess): { level: number; msg: string; ms?: number }[] {
  return service.lines.map((line) => JSON.parse(line));
}

async function eventually<T>(look: () => Promise<T>, isThere: (seen: T) => boolean, msMax: number): Promise<T> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`Not within ${msMax} ms: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}

const withoutMarks = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (key, value) => (/^(mark|market_value|unrealized_pnl)/.test(key) ? '…' : value));

interface List {
  data: { account_id: string; job_id: string }[];
}

describe('a data directory', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'redfire-e2e-'));
  const dataDir = join(cwd, 'data');
  let service: ServiceProcess;
  afterAll(async () => {
    await service?.destroy();
    rmSync(cwd, { recursive: true, force: true });
  });
  const restart = async () => {
    service = await ServiceProcess.start({ DATA_DIR: dataDir });
  };

  it('is filled at the first start, which needs no settings, prints each step with its time and then where to go', async () => {
    writeFileSync(join(cwd, '.env'), 'PORT=0\n');
    service = await ServiceProcess.start({}, { cwd });
    const lines = logged(service);
    const steps = lines.filter(({ msg }) => msg.startsWith('✓'));
    expect(steps.map(({ msg }) => msg.replace(/\d+ ms/, 'N ms').replace(/:\d+/, ':PORT'))).toEqual([
      '✓ Configuration read, program loaded (N ms)',
      '✓ Database up: embedded PostgreSQL in ./data/db (N ms)',
      '✓ Listening on http://127.0.0.1:PORT (N ms)',
      '✓ Price history loaded: 0 symbols (N ms)',
      '✓ Messaging within this process: no broker, what is on its way ends with the process (N ms)',
      '✓ Cache in memory, files in data/cache: what is away is left out, see /v1/cache/stats (N ms)',
      '✓ Demo data loaded: firm_demo with its desks and accounts (N ms)',
      '✓ Book loaded: this instance decides (N ms)',
      '✓ Demo feed: a made-up quote of every demo symbol each second (N ms)',
    ]);
    for (const { msg, ms } of steps) expect(msg).toContain(`(${ms} ms)`);
    expect(lines.filter(({ msg }) => /listening/i.test(msg))).toHaveLength(1);
    const { url } = service;
    expect(lines.at(-1)?.msg).toBe(`Ready. Try ${url}/docs (API), ${url}/health/ready, ${url}/v1/accounts`);
    for (const path of ['/docs', '/health/ready', '/v1/accounts']) expect((await service.get(path)).status).toBe(200);
  });

  it('is refused to a second process, in words, while the first goes on', async () => {
    const second = await ServiceProcess.start({ DATA_DIR: dataDir });
    expect(await second.end('SIGKILL')).toBe(1);
    expect(second.lines).toContain(
      `The data directory ${dataDir}/db is in use by process ${service.child.pid} (lock file ${dataDir}/db/lock). ` +
        'Stop that process, or give this one a directory of its own with DATA_DIR, or let both use a PostgreSQL server with DATABASE_URL.',
    );
    expect(second.output).not.toMatch(/\n\s+at /);
    const account = { kind: 'ACCOUNT', parent_id: 'desk_us', currency: 'USD', equity: '5000' };
    expect(await service.request('PUT', '/v1/accounts/acc_kept', account)).toMatchObject({ status: 200 });
  });

  it('keeps accounts, positions and finished jobs over kill -9, and fails the job that ran', async () => {
    await service.request('PUT', '/v1/accounts/acc_kept/positions', { positions: [{ symbol: 'KO', quantity: '7' }] });
    const look = async () =>
      Promise.all(
        ['/v1/accounts', '/v1/accounts/acc_kept/positions', '/v1/jobs/job_demo'].map((path) => service.get(path)),
      );
    const before = await look();
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
    const jobId = await runningJob(service);
    expect(await service.end('SIGKILL')).toBe('SIGKILL');
    await restart();
    // The demo feed quotes anew.
    const bodies = (replies: readonly Reply[]) => replies.map(({ body }) => withoutMarks(body));
    expect(bodies(await look())).toEqual(bodies(before));
    expect((await service.get(`/v1/jobs/${jobId}`)).body).toMatchObject({
      status: 'FAILED',
      error: { code: 'interrupted', detail: expect.stringContaining('start it again') },
    });
  });

  it('does not get the demo data again after somebody deleted it; an idle service ends on SIGTERM within two seconds', async () => {
    const { data } = (await service.get<List>('/v1/accounts')).body;
    expect(data).toHaveLength(8);
    const ids = ['default', 'acc_growth', 'acc_income', 'acc_hedged', 'acc_kept', 'desk_us', 'desk_value', 'firm_demo'];
    for (const id of ids) expect((await service.request('DELETE', `/v1/accounts/${id}`)).status).toBe(204);
    const askedMs = performance.now();
    expect(await service.end('SIGTERM')).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(2_000);
    expect(logged(service).at(-1)?.msg).toBe('✓ Stopped');
    await restart();
    expect((await service.get<List>('/v1/accounts')).body.data).toEqual([]);
    expect(service.output).not.toContain('Demo data');
  });

  it('on SIGTERM the request in flight is answered, a new connection is not, and the exit code is 0 within five seconds', async () => {
    await service.post('/v1/risk/var/monte-carlo', { ...LONG_REQUEST, simulations: 10_000 }); // The thread has started.
    const inFlight = service.post('/v1/risk/var/monte-carlo', LONG_REQUEST);
    await sleep(200);
    const askedMs = performance.now();
    const ended = service.end('SIGTERM').then((code) => ({ code, ms: performance.now() - askedMs }));
    await service.logged('Shutting down (SIGTERM)');
    const refused = eventually(
      () => fetch(`${service.url}/health/live`, { headers: { connection: 'close' } }).then(() => '', String),
      (error) => error !== '',
      4_000,
    ).then(() => performance.now());
    expect(await inFlight).toMatchObject({ status: 200, body: { method: 'monte_carlo' } });
    const answeredMs = performance.now();
    expect(await refused).toBeLessThan(answeredMs);
    expect(await ended).toMatchObject({ code: 0 });
    expect((await ended).ms).toBeLessThan(5_000);
  });

  it('on SIGTERM a running job is ended as interrupted, and so is the stream of who watches it', async () => {
    await restart();
    const jobId = await runningJob(service);
    const events = fetch(`${service.url}/v1/jobs/${jobId}/events`).then((response) => response.text());
    await sleep(500);
    const askedMs = performance.now();
    expect(await service.end('SIGTERM')).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(5_000);
    expect(await events).toMatch(/event: progress\n/);
    await restart();
    expect((await service.get(`/v1/jobs/${jobId}`)).body).toMatchObject({
      status: 'FAILED',
      error: { code: 'interrupted' },
    });
  });

  async function runningJob({ get, post }: ServiceProcess): Promise<string> {
    const { status, body } = await post('/v1/risk/var/monte-carlo', LONG_JOB);
    expect(status).toBe(202);
    const job = `/v1/jobs/${body['job_id']}`;
    await eventually(
      () => get(job),
      (reply) => reply.body['status'] === 'RUNNING',
      10_000,
    );
    return String(body['job_id']);
  }
});

describe('a start', () => {
  it('names all bad variables at once, with what was got and expected, within two seconds', async () => {
    const variables = {
      PORT: '99999',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://risk:hunter2@db/risk',
      RISK_DEMO: 'maybe',
      RISK_VAR_CONFIDENCE_LEVEL: '95',
      WORKER_THREADS: '0',
    };
    const service = await refusedWithinTwoSeconds(variables);
    expect(service.lines).toEqual([
      'The configuration is not valid:',
      '  ✗ PORT: got "99999", expected an integer from 0 to 65535',
      '  ✗ LOG_LEVEL: got "loud", expected fatal, error, warn, info, debug, trace or silent',
      '  ✗ DATABASE_URL: got (hidden), expected postgres://user:password@host:port/database',
      '  ✗ RISK_DEMO: got "maybe", expected true or false',
      '  ✗ RISK_VAR_CONFIDENCE_LEVEL: got "95", expected a number above 0.5 and below 1 with at most four decimals',
      '  ✗ WORKER_THREADS: got "0", expected an integer from 1 to 64',
    ]);
  });

  it('says in words that its data directory cannot be one, within two seconds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'redfire-e2e-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { lines } = await refusedWithinTwoSeconds({ DATA_DIR: file });
    expect(lines).toEqual([
      'The configuration is not valid:',
      expect.stringContaining(
        `  ✗ DATA_DIR: got "${file}", expected a folder that the service can write to (ENOTDIR: `,
      ),
    ]);
    rmSync(folder, { recursive: true });
  });

  async function refusedWithinTwoSeconds(variables: Record<string, string>): Promise<ServiceProcess> {
    const attempt = async () => {
      const startedMs = performance.now();
      const service = await start(variables);
      return { service, ms: performance.now() - startedMs };
    };
    let { service, ms } = await attempt();
    // A loaded machine gets a second chance.
    if (ms >= 2_000) ({ service, ms } = await attempt());
    expect(ms).toBeLessThan(2_000);
    expect(await service.end()).toBe(1);
    return service;
  }

  it('with RISK_DEMO=false leaves the store empty; another one says in words that its port is taken', async () => {
    const first = await start({ RISK_DEMO: 'false' });
    for (const path of ['/v1/accounts', '/v1/instruments', '/v1/prices', '/v1/jobs']) {
      expect(await first.get(path)).toMatchObject({ status: 200, body: { data: [], next_cursor: null } });
    }
    const { port } = new URL(first.url);
    const second = await start({ PORT: port, DATABASE_URL: NO_DATABASE });
    expect(await second.end()).toBe(1);
    expect(second.lines).toContain(
      `The service cannot listen on 127.0.0.1:${port}: another process listens there. Choose another port with PORT, or stop that process.`,
    );
    expect(second.output).not.toMatch(/\n\s+at /);
  });
});

describe('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await dedicatedPostgres();
  });
  afterAll(() => server?.destroy());

  interface Health {
    status: string;
    error: Record<string, { status: string; reason: string }>;
  }
  const expectUnready = (ready: Reply<Health>, reasons: object) => {
    expect(ready).toMatchObject({ status: 503, body: { status: 'error', error: reasons } });
    expect(ready.headers.get('content-type')).toContain('application/json');
  };
  const isUp = ({ status }: Reply<unknown>) => status === 200;

  it('may be away at the start and whenever it likes: the service says why and comes back by itself', async () => {
    // Away at the start.
    const service = await start({ DATABASE_URL: server.url() }, { until: 'Listening on' });
    expect(await service.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const refused = { status: 'down', reason: 'no server listens at its address' };
    expectUnready(await service.get<Health>('/health/ready'), {
      startup: { status: 'down', reason: 'waiting for the database' },
      database: refused,
    });
    const unready = await service.get('/v1/accounts');
    expect(unready).toMatchObject({
      status: 503,
      body: { code: 'not_ready', detail: 'waiting for the database', title: expect.any(String) },
    });
    expect(unready.headers.get('content-type')).toContain('application/problem+json');
    expect(unready.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await service.get('/openapi.json')).toMatchObject({ status: 200 });
    const { port } = new URL(server.url());
    expect(service.output).toContain(`PostgreSQL at 127.0.0.1:${port}/postgres cannot be used`);
    expect(service.output).not.toContain(server.address.password);

    // It appears.
    await server.start();
    await eventually(() => service.get('/health/ready'), isUp, 10_000);
    expect(service.output).toMatch(/✓ Database up: PostgreSQL \(\d+ ms\)/);
    // Demo data is for the embedded database alone, unless asked for.
    expect((await service.get('/v1/accounts')).body).toEqual({ data: [], next_cursor: null });
    await service.request('PUT', '/v1/accounts/firm', { kind: 'FIRM', currency: 'EUR' });

    // It goes away.
    await server.kill();
    const away = await eventually(
      () => service.get('/v1/accounts'),
      ({ status }) => status === 503,
      5_000,
    );
    expect(away.body).toMatchObject({ code: 'dependency_unavailable', request_id: away.headers.get('x-request-id') });
    expectUnready(await service.get<Health>('/health/ready'), {
      database: { status: 'down', reason: expect.any(String) },
    });
    expect(await service.request('PUT', '/v1/accounts/lost', { kind: 'FIRM', currency: 'EUR' })).toMatchObject({
      status: 503,
      body: { code: 'dependency_unavailable' },
    });
    expect(await service.get('/health/live')).toMatchObject({ status: 200 });

    // It comes back, with what was acknowledged.
    await server.start();
    await eventually(() => service.get('/v1/accounts'), isUp, 10_000);
    await eventually(() => service.get('/health/ready'), isUp, 10_000);
    const { body } = await service.get<{ data: { account_id: string }[] }>('/v1/accounts');
    expect(body.data.map(({ account_id }) => account_id)).toEqual(['firm']);
    expect(await service.end('SIGTERM')).toBe(0);
  });

  it('is left cleanly also while it is away', async () => {
    const service = await start({ DATABASE_URL: NO_DATABASE }, { until: 'Listening on' });
    const askedMs = performance.now();
    expect(await service.end('SIGTERM')).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(5_000);
    expect(service.output).not.toContain('hunter2');
  });
});
