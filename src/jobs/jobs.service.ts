import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type FieldProblem, RiskError } from '../risk/errors.js';
import { JOB_KINDS, type JobLane } from './job-kinds.js';
import { isFinished, type Job, type JobQuery } from './jobs.schema.js';
import { INTERRUPTED, LiveJob } from './live-job.js';
import { type JobOrder, JobStore, Jobs } from './ports.js';

const QUEUED_MAX = 100;
const TICK_MS = 5_000;
const SWEEP_MS = 30_000;
const PURGE_MS = 24 * 3_600_000;
const KEPT_MS = 30 * 24 * 3_600_000;
const KEPT_MAX = 10_000;
/** How long a cancel waits for a running job to stop, and a shutdown. */
const CANCEL_MS_MAX = 2_000;
const SHUTDOWN_MS_MAX = 5_000;

/**
 * Runs jobs one at a time per lane. Progress is in memory, changes of state are in the store; what a dead process left
 * unfinished there is failed by whoever starts next.
 */
@Injectable()
export class JobsService extends Jobs implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private readonly live = new Map<string, LiveJob>();
  private readonly queues: Record<JobLane, LiveJob[]> = { import: [], compute: [] };
  private readonly busy = new Map<JobLane, Promise<void>>();
  private readonly closing = new AbortController();
  private ticker: NodeJS.Timeout | undefined;
  private sweptMs = Number.NEGATIVE_INFINITY;
  private purgedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly store: JobStore) {
    super();
  }

  /** Aborted when the service shuts down. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
    this.ticker = setInterval(() => void this.tick(), TICK_MS);
    this.ticker.unref();
  }

  newId(): string {
    return `job_${randomUUID()}`;
  }

  requireRoom(): void {
    const waiting = [...this.live.values()].filter((live) => live.snapshot().status === 'QUEUED').length;
    if (waiting < QUEUED_MAX) return;
    throw new RiskError('rate_limited', `${waiting} jobs are waiting already; try again later`);
  }

  async start(order: JobOrder): Promise<Job> {
    if (this.closing.signal.aborted) throw new RiskError('not_ready', 'The service is shutting down');
    const id = order.id ?? this.newId();
    this.requireRoom();
    if (this.live.has(id)) throw unfinished(id);
    const live = new LiveJob(queuedJob(id, order), order);
    this.live.set(id, live);
    try {
      if (!(await this.store.insert(live.snapshot()))) throw unfinished(id);
    } catch (error) {
      this.live.delete(id);
      throw error;
    }
    const lane = JOB_KINDS[order.kind];
    const job = live.snapshot();
    if (live.finished) await this.settle(live);
    else this.queues[lane].push(live);
    this.next(lane);
    return job;
  }

  async get(jobId: string): Promise<Job> {
    const job = this.live.get(jobId)?.snapshot() ?? (await this.store.find(jobId));
    if (!job) throw new RiskError('job_not_found', `got ${jobId}`);
    return job;
  }

  async list(query: JobQuery): Promise<{ data: Job[]; next_cursor: string | null }> {
    const found = await this.store.list(query);
    if (!found) {
      const errors = [
        {
          pointer: '/cursor',
          in: 'query' as const,
          code: 'unknown_cursor',
          detail: 'expected the next_cursor of a page',
        },
      ];
      throw new RiskError('validation_failed', 'The page to continue from does not exist', { errors });
    }
    const data = found.slice(0, query.limit).map((job) => this.live.get(job.job_id)?.snapshot() ?? job);
    return { data, next_cursor: found.length > query.limit ? data.at(-1)!.job_id : null };
  }

  /** The job, CANCELLED or about to be. Cancelling twice is fine; what has ended otherwise cannot be cancelled. */
  async cancel(jobId: string): Promise<Job> {
    const live = this.live.get(jobId);
    if (live && !live.finished) {
      live.stop('cancelled');
      const lane = JOB_KINDS[live.order.kind];
      this.queues[lane] = this.queues[lane].filter((other) => other !== live);
      if (live.finished) await this.settle(live);
      else await Promise.race([this.busy.get(lane), sleep(CANCEL_MS_MAX, undefined, { ref: false })]);
    }
    const job = live?.snapshot() ?? (await this.get(jobId));
    if (isFinished(job) && job.status !== 'CANCELLED')
      throw new RiskError('conflict', `The job is ${job.status} already`, { errors: [alreadyOver(job.status)] });
    if (!live && !isFinished(job)) throw new RiskError('not_owner', 'Another instance runs this job; cancel it there');
    return job;
  }

  /** Ends everything with the reason `interrupted`, bounded in time. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.ticker);
    this.closing.abort();
    const stopped = [...this.live.values()];
    for (const live of stopped) live.stop('interrupted');
    for (const queue of Object.values(this.queues)) queue.length = 0;
    const ended = Promise.all([
      ...this.busy.values(),
      ...stopped.filter((live) => live.finished).map((live) => this.settle(live)),
    ]);
    await Promise.race([ended, sleep(SHUTDOWN_MS_MAX, undefined, { ref: false })]);
  }

  private next(lane: JobLane): void {
    if (this.busy.has(lane)) return;
    const live = this.queues[lane].shift();
    if (!live) return;
    const work = this.execute(live).finally(() => this.busy.delete(lane));
    this.busy.set(
      lane,
      work.then(() => this.next(lane)),
    );
  }

  private async execute(live: LiveJob): Promise<void> {
    live.begin();
    await this.save(live);
    await live.run((error) => this.logger.error({ err: error, job_id: live.id }));
    await this.settle(live);
  }

  /** Stores the end of a job; while the store is away it stays in memory and is tried again with each tick. */
  private async settle(live: LiveJob): Promise<void> {
    await live.cleanUp().catch((error) => this.logger.warn(`Job ${live.id} left something behind: ${error}`));
    if (await this.save(live)) this.live.delete(live.id);
  }

  private async save(live: LiveJob): Promise<boolean> {
    try {
      await this.store.update(live.snapshot());
      return true;
    } catch (error) {
      this.logger.warn(`Job ${live.id} could not be stored: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  }

  private async tick(): Promise<void> {
    const now = performance.now();
    try {
      if (this.live.size > 0) await this.store.heartbeat();
      for (const live of [...this.live.values()]) {
        if (live.snapshot().status === 'RUNNING') await this.store.update(live.snapshot());
        else if (live.finished) await this.settle(live);
      }
      if (now - this.sweptMs >= SWEEP_MS) await this.sweep(now);
    } catch (error) {
      this.logger.warn(
        `The jobs in the store could not be looked after: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  private async sweep(now: number): Promise<void> {
    const orphans = await this.store.failOrphans(INTERRUPTED);
    if (orphans.length > 0) this.logger.warn(`Jobs cut short by a stop of the service: ${orphans.join(', ')}`);
    this.sweptMs = now;
    if (now - this.purgedMs < PURGE_MS) return;
    await this.store.purge({ finishedBefore: new Date(Date.now() - KEPT_MS), keep: KEPT_MAX });
    this.purgedMs = now;
  }
}

function queuedJob(id: string, order: JobOrder): Job {
  return {
    job_id: id,
    kind: order.kind,
    status: 'QUEUED',
    phase: null,
    percent: 0,
    eta_seconds: null,
    request: order.request,
    result: null,
    error: null,
    created_at: new Date().toISOString(),
    started_at: null,
    finished_at: null,
  };
}

function unfinished(id: string): RiskError {
  return new RiskError('conflict', `The job ${id} is not finished`);
}

function alreadyOver(status: Job['status']): FieldProblem {
  const detail = `expected a job that is QUEUED or RUNNING, got one that is ${status}`;
  return { in: 'path', pointer: '/job_id', code: 'job_over', detail };
}
