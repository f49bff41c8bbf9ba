/** Every kind of job with its lane. Of one lane one job runs at a time, in the order in which they came. */
export const JOB_KINDS = {
  price_import: 'import',
  monte_carlo_var: 'compute',
} as const satisfies Record<string, 'import' | 'compute'>;

export type JobKind = keyof typeof JOB_KINDS;
export type JobLane = (typeof JOB_KINDS)[JobKind];
