import { z } from 'zod';

/** What one instance tells the others on `cache_invalidations`, and by Redis where there is one. */
export const invalidationMessage = z
  .object({
    instance: z.string().min(1).max(100).describe('Which instance says it: its own words are no news to it'),
    namespace: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .describe('What is out of date; null: nothing, the sender finds out how far it has read'),
    key: z
      .string()
      .min(1)
      .max(300)
      .nullable()
      .describe('As Redis knows it, without prefix; null: all of the namespace'),
    stamp: z
      .number()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .describe('When, in microseconds since 1970, by a clock that only rises'),
    deleted: z.boolean().describe('Deleted; false: overwritten'),
  })
  .meta({ id: 'CacheInvalidation' });
export type InvalidationMessage = z.infer<typeof invalidationMessage>;
