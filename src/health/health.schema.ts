import { z } from 'zod';

const indicators = z.record(
  z.string(),
  z.looseObject({ status: z.enum(['up', 'down']), reason: z.string().optional() }),
);

/** The report of @nestjs/terminus; `degraded`: requests are answered, and something beside them is away. */
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'degraded', 'error', 'shutting_down']),
    info: indicators.optional(),
    error: indicators.optional(),
    details: indicators,
  })
  .meta({ id: 'Health' });
