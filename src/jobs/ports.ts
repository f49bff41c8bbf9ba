import type { JobKind } from './job-kinds.js';
import type { Job, JobQuery, JobStatus } from './jobs.schema.js';

export type JsonObject = Record<string, unknown>;

/** What a running job has of the world of jobs. */
export interface JobContext {
  readonly jobId: string;
  /** Aborted when somebody cancels the job, or the service shuts down. */
  readonly signal: AbortSignal;
  /** `done` of `total` units of a phase are finished; phases follow each other as in {@link JobOrder.phases}. */
  progress(phase: string, done: number, total: number): void;
  /** To be awaited often in long loops: lets other work run after 10 ms, throws when the job was aborted. */
  breathe(): Promise<void>;
}

export interface JobOrder {
  kind: JobKind;
  /** Shown with the job. */
  request: JsonObject;
  /** A fixed id; a finished job of that id is replaced. */
  id?: string;
  /** Each phase in order with its expected share of the time. Without it the progress is that of the only phase. */
  phases?: Readonly<Record<string, number>>;
  /** Returns the result. A thrown JobFailure or RiskError is the reason of the failure. */
  run(context: JobContext): Promise<JsonObject>;
  /** Called once the job has ended, however, even if it never ran. */
  cleanUp?(): Promise<void>;
}

/** Long work beside the requests: queued, one at a time per lane, with progress, cancellable. */
export abstract class Jobs {
  abstract newId(): string;
  /** Throws RiskError `rate_limited` where too many jobs wait: to be asked before an effort is made for a new one. */
  abstract requireRoom(): void;
  /** Queues it. Throws RiskError `rate_limited` where too many wait, `conflict` where the id is of an unfinished job. */
  abstract start(order: JobOrder): Promise<Job>;
  /** Throws RiskError `job_not_found`. */
  abstract get(jobId: string): Promise<Job>;
}

/** Ends a job as FAILED with this reason, and with a result where there is one to show. */
export class JobFailure extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly result: JsonObject | null = null,
  ) {
    super(detail);
  }
}

/** The jobs of the store. Which instance runs a job is the store's own knowledge. */
export abstract class JobStore {
  /** Of this instance. False where an unfinished job of that id exists; a finished one is replaced. */
  abstract insert(job: Job): Promise<boolean>;
  /** Does nothing to a job that is finished in the store: what was decided stays. */
  abstract update(job: Job): Promise<void>;
  abstract find(jobId: string): Promise<Job | undefined>;
  /** Newest first, after `cursor`; one more than `limit` where there are more. Undefined where the cursor is unknown. */
  abstract list(query: JobQuery): Promise<Job[] | undefined>;
  /** Says that this instance lives. */
  abstract heartbeat(): Promise<void>;
  /** Fails the unfinished jobs of instances that are dead; returns their ids. */
  abstract failOrphans(error: NonNullable<Job['error']>): Promise<string[]>;
  /** Forgets finished jobs: those before `finishedBefore`, and all but the newest `keep`. */
  abstract purge(limits: { finishedBefore: Date; keep: number }): Promise<number>;
}

export type { Job, JobStatus };
