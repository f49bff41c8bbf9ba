import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { configSource, parseConfig } from '../../src/config.js';
import { HttpModule } from '../../src/http/http.module.js';
import { fastifyAdapter, registerHooks } from '../../src/http/server.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import type { Job } from '../../src/jobs/jobs.schema.js';
import { MarketModule } from '../../src/risk/market/market.module.js';
import { registerUploads } from '../../src/risk/market/price-import.upload.js';
import { createDatabase, SERVICE_START_MS_MAX, temporaryDirectory } from '../support/database.js';

const CSV = 'date,AAA,BBB\n2020-01-02,1,10\n2020-01-03,1.5,\n2020-01-06,1.25,12\n';

type Reply = Job & { data: Job[]; next_cursor: string };

describe('imports, closes and jobs over HTTP', () => {
  const folder = temporaryDirectory();
  let app: NestFastifyApplication;
  let url: string;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createDatabase();
    drop = database.drop;
    const config = parseConfig({ DATABASE_URL: database.url, DATA_DIR: folder.path, RISK_DEMO: 'false' });
    const configuration = ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [configSource(config)] });
    const module = { module: class {}, imports: [configuration, HttpModule, JobsModule, MarketModule] };
    app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(pino({ level: 'silent' })), {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    });
    registerHooks(app);
    await registerUploads(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }, SERVICE_START_MS_MAX);
  afterAll(async () => {
    await app?.close();
    await drop?.();
    folder.remove();
  }, SERVICE_START_MS_MAX);

  const spooled = () => readdirSync(join(folder.path, 'imports', String(process.pid)));
  const json = async (path: string, init?: RequestInit) => (await (await fetch(`${url}${path}`, init)).json()) as Reply;

  async function upload(
    body: RequestInit['body'],
    headers: Record<string, string> = { 'content-type': 'text/csv' },
    query = '',
  ) {
    const response = await fetch(`${url}/v1/prices/imports${query}`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit);
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: (await response.json()) as Reply,
    };
  }

  /** The events of a job until its stream ends. */
  async function events(path: string): Promise<{ event: string; job: Job }[]> {
    const response = await fetch(`${url}${path}/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    return (await response.text())
      .split('\n\n')
      .filter((text) => text !== '')
      .map((text) => {
        const [, event, data] = /^id: \d+\nevent: (\w+)\ndata: (.*)$/.exec(text)!;
        return { event: event!, job: JSON.parse(data!) };
      });
  }

  it('takes a CSV body, says where its job is, and tells of the job to its end', async () => {
    const { status, location, body } = await upload(CSV);
    expect([status, location]).toEqual([202, `/v1/jobs/${body.job_id}`]);
    expect(body).toMatchObject({
      kind: 'price_import',
      status: 'QUEUED',
      request: { bytes: CSV.length, dry_run: false },
    });
    const told = await events(location!);
    expect(told.at(-1)).toMatchObject({
      event: 'done',
      job: { status: 'SUCCEEDED', result: { rows: 3, inserted: 5 } },
    });
    expect(await json(location!)).toEqual(told.at(-1)!.job);
    expect(spooled()).toEqual([]);
  });

  it('answers with the closes and with what is stored of each symbol', async () => {
    expect(await json('/v1/prices/BBB?start_date=2020-01-03')).toEqual({
      symbol: 'BBB',
      data: [{ date: '2020-01-06', close: '12' }],
      next_cursor: null,
    });
    expect(await json('/v1/prices')).toEqual({
      data: [
        { symbol: 'AAA', first_date: '2020-01-02', last_date: '2020-01-06', count: 3, gaps: 0 },
        { symbol: 'BBB', first_date: '2020-01-02', last_date: '2020-01-06', count: 2, gaps: 1 },
      ],
      next_cursor: null,
    });
    expect(await json('/v1/prices/NONE')).toMatchObject({ status: 404, code: 'prices_not_found' });
    const reversed = await json('/v1/prices/AAA?start_date=2020-02-01&end_date=2020-01-01');
    expect(reversed).toMatchObject({ status: 400, errors: [{ pointer: '/end_date' }] });
  });

  it('takes the file of a form', async () => {
    const form = new FormData();
    form.append('file', new Blob([CSV]), 'closes.csv');
    const { status, location, body } = await upload(form, {}, '?dry_run=true');
    expect([status, body.request['source']]).toEqual([202, 'closes.csv']);
    expect((await events(location!)).at(-1)!.job.result).toMatchObject({ dry_run: true, unchanged: 5 });
  });

  it('refuses a form without that file', async () => {
    const form = new FormData();
    form.append('other', 'x');
    const errors = [{ pointer: '/file' }, { pointer: '/other' }];
    expect((await upload(form, {})).body).toMatchObject({ code: 'validation_failed', errors });
    const { body } = await upload('x', { 'content-type': 'multipart/form-data' });
    expect(body).toMatchObject({ code: 'validation_failed' });
    expect(spooled()).toEqual([]);
  });

  it.each([
    ['JSON', { 'content-type': 'application/json' }],
    ['a compressed body', { 'content-type': 'text/csv', 'content-encoding': 'gzip' }],
  ])('refuses %s', async (_what, headers) => {
    expect(await upload('{}', headers)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it('lets no other route take an upload', async () => {
    for (const type of ['text/csv', 'multipart/form-data; boundary=x']) {
      const reply = await json('/v1/quotes', {
        method: 'POST',
        body: CSV,
        headers: { 'content-type': type },
      });
      expect(reply).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });

  it.each(['announced', 'streamed'])('refuses more than 64 MB, %s, and keeps nothing', async (how) => {
    const megabyte = new Uint8Array(1024 * 1024).fill(49);
    async function* stream() {
      for (let i = 0; i < 66; i++) yield megabyte;
    }
    const body = how === 'announced' ? new Uint8Array(66 * 1024 * 1024) : ReadableStream.from(stream());
    expect(await upload(body as RequestInit['body'])).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    expect(spooled()).toEqual([]);
  });

  it('keeps nothing of an upload that is broken off', async () => {
    const before = (await json('/v1/jobs')).data.length;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /v1/prices/imports HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\r\ndate,A\n',
    );
    while (spooled().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while (spooled().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await json('/v1/jobs')).data).toHaveLength(before);
  });

  it('cancels an import, and refuses to cancel one that has ended', async () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => `2020-01-02,S${i % 9000},1\n`).join('');
    const { location } = await upload(`date,symbol,close\n${rows}`);
    const told = events(location!);
    expect(await json(`${location}/cancel`, { method: 'POST' })).toMatchObject({ status: 'CANCELLED' });
    expect(await json(`${location}/cancel`, { method: 'POST' })).toMatchObject({ status: 'CANCELLED' });
    expect((await told).at(-1)).toMatchObject({ event: 'done', job: { status: 'CANCELLED' } });
    const done = await json('/v1/jobs?status=SUCCEEDED&limit=1');
    expect(await json(`/v1/jobs/${done.data[0]!.job_id}/cancel`, { method: 'POST' })).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect(await json('/v1/jobs/job_none/events')).toMatchObject({ status: 404, code: 'job_not_found' });
  });

  it('lists jobs page by page', async () => {
    const first = await json('/v1/jobs?limit=2&kind=price_import');
    const second = await json(`/v1/jobs?limit=2&cursor=${first.next_cursor}`);
    const ids = [...first.data, ...second.data].map((job) => job.job_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await json('/v1/jobs?cursor=job_none')).toMatchObject({ status: 400, errors: [{ pointer: '/cursor' }] });
  });
});
