import { z } from 'zod';
import { accountId, currency, decimal, decimalText, listOf, page } from '../wire.schema.js';

/** What an account is in the tree: only an ACCOUNT holds positions and trades. */
export const accountKind = z.enum(['FIRM', 'DESK', 'ACCOUNT']);
export type AccountKind = z.infer<typeof accountKind>;

/** CASH may neither borrow nor sell short; it is the default because it allows less. */
export const accountType = z.enum(['CASH', 'MARGIN']);

export const accountInput = z
  .strictObject({
    kind: accountKind,
    parent_id: accountId.nullable().default(null),
    account_type: accountType.default('CASH'),
    currency,
    equity: decimal().nullable().default(null),
    cash: decimal().nullable().default(null),
  })
  .meta({ id: 'AccountInput' });
export type AccountInput = z.output<typeof accountInput>;

export const accountSchema = z
  .strictObject({
    account_id: accountId,
    kind: accountKind,
    parent_id: accountId.nullable(),
    account_type: accountType,
    currency,
    equity: decimalText.nullable(),
    cash: decimalText.nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof accountSchema>;

export const accountQuery = z.strictObject({
  ...page,
  cursor: accountId.optional(),
  kind: accountKind.optional(),
  parent_id: accountId.optional(),
});
export type AccountQuery = z.output<typeof accountQuery>;

export const accountList = listOf(accountSchema).meta({ id: 'AccountList' });
export type AccountList = z.infer<typeof accountList>;
