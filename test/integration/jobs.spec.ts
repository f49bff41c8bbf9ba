import { spawnSync } from 'node:child_process';
import { sql } from 'drizzle-orm';
import { JobsRepository } from '../../src/database/jobs.repository.js';
import { liveness, ownIdentity } from '../../src/database/process-identity.js';
import type { Job } from '../../src/jobs/jobs.schema.js';
import { describeOnBothDatabases } from '../support/database.js';

const INTERRUPTED = { code: 'interrupted', detail: 'stopped' };

function job(id: string, fields: Partial<Job> = {}): Job {
  return {
    job_id: `job_${id}`,
    kind: 'price_import',
    status: 'QUEUED',
    phase: null,
    percent: 0,
    eta_seconds: null,
    request: { dry_run: false },
    result: null,
    error: null,
    created_at: '2026-01-02T09:00:00.000Z',
    started_at: null,
    finished_at: null,
    ...fields,
  };
}

describeOnBothDatabases('the jobs of the store', (open) => {
  let jobs: JobsRepository;
  beforeEach(async () => {
    jobs = new JobsRepository(open());
    await open().run((db) => db.execute(sql`delete from jobs`));
  });

  const execute = (statement: ReturnType<typeof sql>) => open().run((db) => db.execute(statement));
  const finished = { status: 'SUCCEEDED', percent: 100, finished_at: '2026-01-02T09:01:00.000Z' } as const;

  it('come back as they were stored', async () => {
    const whole = job('a', {
      ...finished,
      phase: 'writing',
      started_at: '2026-01-02T09:00:01.000Z',
      result: { rows: 3, errors: [{ detail: 'got "ü\\u0000"' }] },
    });
    await jobs.insert(whole);
    expect(await jobs.find('job_a')).toEqual(whole);
    expect(await jobs.find('job_b')).toBeUndefined();
  });

  it('keep the order of the fields of request, result and error, as their schemas have it', async () => {
    const fields = { source: 'x', bytes: 1, dry_run: false, on_error: 'fail' };
    const whole = job('a', {
      ...finished,
      request: fields,
      result: { rows: 3, a: { zz: 1, b: 2 } },
      error: INTERRUPTED,
    });
    await jobs.insert(whole);
    expect(JSON.stringify(await jobs.find('job_a'))).toBe(JSON.stringify(whole));
  });

  it('keep an end that was stored', async () => {
    await jobs.insert(job('a'));
    await jobs.update(job('a', { status: 'RUNNING', percent: 7 }));
    await jobs.update(job('a', finished));
    await jobs.update(job('a', { status: 'FAILED', error: INTERRUPTED }));
    expect(await jobs.find('job_a')).toEqual(job('a', finished));
  });

  it('replace a finished job of the same id, not an unfinished one', async () => {
    expect(await jobs.insert(job('a'))).toBe(true);
    expect(await jobs.insert(job('a', { percent: 5 }))).toBe(false);
    await jobs.update(job('a', { ...finished, result: { rows: 1 } }));
    expect(await jobs.insert(job('a', { created_at: '2026-01-03T09:00:00.000Z' }))).toBe(true);
    expect(await jobs.find('job_a')).toEqual(job('a', { created_at: '2026-01-03T09:00:00.000Z' }));
  });

  it('are listed newest first, page by page, filtered by kind and status', async () => {
    for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      await jobs.insert(
        job(id, {
          created_at: `2026-01-02T09:00:0${Math.floor(index / 2)}.000Z`,
          kind: id === 'b' ? 'monte_carlo_var' : 'price_import',
        }),
      );
    }
    await jobs.update(job('c', finished));
    const ids = async (query: Partial<Parameters<typeof jobs.list>[0]>) =>
      (await jobs.list({ limit: 10, ...query }))?.map((found) => found.job_id.slice(4)).join('');
    expect(await ids({})).toBe('edcba');
    expect(await ids({ limit: 2 })).toBe('edc'); // one more tells that there are more
    expect(await ids({ limit: 2, cursor: 'job_d' })).toBe('cba');
    expect(await ids({ kind: 'price_import' })).toBe('edca');
    expect(await ids({ status: 'SUCCEEDED' })).toBe('c');
    expect(await ids({ cursor: 'job_unknown' })).toBeUndefined();
  });

  it('are failed when their owner is dead, with its reason, and left alone while it lives', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const dead = { ...ownIdentity(), pid: pid! };
    const elsewhere = { ...ownIdentity(), realm: 'another host' };
    expect([liveness(dead), liveness(elsewhere)]).toEqual(['dead', 'unknown']);
    for (const id of ['mine', 'dead', 'silent', 'elsewhere', 'ended']) await jobs.insert(job(id));
    await jobs.update(job('ended', finished));
    await execute(sql`update jobs set owner = ${JSON.stringify(dead)} where job_id in ('job_dead', 'job_ended')`);
    await execute(
      sql`update jobs set owner = ${JSON.stringify(elsewhere)} where job_id in ('job_silent', 'job_elsewhere')`,
    );
    await execute(sql`update jobs set heartbeat_at = now() - interval '2 minutes' where job_id <> 'job_elsewhere'`);
    const embedded = open().status.kind === 'embedded';
    // Nobody else can be at work on an embedded database.
    const expected = embedded ? ['job_dead', 'job_elsewhere', 'job_silent'] : ['job_dead', 'job_silent'];
    expect((await jobs.failOrphans(INTERRUPTED)).sort()).toEqual(expected);
    expect(await jobs.find('job_dead')).toMatchObject({
      status: 'FAILED',
      error: INTERRUPTED,
      finished_at: expect.any(String),
    });
    expect(await jobs.find('job_mine')).toMatchObject({ status: 'QUEUED' });
    expect(await jobs.find('job_ended')).toEqual(job('ended', finished));
    expect(await jobs.failOrphans(INTERRUPTED)).toEqual([]);
  });

  it('prove by a heartbeat that their owner lives', async () => {
    await jobs.insert(job('a'));
    await execute(sql`update jobs set heartbeat_at = null`);
    await jobs.heartbeat();
    const { rows } = await execute(sql`select heartbeat_at > now() - interval '1 minute' as fresh from jobs`);
    expect(rows).toEqual([{ fresh: true }]);
  });

  it('are forgotten when they are old or too many, unless unfinished', async () => {
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      await jobs.insert(job(id, { ...finished, finished_at: `2026-01-0${index + 1}T09:00:00.000Z` }));
    }
    await jobs.insert(job('running', { status: 'RUNNING' }));
    expect(await jobs.purge({ finishedBefore: new Date('2026-01-02T00:00:00Z'), keep: 2 })).toBe(2);
    expect((await jobs.list({ limit: 10 }))!.map(({ job_id }) => job_id).sort()).toEqual([
      'job_c',
      'job_d',
      'job_running',
    ]);
  });
});
