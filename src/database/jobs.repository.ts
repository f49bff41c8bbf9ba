import { Injectable } from '@nestjs/common';
import { and, desc, eq, inArray, isNotNull, lt, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { Job, JobQuery } from '../jobs/jobs.schema.js';
import { JobStore } from '../jobs/ports.js';
import { Database } from './database.js';
import { liveness, ownIdentity, type ProcessIdentity } from './process-identity.js';
import { jobs } from './schema.js';

const UNFINISHED = ['QUEUED', 'RUNNING'] as const;
/** An instance of another host that was silent for so long is dead. */
const SILENCE_SECONDS_MAX = 60;

@Injectable()
export class JobsRepository extends JobStore {
  private readonly owner = JSON.stringify(ownIdentity());

  constructor(private readonly database: Database) {
    super();
  }

  async insert(job: Job): Promise<boolean> {
    const row = { ...toRow(job), owner: this.owner, heartbeatAt: sql`now()` };
    const { jobId: _, ...replacement } = row;
    const inserted = await this.database.run((db) =>
      db
        .insert(jobs)
        .values(row)
        .onConflictDoUpdate({
          target: jobs.jobId,
          set: replacement,
          setWhere: notInArray(jobs.status, [...UNFINISHED]),
        })
        .returning({ jobId: jobs.jobId }),
    );
    return inserted.length > 0;
  }

  async update(job: Job): Promise<void> {
    const { jobId, createdAt: _, ...changes } = toRow(job);
    const unfinished = inArray(jobs.status, [...UNFINISHED]);
    await this.database.run((db) =>
      db
        .update(jobs)
        .set(changes)
        .where(and(eq(jobs.jobId, jobId), unfinished)),
    );
  }

  async find(jobId: string): Promise<Job | undefined> {
    const [row] = await this.database.run((db) => db.select().from(jobs).where(eq(jobs.jobId, jobId)));
    return row && toJob(row);
  }

  async list({ limit, cursor, kind, status }: JobQuery): Promise<Job[] | undefined> {
    return this.database.run(async (db) => {
      const conditions: (SQL | undefined)[] = [kind && eq(jobs.kind, kind), status && eq(jobs.status, status)];
      if (cursor !== undefined) {
        // In the database's own precision: a Date would cut the microseconds off.
        const [last] = await db
          .select({ at: sql<string>`${jobs.createdAt}::text` })
          .from(jobs)
          .where(eq(jobs.jobId, cursor));
        if (!last) return undefined;
        conditions.push(sql`(${jobs.createdAt}, ${jobs.jobId}) < (${last.at}::timestamptz, ${cursor})`);
      }
      const rows = await db
        .select()
        .from(jobs)
        .where(and(...conditions))
        .orderBy(desc(jobs.createdAt), desc(jobs.jobId))
        .limit(limit + 1);
      return rows.map(toJob);
    });
  }

  async heartbeat(): Promise<void> {
    const mine = and(eq(jobs.owner, this.owner), inArray(jobs.status, [...UNFINISHED]));
    await this.database.run((db) => db.update(jobs).set({ heartbeatAt: sql`now()` }).where(mine));
  }

  async failOrphans(error: NonNullable<Job['error']>): Promise<string[]> {
    return this.database.run(async (db) => {
      const unfinished = inArray(jobs.status, [...UNFINISHED]);
      const owners = await db.selectDistinct({ owner: jobs.owner }).from(jobs).where(unfinished);
      const silent = sql`${jobs.heartbeatAt} < now() - make_interval(secs => ${SILENCE_SECONDS_MAX})`;
      const orphaned = owners.flatMap(({ owner }) => {
        const state = this.livenessOf(owner);
        if (state === 'alive') return [];
        const whose = owner === null ? sql`${jobs.owner} is null` : eq(jobs.owner, owner);
        return [state === 'dead' ? whose : and(whose, silent)];
      });
      if (orphaned.length === 0) return [];
      const failed = await db
        .update(jobs)
        .set({ status: 'FAILED', error, finishedAt: sql`now()` })
        .where(and(unfinished, or(...orphaned)))
        .returning({ jobId: jobs.jobId });
      return failed.map(({ jobId }) => jobId);
    });
  }

  async purge({ finishedBefore, keep }: { finishedBefore: Date; keep: number }): Promise<number> {
    return this.database.run(async (db) => {
      const newest = db
        .select({ jobId: jobs.jobId })
        .from(jobs)
        .where(isNotNull(jobs.finishedAt))
        .orderBy(desc(jobs.finishedAt))
        .limit(keep);
      const tooMany = and(isNotNull(jobs.finishedAt), notInArray(jobs.jobId, newest));
      const purged = await db
        .delete(jobs)
        .where(or(lt(jobs.finishedAt, finishedBefore), tooMany))
        .returning({ jobId: jobs.jobId });
      return purged.length;
    });
  }

  private livenessOf(owner: string | null): 'alive' | 'dead' | 'unknown' {
    if (owner === this.owner) return 'alive';
    const identity: ProcessIdentity | undefined = owner === null ? undefined : JSON.parse(owner);
    if (!identity) return 'dead';
    const state = liveness(identity);
    // Its lock file lets one process at a time use the embedded database.
    return state === 'unknown' && this.database.status.kind === 'embedded' ? 'dead' : state;
  }
}

type Row = typeof jobs.$inferSelect;

function toRow(job: Job) {
  return {
    jobId: job.job_id,
    kind: job.kind,
    status: job.status,
    phase: job.phase,
    percent: job.percent,
    request: job.request,
    result: job.result,
    error: job.error,
    createdAt: new Date(job.created_at),
    startedAt: job.started_at === null ? null : new Date(job.started_at),
    finishedAt: job.finished_at === null ? null : new Date(job.finished_at),
  };
}

function toJob(row: Row): Job {
  return {
    job_id: row.jobId,
    kind: row.kind as Job['kind'],
    status: row.status,
    phase: row.phase,
    percent: Math.round(row.percent),
    eta_seconds: null,
    request: row.request as Job['request'],
    result: row.result as Job['result'],
    error: row.error as Job['error'],
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
