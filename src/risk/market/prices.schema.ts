import { z } from 'zod';
import { date, listOf, page, symbol } from '../wire.schema.js';

const close = z
  .string()
  .regex(/^\d{1,13}(\.\d{1,23})?$/)
  .meta({ description: 'Decimal text, exactly as imported' });

export const closesQuery = z
  .strictObject({
    start_date: date.optional(),
    end_date: date.optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
    cursor: date.optional().meta({ description: 'The next_cursor of the page before' }),
  })
  .refine(({ start_date, end_date }) => !(start_date && end_date && start_date > end_date), {
    path: ['end_date'],
    message: 'expected a date that is not before start_date',
  });
export type ClosesQuery = z.output<typeof closesQuery>;

export const closes = z.strictObject({
  symbol,
  data: z.array(z.strictObject({ date, close })),
  next_cursor: z.string().nullable(),
});
export type Closes = z.infer<typeof closes>;

export const coverageQuery = z.strictObject({ ...page, cursor: symbol.optional() });
export type CoverageQuery = z.output<typeof coverageQuery>;

export const coverageList = listOf(
  z.strictObject({
    symbol,
    first_date: date,
    last_date: date,
    count: z.int(),
    gaps: z
      .int()
      .meta({ description: 'Dates between its first and last on which another symbol has a close and it has none' }),
  }),
);
export type CoverageList = z.infer<typeof coverageList>;
