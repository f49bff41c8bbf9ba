import type { Job } from './jobs.schema.js';

/** The import of the demo closes at the first start. */
export const demoJob: Job = {
  job_id: 'job_demo',
  kind: 'price_import',
  status: 'SUCCEEDED',
  phase: 'writing',
  percent: 100,
  eta_seconds: null,
  request: { source: 'demo', dry_run: false, on_error: 'fail' },
  result: { format: 'wide', rows: 4026, symbols: 10, error_count: 0 },
  error: null,
  created_at: '2026-01-02T09:00:00.000Z',
  started_at: '2026-01-02T09:00:00.010Z',
  finished_at: '2026-01-02T09:00:01.200Z',
};
