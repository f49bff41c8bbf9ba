import { z } from 'zod';
import { accountId, listOf, page } from '../wire.schema.js';
import { decisionSchema } from './decision.schema.js';

const verdict = z.enum(['ACCEPT', 'ACCEPT_WITH_WARNING', 'PENDING_APPROVAL', 'REJECT']);

export const decisionsQuery = z.strictObject({
  ...page,
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'expected the next_cursor of the page before')
    .optional(),
  account_id: accountId.optional(),
  decision: verdict.optional(),
  code: z
    .string()
    .regex(/^[A-Z_]{1,40}$/, 'expected a code such as GROSS_EXPOSURE')
    .optional()
    .describe('Code of any of its reasons'),
});
export type DecisionsQuery = z.output<typeof decisionsQuery>;

export const decisionList = listOf(decisionSchema).meta({ id: 'DecisionList' });
export type DecisionList = z.infer<typeof decisionList>;

export const accountQuery = z.strictObject({ account_id: accountId });
export type AccountOf = z.output<typeof accountQuery>;
