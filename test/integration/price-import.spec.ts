import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.js';
import { JobsRepository } from '../../src/database/jobs.repository.js';
import { PricesRepository } from '../../src/database/prices.repository.js';
import { isFinished, type Job } from '../../src/jobs/jobs.schema.js';
import { JobsService } from '../../src/jobs/jobs.service.js';
import { SystemClock } from '../../src/risk/clock.js';
import type { PriceHistory, PriceWrite } from '../../src/risk/market/ports.js';
import { dayOf } from '../../src/risk/market/price-day.js';
import type { PriceImportQuery, PriceImportResult } from '../../src/risk/market/price-import.schema.js';
import { PriceImportService } from '../../src/risk/market/price-import.service.js';
import { PricesService } from '../../src/risk/market/prices.service.js';
import { describeOnBothDatabases, temporaryDirectory } from '../support/database.js';

/** 9 stocks and an index, 4026 days. */
const DEMO_CLOSES = new URL('../../assets/demo/closes.csv', import.meta.url);

/** One instance of the service, as far as prices go. */
class Instance {
  readonly jobs: JobsService;
  readonly prices: PricesService;
  readonly imports: PriceImportService;

  constructor(database: Database, wrap: (history: PriceHistory) => PriceHistory = (history) => history) {
    const history = wrap(new PricesRepository(database));
    this.jobs = new JobsService(new JobsRepository(database));
    this.prices = new PricesService(history);
    this.imports = new PriceImportService(this.jobs, this.prices, history, new SystemClock());
  }

  async import(
    path: string,
    options: Partial<PriceImportQuery> = {},
  ): Promise<Job & { result: PriceImportResult | null }> {
    const started = await this.imports.start({
      path,
      source: 'test',
      keepFile: true,
      options: { dry_run: false, on_error: 'fail', ...options },
    });
    return this.ended(started.job_id);
  }

  async ended(jobId: string) {
    for (;;) {
      const job = await this.jobs.get(jobId);
      if (isFinished(job)) return job as Job & { result: PriceImportResult | null };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describeOnBothDatabases('importing closes', (open) => {
  const folder = temporaryDirectory();
  const demo = join(folder.path, 'demo.csv');
  let service: Instance;
  beforeAll(() => {
    copyFileSync(DEMO_CLOSES, demo);
    service = new Instance(open());
  });
  afterEach(() => service.jobs.onModuleDestroy());
  beforeEach(() => {
    service = new Instance(open());
  });
  afterAll(() => folder.remove());

  function file(content: string): string {
    const path = join(folder.path, 'prices.csv');
    writeFileSync(path, content);
    return path;
  }
  const lines = () => readFileSync(demo, 'utf8').trimEnd().split('\n');
  const storedVersion = async () => (await new PricesRepository(open()).moment([])).version;

  it('writes nothing where line 1000 is broken, and names it', async () => {
    const broken = lines();
    broken[999] = broken[999]!.replace(/^([^,]*),[^,]*/, '$1,n/a');
    const job = await service.import(file(broken.join('\n')));
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'validation_failed' } });
    expect(job.error!.detail).toMatch('1 error, nothing was written; line 1000: expected a number, got "n/a"');
    expect(job.result).toMatchObject({ rows: 4026, inserted: 0, error_count: 1 });
    expect(job.result!.errors).toMatchObject([{ line: 1000, column: 'AAPL', code: 'not_a_number' }]);
    expect([await storedVersion(), (await service.prices.current()).symbols()]).toEqual([0, []]);
    expect(await new JobsRepository(open()).find(job.job_id)).toMatchObject({
      status: 'FAILED',
      error: job.error,
      result: job.result,
    });
  });

  it('only tells what it would do in a dry run', async () => {
    const job = await service.import(demo, { dry_run: true });
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { dry_run: true, inserted: 40_260, price_version: 0 } }); // 4026 × 21
    expect(await storedVersion()).toBe(0);
  });

  it('writes nothing when it is cancelled half-way', async () => {
    let reached = () => {};
    const halfWay = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const instance = new Instance(open(), (history) => ({
      moment: (symbols) => history.moment(symbols),
      load: (since) => history.load(since),
      write: (write: PriceWrite) =>
        history.write({
          ...write,
          onProgress: (done) => {
            write.onProgress(done);
            if (done > write.chunks.length / 3) reached();
          },
        }),
    }));
    const { job_id } = await instance.imports.start({
      path: demo,
      source: 'test',
      keepFile: true,
      options: { dry_run: false, on_error: 'fail' },
    });
    await halfWay;
    const job = await instance.jobs.cancel(job_id);
    expect(job).toMatchObject({ status: 'CANCELLED', phase: 'writing', result: null, error: null });
    expect(job.percent).toBeGreaterThan(80);
    expect([await storedVersion(), (await service.prices.current()).symbols()]).toEqual([0, []]);
  });

  it('imports all of a file, and a second time changes nothing', async () => {
    const first = await service.import(demo);
    expect(first).toMatchObject({ status: 'SUCCEEDED', percent: 100, phase: 'writing' });
    const counts = {
      format: 'wide',
      rows: 4026,
      symbols: 10,
      first_date: '2007-01-03',
      last_date: '2022-12-28',
      error_count: 0,
    };
    expect(first.result).toMatchObject({ ...counts, inserted: 40_260, updated: 0, unchanged: 0, price_version: 1 });
    const second = await service.import(demo);
    expect(second.result).toMatchObject({ ...counts, inserted: 0, updated: 0, unchanged: 40_260, price_version: 1 });
    expect(await storedVersion()).toBe(1);
  });

  it('gives back every close as it was written, in every instance', async () => {
    const [header, ...rows] = lines().map((line) => line.split(','));
    const book = await new Instance(open()).prices.current();
    for (const [column, symbol] of header!.entries()) {
      if (column === 0) continue;
      expect([...book.series(symbol)!.closes]).toEqual(rows.map((row) => Number(row[column])));
    }
    const page = await service.prices.closes('AAPL', { start_date: '2008-01-02', end_date: '2008-01-08', limit: 2 });
    expect(page).toEqual({
      symbol: 'AAPL',
      data: [
        { date: '2008-01-02', close: '5.914' },
        { date: '2008-01-03', close: '5.917' },
      ],
      next_cursor: '2008-01-03',
    });
    const rest = await service.prices.closes('AAPL', { end_date: '2008-01-08', limit: 10, cursor: '2008-01-03' });
    expect(rest.data.map(({ date }) => date)).toEqual(['2008-01-04', '2008-01-07', '2008-01-08']);
    expect(rest.next_cursor).toBeNull();
    expect((await service.prices.current()).lastClose('AAPL')).toEqual({ day: dayOf('2022-12-28'), close: 125.674 });
    await expect(service.prices.closes('NONE', { limit: 1 })).rejects.toMatchObject({ code: 'prices_not_found' });
  });

  it('counts inserted, updated and unchanged closes of a correction, and warns of jumps', async () => {
    const job = await service.import(
      file('date,symbol,close\n2022-12-28,AAPL,25.5\n2022-12-28,BAC,32.301\n2022-12-29,BAC,33\n'),
    );
    expect(job.result).toMatchObject({
      format: 'long',
      inserted: 1,
      updated: 1,
      unchanged: 1,
      warning_count: 1,
      price_version: 2,
    });
    expect(job.result!.warnings).toMatchObject([{ line: 2, column: 'close', code: 'suspicious_jump' }]);
    const book = await new Instance(open()).prices.current();
    expect(book.lastClose('AAPL')!.close).toBe(25.5);
    expect(book.coverage('BAC')).toMatchObject({ count: 4027, gaps: 0 });
    expect(book.coverage('XOM')).toMatchObject({ count: 4026 });
  });

  it('leaves out what is faulty where told to skip', async () => {
    const job = await service.import(
      file('date,BAC,NEW\n2022-12-30,x,1\n2022-12-31,34,2\n2022-12-30,35,3\nbad,36,4\n'),
      { on_error: 'skip' },
    );
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { rows: 4, inserted: 4, error_count: 3 } });
    const { data } = await service.prices.closes('NEW', { limit: 10 });
    expect(data).toEqual([
      { date: '2022-12-30', close: '1' },
      { date: '2022-12-31', close: '2' },
    ]);
  });

  it('takes nothing of a file whose structure is broken, not even where told to skip', async () => {
    const version = await storedVersion();
    const job = await service.import(file('date,OTHER\n2022-12-30,1\n2022-12-31,"2\n'), { on_error: 'skip' });
    expect(job).toMatchObject({ status: 'FAILED', result: { errors: [{ line: 3, code: 'unclosed_quote' }] } });
    expect(await storedVersion()).toBe(version);
  });

  it('merges again where another instance imported meanwhile: both imports are kept', async () => {
    const other = new Instance(open());
    const rival = file('date,RIVAL\n2020-01-02,7\n');
    let attempts = 0;
    const instance = new Instance(open(), (history) => ({
      moment: (symbols) => history.moment(symbols),
      load: (since) => history.load(since),
      write: async (write: PriceWrite) => {
        if (attempts++ === 0) await other.import(rival);
        return history.write(write);
      },
    }));
    await instance.prices.current();
    const mine = join(folder.path, 'mine.csv');
    writeFileSync(mine, 'date,RIVAL,MINE\n2020-01-03,8,1\n');
    const version = await storedVersion();
    expect(await instance.import(mine)).toMatchObject({
      status: 'SUCCEEDED',
      result: { inserted: 2, price_version: version + 2 },
    });
    expect(attempts).toBe(2);
    for (const book of [
      await instance.prices.current(),
      await service.prices.current(),
      await other.prices.current(),
    ]) {
      expect([...book.series('RIVAL')!.closes]).toEqual([7, 8]);
      expect(book.version).toBe(version + 2);
    }
  });

  it('writes nothing for a job that another instance has given up', async () => {
    const version = await storedVersion();
    const instance = new Instance(open(), (history) => ({
      moment: (symbols) => history.moment(symbols),
      load: (since) => history.load(since),
      write: async (write: PriceWrite) => {
        const repository = new JobsRepository(open());
        const job = (await repository.find(write.outcome.jobId))!;
        await repository.update({ ...job, status: 'FAILED', error: { code: 'interrupted', detail: 'given up' } });
        return history.write(write);
      },
    }));
    const { job_id } = await instance.import(file('date,GIVENUP\n2020-01-02,7\n'));
    expect(await new JobsRepository(open()).find(job_id)).toMatchObject({
      status: 'FAILED',
      error: { detail: 'given up' },
    });
    expect(await storedVersion()).toBe(version);
  });

  it('removes the uploaded file when the job ends, however it ends', async () => {
    for (const content of ['date,A\n2020-01-02,1\n', 'date,A\nx,1\n']) {
      const path = file(content);
      const { job_id } = await service.imports.start({
        path,
        source: 'test',
        options: { dry_run: false, on_error: 'fail' },
      });
      await service.ended(job_id);
      expect(existsSync(path)).toBe(false);
    }
  });

  it('stays consistent while a book is in use: the book does not change under a computation', async () => {
    const before = await service.prices.current();
    const closes = [...before.series('KO')!.closes];
    await service.import(file('date,KO\n2020-01-02,1\n1999-12-30,2\n'));
    expect([...before.series('KO')!.closes]).toEqual(closes);
    expect((await service.prices.current()).series('KO')!.closes).toHaveLength(closes.length + 1);
  });
});
