import { z } from 'zod';

/** Any text; it is stored under the namespace `manual`. */
export const entryKey = z.string().min(1).max(2_000);
export const namespaceName = z.string().min(1).max(100);

/** Deeper values are refused: no result of ours is. */
export const VALUE_DEPTH_MAX = 200;

/** What the schema of JSON itself would not survive, or would leave out without a word; null where there is nothing. */
function problemOf(value: unknown): string | null {
  if (value === undefined) return 'expected a value, got nothing';
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > VALUE_DEPTH_MAX) return `expected at most ${VALUE_DEPTH_MAX} levels`;
    const objects = level.filter((inner) => typeof inner === 'object' && inner !== null);
    if (objects.some((inner) => Object.hasOwn(inner as object, '__proto__'))) return 'expected no field __proto__';
    level = objects.flatMap((inner) => Object.values(inner as object));
  }
  return null;
}

const ttlSeconds = z.number().gt(0).max(604_800);

export const entryInput = z
  .strictObject({
    value: z
      .unknown()
      .superRefine((value, context) => {
        const message = problemOf(value);
        if (message !== null) context.addIssue({ code: 'custom', message, continue: false });
      })
      .pipe(z.json())
      .describe('Whatever JSON can say, up to 200 levels deep'),
    ttl_seconds: ttlSeconds.default(300).describe('Life in seconds, up to seven days'),
  })
  .meta({ id: 'CacheEntryInput' });
export type EntryInput = z.output<typeof entryInput>;

const levelName = z.enum(['l1', 'l2', 'l3']);

export const cacheEntry = z
  .strictObject({
    key: z.string(),
    value: z.json(),
    level: levelName.describe('Where it was found: memory, Redis or files'),
    age_ms: z.number().describe('Since it was stored'),
  })
  .meta({ id: 'CacheEntry' });
export type CacheEntry = z.infer<typeof cacheEntry>;

const levelStats = z
  .strictObject({
    enabled: z.boolean().describe('Whether it is configured'),
    state: z
      .enum(['UP', 'DOWN', 'CONNECTING', 'DISABLED'])
      .describe('DOWN: left out because it failed; it is tried again by itself'),
    breaker: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']).nullable().describe('The circuit breaker; null: it has none'),
    reason: z.string().nullable().describe('Why it is not UP'),
    entries: z.int().nullable().describe('For Redis: of its whole database; null: not known'),
    bytes: z.int().nullable().describe('Memory or files; for Redis: of the whole server; null: not known'),
    hits: z.int(),
    misses: z.int(),
    hit_rate: z.number().describe('Hits ÷ look-ups that reached this level'),
    evictions: z.int().describe('Entries that had to make room'),
    errors: z.int().describe('Calls that failed, time-outs among them'),
    timeouts: z.int(),
    invalid: z.int().describe('Entries that were damaged or of somebody else'),
    pending: z.int().describe('Keys that it has to delete before it is read again'),
    last_error: z.string().nullable(),
  })
  .meta({ id: 'CacheLevelStats' });
export type LevelStats = z.infer<typeof levelStats>;

export const cacheStats = z
  .strictObject({
    total: z.strictObject({
      hits: z.int(),
      misses: z.int(),
      hit_rate: z.number(),
      loads: z.int().describe('Values that were computed or read because no level had them'),
      load_errors: z.int(),
      refused: z.int().describe('Values that were loaded and cannot be kept'),
    }),
    enabled_levels: z.array(levelName),
    levels: z.strictObject({ l1: levelStats, l2: levelStats, l3: levelStats }),
  })
  .meta({ id: 'CacheStats' });
export type CacheStats = z.infer<typeof cacheStats>;

export const warmUpInput = z
  .strictObject({
    namespace: namespaceName,
    account_ids: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(500)
      .optional()
      .describe('Default: the first hundred accounts that hold something'),
  })
  .meta({ id: 'CacheWarmUpInput' });
export type WarmUpInput = z.output<typeof warmUpInput>;

export const warmUpReply = z
  .strictObject({
    namespace: z.string(),
    found: z.int().describe('What was there already'),
    loaded: z.int(),
    failed: z.int().describe('Accounts that are not known, or whose data are not sufficient'),
  })
  .meta({ id: 'CacheWarmUp' });
export type WarmUpReply = z.infer<typeof warmUpReply>;
