import { setImmediate } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../database/unavailable.js';
import { RiskError } from '../risk/errors.js';
import { JobProgress } from './job-progress.js';
import { isFinished, type Job } from './jobs.schema.js';
import { type JobContext, JobFailure, type JobOrder } from './ports.js';

/** Other work waits at most about this long for a job. */
const BREATH_MS = 10;

export const INTERRUPTED: NonNullable<Job['error']> = {
  code: 'interrupted',
  detail: 'The service stopped before the job was finished. Nothing of it was kept; start it again.',
};

type JobEnd = Pick<Job, 'status'> & Partial<Pick<Job, 'result' | 'error'>>;

/** Why a job was aborted, and what it becomes. */
const STOPPED = {
  cancelled: { status: 'CANCELLED' },
  interrupted: { status: 'FAILED', error: INTERRUPTED },
} as const satisfies Record<string, JobEnd>;
type StopReason = keyof typeof STOPPED;

/** A job of this process, from QUEUED to its end. */
export class LiveJob {
  private readonly abort = new AbortController();
  private progress: JobProgress | undefined;
  private stopReason: StopReason | undefined;

  constructor(
    private job: Job,
    readonly order: JobOrder,
  ) {}

  get id(): string {
    return this.job.job_id;
  }

  get finished(): boolean {
    return isFinished(this.job);
  }

  /** The job as it is now. */
  snapshot(): Job {
    if (this.job.status !== 'RUNNING' || !this.progress) return this.job;
    const { phase, percent } = this.progress;
    return { ...this.job, phase, percent, eta_seconds: this.progress.etaSeconds(performance.now()) };
  }

  begin(): void {
    this.progress = new JobProgress(this.order.phases ?? {}, performance.now());
    this.job = { ...this.job, status: 'RUNNING', started_at: new Date().toISOString() };
  }

  /** Runs the order to its end and cleans up. `onCrash` hears of errors that are nobody's refusal. */
  async run(onCrash: (error: unknown) => void): Promise<void> {
    const work = async () => this.order.run(this.context());
    const end = await work().then(
      (result): JobEnd => ({ status: 'SUCCEEDED', result }),
      (error) => this.endOf(error, onCrash),
    );
    await this.cleanUp().catch(onCrash);
    this.finish(end);
  }

  /** A queued job ends at once, a running one at its next breath, unless it is through before. */
  stop(reason: StopReason): void {
    this.stopReason ??= reason;
    this.abort.abort();
    if (this.job.status === 'QUEUED') this.finish(STOPPED[reason]);
  }

  async cleanUp(): Promise<void> {
    const { cleanUp } = this.order;
    this.order.cleanUp = undefined;
    await cleanUp?.();
  }

  private endOf(error: unknown, onCrash: (error: unknown) => void): JobEnd {
    if (this.stopReason) return STOPPED[this.stopReason];
    const reason = reasonOf(error);
    if (reason.code === 'internal') onCrash(error);
    return { status: 'FAILED', error: reason, result: error instanceof JobFailure ? error.result : null };
  }

  private finish(end: JobEnd): void {
    const { phase, percent } = this.snapshot();
    this.job = {
      ...this.job,
      phase,
      percent: end.status === 'SUCCEEDED' ? 100 : percent,
      eta_seconds: null,
      finished_at: new Date().toISOString(),
      ...end,
    };
  }

  private context(): JobContext {
    const { signal } = this.abort;
    let breathed = performance.now();
    return {
      jobId: this.id,
      signal,
      progress: (phase, done, total) => this.progress?.report(phase, done, total),
      breathe: async () => {
        signal.throwIfAborted();
        if (performance.now() - breathed < BREATH_MS) return;
        await setImmediate();
        breathed = performance.now();
        signal.throwIfAborted();
      },
    };
  }
}

function reasonOf(error: unknown): NonNullable<Job['error']> {
  if (error instanceof JobFailure || error instanceof RiskError) return { code: error.code, detail: error.message };
  if (error instanceof DatabaseUnavailableError) {
    return { code: 'dependency_unavailable', detail: 'The database went away; start the job again' };
  }
  return { code: 'internal', detail: 'The service failed; its log has the reason' };
}
