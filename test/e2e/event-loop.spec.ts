import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServiceProcess } from '../support/service.js';

const MONITOR = fileURLToPath(new URL('../support/event-loop-monitor.mjs', import.meta.url));
const DELAY_MS_MAX = 50;
/** A single wait for a processor that only a machine with other work on it imposes. */
const DISTURBED_MS_MIN = 10;
const ATTEMPTS_MAX = 3;
const EIGHT = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'];
const SYMBOLS = Array.from({ length: 3_000 }, (_, n) => `S${n}`);
const DAYS = 134;
const MANY = Array.from({ length: 8_000 }, (_, n) => `MANY.${n}`);

let service: ServiceProcess;
beforeAll(async () => {
  service = await ServiceProcess.start({ NODE_OPTIONS: `--import ${MONITOR}` });
});
afterAll(() => service.destroy());

interface Delay {
  /** As `monitorEventLoopDelay` has it. */
  msMax: number;
  /** Without the time in which the process waited for a processor. */
  ownMsMax: number;
}

/** The longest time the event loop of the service was not free since the last call. */
async function delay(): Promise<Delay> {
  const known = service.lines.length;
  service.child.kill('SIGUSR2');
  for (;;) {
    if (service.ended) throw new Error(`The service has ended:\n${service.output}`);
    const line = service.lines.slice(known).find((text) => text.startsWith('event-loop-delay-max-ms'));
    const [, msMax, ownMsMax] = (line ?? '').split(' ').map(Number);
    if (line) return { msMax: msMax!, ownMsMax: ownMsMax! };
    await sleep(10);
  }
}

/**
 * Runs the work once, so that what the first request of a kind has to compile counts. What decides is the delay without
 * the time in which the loop was ready and waited for a processor: this process, the database and the service's own
 * thread share few, and no service can give itself one. Other work slows down more than that (caches, helper threads of
 * the garbage collector): where it was seen to disturb, and only there, the work is measured again.
 */
async function expectFreeLoop(work: (attempt: number) => Promise<void>): Promise<void> {
  const delays: Delay[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    await delay();
    await work(attempt);
    const seen = await delay();
    delays.push(seen);
    if (own(seen) < DELAY_MS_MAX || seen.msMax - seen.ownMsMax < DISTURBED_MS_MIN) break;
  }
  const measured = JSON.stringify(delays);
  if (process.env['SHOW_MEASUREMENTS']) process.stderr.write(`${expect.getState().currentTestName}: ${measured}\n`);
  expect([measured, own(delays.at(-1)!) < DELAY_MS_MAX]).toEqual([measured, true]);
}

/** The two are sampled at different moments: either may miss a little of the other. */
const own = ({ msMax, ownMsMax }: Delay) => Math.min(msMax, ownMsMax);

async function run(method: string, body: object): Promise<void> {
  const { status, body: reply } = await service.post(`/v1/risk/var/${method}`, body);
  if (status === 202) expect(await service.finishedJob(String(reply['job_id']))).toMatchObject({ status: 'SUCCEEDED' });
  else expect([status, reply]).toEqual([200, expect.objectContaining({ results: expect.any(Array) })]);
}

function positions(count: number) {
  return SYMBOLS.slice(0, count).map((symbol, n) => ({ symbol, quantity: String(n % 3 === 0 ? -10 : 10 + n) }));
}

/** Wide, a row a day. */
function closes(symbols: readonly string[], days: number): string {
  const rows = [`date,${symbols.join(',')}`];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    const cells = symbols.map((_, n) => (100 + 10 * Math.sin(n + day * (1 + n / 97)) + (day % 7)).toFixed(4));
    rows.push(`${date},${cells.join(',')}`);
  }
  return `${rows.join('\n')}\n`;
}

describe('the event loop is never blocked for 50 ms', () => {
  it('as a measurement tells that would see it', async () => {
    await delay();
    service.child.kill('SIGSTOP');
    await sleep(150);
    service.child.kill('SIGCONT');
    // It answers once it runs again, maybe before its own timer has noticed.
    let seen = await delay();
    for (let tries = 0; tries < 20 && seen.msMax <= 100; tries++) {
      await sleep(50);
      seen = await delay();
    }
    expect(seen.msMax).toBeGreaterThan(100);
    expect(seen.ownMsMax).toBeGreaterThan(100);
    await expectFreeLoop(() => sleep(300));
  });

  it.each([
    { returns: 'lognormal', sampling: 'pseudo' },
    { returns: 'lognormal', sampling: 'sobol' },
    { returns: 'simple', sampling: 'pseudo', contributions: false },
  ])('by a simulation of 1,000,000 paths with %o', async (options) => {
    const book = EIGHT.map((symbol) => ({ symbol, market_value: '125000' }));
    const levels = { confidence_level: [0.95, 0.99] };
    await expectFreeLoop(() => run('monte-carlo', { positions: book, simulations: 1_000_000, ...levels, ...options }));
  });

  it('by an import of 400,000 closes', async () => {
    await expectFreeLoop(async (attempt) => {
      const csv = closes(attempt === 0 ? SYMBOLS : SYMBOLS.map((symbol) => `AGAIN${attempt}.${symbol}`), DAYS);
      const { body } = await service.request('POST', '/v1/prices/imports', csv, { 'content-type': 'text/csv' });
      const job = await service.finishedJob(String(body['job_id']));
      expect(job).toMatchObject({ status: 'SUCCEEDED', result: { symbols: SYMBOLS.length } });
    });
  });

  it('by an import of a table with 8,000 columns', async () => {
    const csv = closes(MANY, 20);
    await expectFreeLoop(async () => {
      const { body } = await service.request('POST', '/v1/prices/imports?dry_run=true', csv, {
        'content-type': 'text/csv',
      });
      const job = await service.finishedJob(String(body['job_id']));
      expect(job).toMatchObject({ status: 'SUCCEEDED', result: { symbols: MANY.length, inserted: 160_000 } });
    });
  });

  it.each([
    ['historical', { method: 'volatility_scaled' }],
    ['parametric', { covariance: 'ledoit_wolf' }],
    ['monte-carlo', { simulations: 20_000 }],
    ['monte-carlo', { simulations: 2_000, returns: 'lognormal' }],
  ])('by %s of 1,000 symbols with %o', async (method, options) => {
    await expectFreeLoop(() => run(method, { positions: positions(1_000), equity: '1000000', ...options }));
  });

  it.each(['historical', 'parametric'])('by %s of 3,000 positions of the request, at three levels', async (method) => {
    const levels = { confidence_level: [0.9, 0.95, 0.99] };
    await expectFreeLoop(() => run(method, { positions: positions(3_000), equity: '1000000', ...levels }));
  });

  it('by ten pages of lists and the documents', async () => {
    await expectFreeLoop(async () => {
      for (const path of ['/openapi.json', '/v1/prices?limit=500', '/v1/prices/AAPL', '/v1/instruments']) {
        expect((await service.get(path)).status).toBe(200);
      }
    });
  });
});
