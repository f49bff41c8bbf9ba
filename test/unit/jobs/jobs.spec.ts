import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { JobEvents } from '../../../src/jobs/jobs.events.js';
import { isFinished, type Job, type JobQuery } from '../../../src/jobs/jobs.schema.js';
import { JobsService } from '../../../src/jobs/jobs.service.js';
import { type JobContext, JobFailure, JobStore } from '../../../src/jobs/ports.js';
import { RiskError } from '../../../src/risk/errors.js';

/** A store in memory that can be away. */
class MemoryJobs extends JobStore {
  readonly rows = new Map<string, Job>();
  away = false;

  async insert(job: Job) {
    this.reach();
    const known = this.rows.get(job.job_id);
    if (known && !isFinished(known)) return false;
    this.rows.set(job.job_id, job);
    return true;
  }
  async update(job: Job) {
    this.reach();
    if (!isFinished(this.rows.get(job.job_id)!)) this.rows.set(job.job_id, job);
  }
  async find(jobId: string) {
    this.reach();
    return this.rows.get(jobId);
  }
  async list({ limit }: JobQuery) {
    this.reach();
    return [...this.rows.values()].reverse().slice(0, limit + 1);
  }
  async heartbeat() {}
  async failOrphans() {
    return [];
  }
  async purge() {
    return 0;
  }

  private reach() {
    if (this.away) throw new Error('the store is away');
  }
}

describe('jobs', () => {
  beforeAll(() => Logger.overrideLogger(false));
  let store: MemoryJobs;
  let jobs: JobsService;
  beforeEach(() => {
    store = new MemoryJobs();
    jobs = new JobsService(store);
  });
  afterEach(() => jobs.onModuleDestroy());

  const importOf = (run: (context: JobContext) => Promise<Record<string, unknown>>, id?: string) =>
    jobs.start({ kind: 'price_import', request: {}, run, id });
  const untilAborted = async ({ breathe }: JobContext): Promise<never> => {
    for (;;) {
      await breathe();
      await sleep(1);
    }
  };
  async function ended(jobId: string): Promise<Job> {
    for (;;) {
      const job = await jobs.get(jobId);
      if (isFinished(job)) return job;
      await sleep(1);
    }
  }

  it('shows the result of a job that went through', async () => {
    const started = await importOf(async () => ({ rows: 3 }));
    expect(started).toMatchObject({ status: 'QUEUED', percent: 0, result: null, started_at: null });
    expect(await ended(started.job_id)).toMatchObject({
      status: 'SUCCEEDED',
      percent: 100,
      result: { rows: 3 },
      error: null,
    });
  });

  it.each([
    [
      'its own refusal',
      new JobFailure('validation_failed', '2 errors', { error_count: 2 }),
      { code: 'validation_failed', detail: '2 errors' },
      { error_count: 2 },
    ],
    [
      'a refusal of the service',
      new RiskError('insufficient_data', 'have 3, need 60'),
      { code: 'insufficient_data', detail: 'have 3, need 60' },
      null,
    ],
    [
      'a crash, without its inner words',
      new Error('select * from secrets'),
      { code: 'internal', detail: 'The service failed; its log has the reason' },
      null,
    ],
  ])('keeps the reason of a failure: %s', async (_what, thrown, error, result) => {
    const { job_id } = await importOf(() => Promise.reject(thrown));
    expect(await ended(job_id)).toMatchObject({ status: 'FAILED', error, result });
  });

  it('runs one job of a lane after the other, in their order, and the lanes side by side', async () => {
    const log: string[] = [];
    const step = (name: string) => async () => {
      log.push(`${name} begins`);
      await sleep(5);
      log.push(`${name} ends`);
      return {};
    };
    const all = await Promise.all([
      importOf(step('a')),
      importOf(step('b')),
      jobs.start({ kind: 'monte_carlo_var', request: {}, run: step('c') }),
    ]);
    for (const { job_id } of all) await ended(job_id);
    expect(log.filter((line) => !line.startsWith('c'))).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(log.indexOf('c begins')).toBeLessThan(log.indexOf('a ends'));
  });

  it('cancels a queued job at once and a running one at its next breath', async () => {
    const running = await importOf(untilAborted);
    const queued = await importOf(async () => ({}));
    expect(await jobs.cancel(queued.job_id)).toMatchObject({ status: 'CANCELLED', started_at: null });
    expect(await jobs.cancel(running.job_id)).toMatchObject({ status: 'CANCELLED', error: null });
    expect(await jobs.cancel(running.job_id)).toMatchObject({ status: 'CANCELLED' });
    expect(store.rows.get(running.job_id)).toMatchObject({ status: 'CANCELLED' });
  });

  it('refuses to cancel what has ended, is unknown, or runs elsewhere', async () => {
    const { job_id } = await importOf(async () => ({}));
    await ended(job_id);
    await expect(jobs.cancel(job_id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(jobs.cancel('job_none')).rejects.toMatchObject({ code: 'job_not_found' });
    store.rows.set('job_other', { ...store.rows.get(job_id)!, job_id: 'job_other', status: 'RUNNING' });
    await expect(jobs.cancel('job_other')).rejects.toMatchObject({ code: 'not_owner' });
  });

  it('says SUCCEEDED of a job that was through before the cancel reached it', async () => {
    const { job_id } = await importOf(async ({ signal }) => {
      while (!signal.aborted) await sleep(1);
      return { written: true };
    });
    await sleep(5);
    await expect(jobs.cancel(job_id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await jobs.get(job_id)).toMatchObject({ status: 'SUCCEEDED', result: { written: true } });
  });

  it('cleans up after every job once, even after one that never ran', async () => {
    const cleaned: string[] = [];
    const order = (name: string, run: (context: JobContext) => Promise<Record<string, unknown>>) =>
      jobs.start({ kind: 'price_import', request: {}, run, cleanUp: async () => void cleaned.push(name) });
    await order('failed', () => Promise.reject(new JobFailure('x', 'y')));
    await order('running', untilAborted);
    const { job_id } = await order('cancelled', async () => ({}));
    await order('queued', async () => ({}));
    await jobs.cancel(job_id);
    await sleep(5);
    expect(cleaned.sort()).toEqual(['cancelled', 'failed']);
    await jobs.onModuleDestroy();
    expect(cleaned.sort()).toEqual(['cancelled', 'failed', 'queued', 'running']);
  });

  it('lets at most 100 wait', async () => {
    await importOf(untilAborted);
    await sleep(5);
    for (let i = 0; i < 100; i++) await importOf(async () => ({}));
    await expect(importOf(async () => ({}))).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('takes a fixed id again once its job has ended', async () => {
    await importOf(untilAborted, 'job_demo');
    await expect(importOf(async () => ({}), 'job_demo')).rejects.toMatchObject({ code: 'conflict' });
    await jobs.cancel('job_demo');
    await importOf(async () => ({ again: true }), 'job_demo');
    expect(await ended('job_demo')).toMatchObject({ status: 'SUCCEEDED', result: { again: true } });
  });

  it('ends what runs and waits as interrupted when the service shuts down, and takes nothing more', async () => {
    const running = await importOf(untilAborted);
    const queued = await importOf(async () => ({}));
    await jobs.onModuleDestroy();
    for (const { job_id } of [running, queued]) {
      expect(store.rows.get(job_id)).toMatchObject({ status: 'FAILED', error: { code: 'interrupted' } });
    }
    await expect(importOf(async () => ({}))).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('remembers the end of a job while the store is away', async () => {
    const { job_id } = await importOf(async () => {
      store.away = true;
      return { rows: 3 };
    });
    expect(await ended(job_id)).toMatchObject({ status: 'SUCCEEDED', result: { rows: 3 } });
    expect(store.rows.get(job_id)).toMatchObject({ status: 'RUNNING' });
    store.away = false;
    await jobs.onApplicationBootstrap();
    expect(store.rows.get(job_id)).toMatchObject({ status: 'SUCCEEDED', result: { rows: 3 } });
  });

  it('lets other work run between the breaths of a job', async () => {
    let worstMs = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      worstMs = Math.max(worstMs, performance.now() - last);
      last = performance.now();
    }, 1);
    const { job_id } = await importOf(async ({ breathe }) => {
      const until = performance.now() + 200;
      while (performance.now() < until) await breathe();
      return {};
    });
    await ended(job_id);
    clearInterval(timer);
    expect(worstMs).toBeLessThan(50);
  });

  describe('as events', () => {
    const told = async (jobId: string, lastEventId?: string) => {
      const file = await new JobEvents(jobs).stream(jobId, lastEventId);
      let text = '';
      for await (const event of file.getStream()) text += event;
      return [...text.matchAll(/id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/g)].map(([, id, event, data]) => ({
        id: Number(id),
        event,
        status: (JSON.parse(data!) as Job).status,
      }));
    };

    it('begin with the state it has and end with its end', async () => {
      const { job_id } = await importOf(() => sleep(20, {}));
      expect(await told(job_id)).toEqual([
        { id: 1, event: 'progress', status: 'RUNNING' },
        { id: 2, event: 'done', status: 'SUCCEEDED' },
      ]);
      expect(await told(job_id)).toEqual([{ id: 1, event: 'done', status: 'SUCCEEDED' }]);
    });

    it('end by saying that the service shuts down, also where the store is gone', async () => {
      const { job_id } = await importOf(untilAborted);
      const events = told(job_id);
      await sleep(5);
      store.away = true;
      await jobs.onModuleDestroy();
      expect(await events).toEqual([
        { id: 1, event: 'progress', status: 'RUNNING' },
        { id: 2, event: 'shutdown', status: 'RUNNING' },
      ]);
    });

    it.each([
      ['41', 42],
      ['no number', 1],
      ['9'.repeat(30), 1],
    ])('tell the state at once to who comes back with Last-Event-ID: %s', async (lastEventId, id) => {
      const { job_id } = await importOf(async () => ({}));
      await ended(job_id);
      expect(await told(job_id, lastEventId)).toEqual([{ id, event: 'done', status: 'SUCCEEDED' }]);
    });
  });
});
