import { z } from 'zod';
import { date } from '../wire.schema.js';

export const priceImportQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .meta({ type: 'boolean', enum: undefined })
    .default(false)
    .describe('Check only: the counts tell what an import would do'),
  on_error: z
    .enum(['fail', 'skip'])
    .default('fail')
    .meta({ description: 'fail: one error and nothing is written. skip: what has an error is left out' }),
});
export type PriceImportQuery = z.output<typeof priceImportQuery>;

const problem = z.strictObject({
  line: z.int().min(1).meta({ description: 'As a text editor counts, the header is line 1' }),
  column: z.string().nullable().meta({ description: 'Its name in the header; null for the whole line' }),
  code: z.string(),
  detail: z.string(),
});

/** The result of a job of kind `price_import`. */
export const priceImportResult = z
  .strictObject({
    format: z.enum(['wide', 'long']).nullable(),
    dry_run: z.boolean(),
    rows: z.int(),
    symbols: z.int(),
    first_date: date.nullable(),
    last_date: date.nullable(),
    inserted: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    error_count: z.int(),
    errors: z.array(problem).max(1000),
    warning_count: z.int(),
    warnings: z.array(problem).max(1000),
    price_version: z.int().meta({ description: 'Version of the price history afterwards' }),
  })
  .meta({ id: 'PriceImportResult' });
export type PriceImportResult = z.infer<typeof priceImportResult>;
