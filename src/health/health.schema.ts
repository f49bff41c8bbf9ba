import { z } from 'zod';

const indicators = z.record(
  z.string(),
  z.looseObject({ status: z.enum(['up', 'down']), reason: z.string().optional() }),
);

/** The report of @nestjs/terminus. */
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'error', 'shutting_down']),
    info: indicators.optional(),
    error: indicators.optional(),
    details: indicators,
  })
  .meta({ id: 'Health' });
