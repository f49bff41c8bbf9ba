import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { priceImportResult } from '../../src/risk/market/price-import.schema.js';
import { type Reply, ServiceProcess } from '../support/service.js';

const DEMO_CLOSES = new URL('../../assets/demo/closes.csv', import.meta.url);

interface Job {
  job_id: string;
  status: string;
  phase: string | null;
  percent: number;
  eta_seconds: number | null;
  request: Record<string, unknown>;
  result: Record<string, number> & { errors: { line: number; column: string; code: string; detail: string }[] };
  error: { code: string; detail: string } | null;
}
interface Coverage {
  data: { symbol: string; first_date: string; last_date: string; count: number }[];
}

let service: ServiceProcess;
beforeAll(async () => {
  service = await ServiceProcess.start({ RISK_DEMO: 'false' });
});
afterAll(() => service.destroy());

async function upload(body: string | FormData, query = ''): Promise<Reply<Job>> {
  const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'text/csv' } : {};
  const response = await fetch(`${service.url}/v1/prices/imports?${query}`, { method: 'POST', body, headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Job };
}

async function imported(body: string | FormData, query = ''): Promise<Job> {
  const reply = await upload(body, query);
  expect(reply).toMatchObject({
    status: 202,
    body: { kind: 'price_import', request: { on_error: expect.any(String) } },
  });
  expect(reply.headers.get('location')).toBe(`/v1/jobs/${reply.body.job_id}`);
  const job = (await service.finishedJob(reply.body.job_id)) as unknown as Job;
  if (job.result) priceImportResult.parse(job.result);
  return job;
}

async function closeOf(symbol: string, date: string): Promise<string | undefined> {
  const path = `/v1/prices/${symbol}?start_date=${date}&end_date=${date}`;
  const { status, body } = await service.get<{ data: { close: string }[] }>(path);
  return status === 200 ? body.data[0]?.close : undefined;
}

/** The demo closes with other symbols, as rows of cells. */
function demoRows(prefix: string): string[][] {
  const rows = readFileSync(DEMO_CLOSES, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return [['date', ...rows[0]!.slice(1).map((symbol) => `${prefix}${symbol}`)], ...rows.slice(1)];
}
const wide = (rows: string[][]) => `${rows.map((cells) => cells.join(',')).join('\n')}\n`;
const long = ([header, ...rows]: string[][]) =>
  [
    'date,symbol,close',
    ...rows.flatMap(([date, ...cells]) => cells.map((cell, n) => `${date},${header![n + 1]},${cell}`)),
  ].join('\n');

/** Hundreds of thousands of closes, for work that can be watched. */
function large(prefix: string, { symbols, days }: { symbols: number; days: number }): string {
  const rows = [['date', ...Array.from({ length: symbols }, (_, n) => `${prefix}${n}`)]];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
    rows.push([
      date,
      ...Array.from({ length: symbols }, (_, n) => (100 + ((n * 31 + day * 7) % 1000) / 100).toFixed(2)),
    ]);
  }
  return wide(rows);
}

const coverage = async (prefix: string) => {
  const { body } = await service.get<Coverage>(`/v1/prices?limit=500&cursor=${prefix}`);
  return body.data.filter(({ symbol }) => symbol.startsWith(prefix));
};

/** Files of uploads that are still there, of this process or of one before. */
function uploadsOf({ dataDir }: ServiceProcess): string[] {
  return readdirSync(join(dataDir, 'imports'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.csv'),
  );
}

describe('an import of closes', () => {
  it('stores a wide file, and the same file again changes nothing, as wide or as long', async () => {
    const rows = demoRows('W.');
    const first = await imported(wide(rows));
    expect(first).toMatchObject({ status: 'SUCCEEDED', percent: 100, eta_seconds: null, error: null });
    // 4,026 days × 10 symbols.
    expect(first.result).toMatchObject({
      format: 'wide',
      rows: 4026,
      symbols: 10,
      first_date: '2007-01-03',
      last_date: '2022-12-28',
      inserted: 40_260,
      updated: 0,
      unchanged: 0,
      error_count: 0,
    });
    const none = { inserted: 0, updated: 0, unchanged: 40_260, price_version: first.result['price_version'] };
    expect((await imported(wide(rows))).result).toMatchObject({ format: 'wide', ...none });
    expect((await imported(long(rows))).result).toMatchObject({ format: 'long', rows: 40_260, symbols: 10, ...none });
    expect(await closeOf('W.AAPL', '2008-01-02')).toBe('5.914');
  });

  it('counts what it changes: one close corrected, one added', async () => {
    const rows = demoRows('W.');
    rows[253]![1] = '6.001';
    rows.push(['2022-12-29', '129.273', ...Array(9).fill('')]);
    const { result } = await imported(wide(rows));
    expect(result).toMatchObject({ inserted: 1, updated: 1, unchanged: 40_259, last_date: '2022-12-29' });
    expect(await closeOf('W.AAPL', rows[253]![0]!)).toBe('6.001');
    expect(await closeOf('W.AAPL', '2022-12-29')).toBe('129.273');
    expect(await closeOf('W.BAC', '2022-12-29')).toBeUndefined();
  });

  it('writes nothing for one bad cell, and names its line and column', async () => {
    const rows = demoRows('BAD.');
    rows[999]![4] = 'n/a'; // The header is line 1, so this is line 1000; the column is that of JPM.
    const job = await imported(wide(rows));
    expect(job).toMatchObject({
      status: 'FAILED',
      error: {
        code: 'validation_failed',
        detail: '1 error, nothing was written; line 1000: expected a number, got "n/a"',
      },
    });
    expect(job.result).toMatchObject({ error_count: 1, inserted: 0 });
    expect(job.result.errors).toEqual([
      { line: 1000, column: 'BAD.JPM', code: 'not_a_number', detail: 'expected a number, got "n/a"' },
    ]);
    expect(await coverage('BAD.')).toEqual([]);
  });

  it('with on_error=skip leaves out just what is wrong, and tells all of it', async () => {
    const rows = demoRows('SKIP.');
    rows[999]![4] = 'n/a';
    rows[1999]![1] = '-3';
    rows[2999]![0] = '2018-02-30';
    const job = await imported(wide(rows), 'on_error=skip');
    // Two cells, and the ten of a line whose date does not exist.
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { inserted: 40_260 - 12, error_count: 3 } });
    expect(job.result.errors.map(({ line, column, code }) => [line, column, code])).toEqual([
      [1000, 'SKIP.JPM', 'not_a_number'],
      [2000, 'SKIP.AAPL', 'not_positive'],
      [3000, 'date', 'invalid_date'],
    ]);
    expect(await closeOf('SKIP.JPM', rows[999]![0]!)).toBeUndefined();
    expect(await closeOf('SKIP.JPM', rows[1000]![0]!)).toBe(rows[1000]![4]);
  });

  it('as a dry run tells what it would do and does nothing', async () => {
    const rows = demoRows('DRY.');
    const job = await imported(wide(rows), 'dry_run=true');
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { dry_run: true, inserted: 40_260, error_count: 0 } });
    expect(await coverage('DRY.')).toEqual([]);
    rows[9]![2] = 'x';
    expect(await imported(wide(rows), 'dry_run=true')).toMatchObject({
      status: 'SUCCEEDED',
      result: { error_count: 1 },
    });
  });

  it('takes a byte order mark, Windows lines and quotes, and a form with the file', async () => {
    const text = '\ufeff"date","Q.A","Q,B"\r\n"2020-01-02","1.50",\r\n"2020-01-03","1.25","2"\r\n';
    const refused = await imported(text);
    expect(refused.result.errors).toMatchObject([{ line: 1, column: 'Q,B', code: 'invalid_symbol' }]);
    const form = new FormData();
    form.set('file', new Blob([text.replace('Q,B', 'Q.B')], { type: 'text/csv' }), 'closes of today.csv');
    const job = await imported(form);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      request: { source: 'closes of today.csv' },
      result: { rows: 2, symbols: 2, inserted: 3, errors: [] },
    });
    expect(await closeOf('Q.A', '2020-01-02')).toBe('1.5');
  });

  it.each([
    ['', 'empty_file'],
    ['date,A\n', 'empty_file'],
    ['day,A\n2020-01-02,1\n', 'missing_column'],
    ['date,A\n"2020-01-02,1\n', 'unclosed_quote'],
  ])('of %j fails with %s', async (text, code) => {
    const job = await imported(text);
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'validation_failed' } });
    expect(job.result.errors[0]).toMatchObject({ line: expect.any(Number), code });
  });

  it('refuses a form without the file before there is a job', async () => {
    const form = new FormData();
    form.set('closes', new Blob(['date,A\n2020-01-02,1\n']), 'closes.csv');
    expect(await upload(form)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ pointer: '/file', code: 'required' }, { pointer: '/closes' }] },
    });
    expect(await upload('x', 'dry_run=perhaps&on_error=ignore&extra=1')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/dry_run' }, { pointer: '/on_error' }, { pointer: '/extra' }] },
    });
  });

  it.each(['before', 'behind'])('refuses what stands %s the file in a form, and writes nothing', async (where) => {
    const form = new FormData();
    const options = { dry_run: 'true', note: 'x' };
    if (where === 'before') for (const [name, value] of Object.entries(options)) form.append(name, value);
    form.append('file', new Blob([wide(demoRows('FORM.'))]), 'closes.csv');
    if (where === 'behind') for (const [name, value] of Object.entries(options)) form.append(name, value);
    form.append('file', new Blob(['date,FORM.2\n2020-01-02,1\n']), 'second.csv');
    const jobs = async () => (await service.get<{ data: Job[] }>('/v1/jobs?limit=500')).body.data.length;
    const before = await jobs();
    expect(await upload(form)).toMatchObject({
      status: 400,
      body: {
        code: 'validation_failed',
        errors: [
          {
            pointer: '/dry_run',
            code: 'unknown_field',
            detail: 'expected dry_run in the query of the address, as in ?dry_run=…, got a form field',
          },
          { pointer: '/note', code: 'unknown_field', detail: expect.stringContaining('got "note" as a field') },
          { pointer: '/file', code: 'unknown_field', detail: expect.stringContaining('got "file" as a file') },
        ],
      },
    });
    expect(await jobs()).toBe(before);
    expect(uploadsOf(service)).toEqual([]);
    expect(await coverage('FORM.')).toEqual([]);
  });

  it('refuses a form of very many parts', async () => {
    const form = new FormData();
    form.append('file', new Blob(['date,FORM.1\n2020-01-02,1\n']), 'closes.csv');
    for (let n = 0; n < 30; n++) form.append(`field${n}`, 'x');
    expect(await upload(form)).toMatchObject({
      status: 400,
      body: { detail: 'expected a form with the field "file" alone, got more than 10' },
    });
    expect(uploadsOf(service)).toEqual([]);
  });

  it('is listed among the jobs, by kind and status', async () => {
    const list = async (query: string) => (await service.get<{ data: Job[] }>(`/v1/jobs?${query}`)).body.data;
    const all = await list('kind=price_import&limit=500');
    const failed = await list('kind=price_import&status=FAILED&limit=500');
    expect(failed.length).toBeGreaterThan(4);
    expect(failed).toEqual(all.filter(({ status }) => status === 'FAILED'));
    expect(await list('kind=monte_carlo_var')).toEqual([]);
  });

  it('gives prices to measure risk on', async () => {
    const [header, ...rows] = demoRows('');
    // Twice the close of AAPL: the same returns, so the same value at risk of the same money.
    const doubled = rows.map((cells) => `${cells[0]},${Number(cells[1]) * 2}`);
    await imported(['date,TWICE', ...doubled].join('\n'));
    await imported(wide([header!, ...rows]));
    const measure = async (symbol: string) => {
      const body = { positions: [{ symbol, market_value: '100000' }], as_of: '2009-12-31', lookback_days: 505 };
      const reply = await service.post<{ results: { var_ratio: number }[] }>('/v1/risk/var/historical', body);
      expect(reply).toMatchObject({ status: 200 });
      return reply.body.results[0]!.var_ratio;
    };
    const [twice, once] = [await measure('TWICE'), await measure('AAPL')];
    expect(once).toBeGreaterThan(0.01);
    expect(twice).toBeCloseTo(once, 12);
  });

  it('of a symbol that never moved leaves nothing to scale, which is said without inner numbers', async () => {
    const days = demoRows('').slice(1, 400);
    await imported(['date,STILL', ...days.map(([date]) => `${date},5`)].join('\n'));
    const body = { positions: [{ symbol: 'STILL', quantity: '1' }], method: 'volatility_scaled', lookback_days: 100 };
    const reply = await service.post('/v1/risk/var/historical', body);
    expect(reply).toMatchObject({ status: 422, body: { code: 'zero_variance' } });
    const standard = ['type', 'title', 'status', 'code', 'detail', 'request_id', 'instance'];
    expect(Object.keys(reply.body).filter((key) => !standard.includes(key))).toEqual([]);
  });
});

describe('a long import', () => {
  const file = large('BIG.', { symbols: 200, days: 4_000 });
  const half = async (jobId: string, isReached: (job: Job) => boolean) => {
    for (;;) {
      const { body } = await service.get<Job>(`/v1/jobs/${jobId}`);
      if (isReached(body) || !['QUEUED', 'RUNNING'].includes(body.status)) return body;
      await sleep(10);
    }
  };

  it('cancelled half-way leaves nothing behind', async () => {
    const { body } = await upload(file);
    const seen = await half(body.job_id, ({ percent }) => percent >= 40);
    expect(seen).toMatchObject({ status: 'RUNNING', phase: expect.any(String) });
    const cancelled = await service.post<Job>(`/v1/jobs/${body.job_id}/cancel`, undefined);
    expect(cancelled.status).toBe(200);
    expect(await service.finishedJob(body.job_id)).toMatchObject({ status: 'CANCELLED', result: null, error: null });
    expect(await coverage('BIG.')).toEqual([]);
    expect(uploadsOf(service)).toEqual([]);
    // Cancelled twice is cancelled.
    expect((await service.post(`/v1/jobs/${body.job_id}/cancel`, undefined)).status).toBe(200);
  });

  it('killed with the service is not half there after a restart, and the job says why', async () => {
    const { body } = await upload(file);
    await half(body.job_id, ({ phase }) => phase === 'writing');
    expect(await service.end('SIGKILL')).toBe('SIGKILL');
    service = await ServiceProcess.start({ DATA_DIR: service.dataDir, RISK_DEMO: 'false' });
    const job = (await service.get<Job>(`/v1/jobs/${body.job_id}`)).body;
    const stored = await coverage('BIG.');
    if (job.status === 'SUCCEEDED') expect(stored).toHaveLength(200);
    else {
      expect(job).toMatchObject({
        status: 'FAILED',
        error: { code: 'interrupted', detail: expect.stringMatching(/start it again/) },
      });
      expect(stored).toEqual([]);
    }
    expect(uploadsOf(service)).toEqual([]);
    expect(await closeOf('TWICE', '2008-01-02')).toBe('11.828');
  });

  async function eventsOf(jobId: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${service.url}/v1/jobs/${jobId}/events`, { headers });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    return (await response.text())
      .trim()
      .split('\n\n')
      .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string])))
      .map(({ id, event, data }) => ({ id: Number(id), event, job: JSON.parse(data!) as Job }));
  }

  it('tells its progress as events until it is done', async () => {
    const { body } = await upload(large('EVENT.', { symbols: 200, days: 4_000 }));
    const events = await eventsOf(body.job_id);
    expect(events.length).toBeGreaterThan(3);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, n) => n + 1));
    expect(events.map(({ event }) => event)).toEqual([...Array(events.length - 1).fill('progress'), 'done']);
    const percents = events.map(({ job }) => job.percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(events.some(({ job }) => job.phase === 'reading' && job.percent > 0 && job.eta_seconds !== null)).toBe(true);
    expect(events.at(-1)!.job).toMatchObject({ status: 'SUCCEEDED', percent: 100, result: { inserted: 800_000 } });
    expect(await coverage('EVENT.')).toHaveLength(200);
  });

  it('cut short by SIGTERM tells so as its last event, and who comes back hears its end at once', async () => {
    const { body } = await upload(file);
    await half(body.job_id, ({ percent }) => percent >= 10);
    const watched = eventsOf(body.job_id);
    await sleep(300);
    expect(await service.end('SIGTERM')).toBe(0);
    const last = (await watched).at(-1)!;
    expect(last).toMatchObject({ event: 'shutdown', job: { job_id: body.job_id, status: 'RUNNING' } });
    service = await ServiceProcess.start({ DATA_DIR: service.dataDir, RISK_DEMO: 'false' });
    expect(await eventsOf(body.job_id, { 'last-event-id': String(last.id) })).toMatchObject([
      { id: last.id + 1, event: 'done', job: { status: 'FAILED', error: { code: 'interrupted' } } },
    ]);
  });
});
