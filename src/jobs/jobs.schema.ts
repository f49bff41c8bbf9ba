import { z } from 'zod';
import { listOf, page, timestamp } from '../risk/wire.schema.js';
import { JOB_KINDS, type JobKind } from './job-kinds.js';

export const jobId = z.string().regex(/^job_[A-Za-z0-9_-]{1,60}$/, 'expected a job id such as job_demo');
export const jobKind = z.enum(Object.keys(JOB_KINDS) as [JobKind, ...JobKind[]]);
export const jobStatus = z.enum(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']);
const jsonObject = z.record(z.string(), z.unknown());

export const job = z.strictObject({
  job_id: jobId,
  kind: jobKind,
  status: jobStatus,
  phase: z.string().nullable().meta({ description: 'What the job is doing, e.g. reading' }),
  percent: z.int().min(0).max(100),
  eta_seconds: z
    .int()
    .min(0)
    .nullable()
    .meta({ description: 'Estimate from the pace so far; null where there is none' }),
  request: jsonObject.meta({ description: 'What was asked for' }),
  result: jsonObject.nullable().meta({ description: 'Depends on the kind; may be there for a failed job too' }),
  error: z.strictObject({ code: z.string(), detail: z.string() }).nullable().meta({ description: 'Why it failed' }),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
});
export const jobList = listOf(job);

export const jobQuery = z.strictObject({
  ...page,
  cursor: jobId.optional(),
  kind: jobKind.optional(),
  status: jobStatus.optional(),
});

export type Job = z.infer<typeof job>;
export type JobStatus = z.infer<typeof jobStatus>;
export type JobQuery = z.infer<typeof jobQuery>;

export function isFinished({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}
