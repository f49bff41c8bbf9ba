import { z } from 'zod';
import { accountId, decimalText, listOf, reasonText, symbol } from '../wire.schema.js';

export const decisionId = z.string().regex(/^dec_[A-Za-z0-9_-]{22}$/, 'expected a decision_id');

const pending = z
  .strictObject({
    decision_id: decisionId,
    account_id: accountId,
    order_id: z.string(),
    action: z.enum(['NEW', 'AMEND']),
    amend_id: z.string().nullable(),
    symbol,
    side: z.enum(['BUY', 'SELL']),
    quantity: decimalText,
    price: decimalText.nullable(),
    submitter: z.string().nullable().describe('He may not approve it'),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'PendingApproval' });
export type Pending = z.infer<typeof pending>;

export const approvalList = listOf(pending).meta({ id: 'ApprovalList' });
export type ApprovalList = z.infer<typeof approvalList>;

export const approvalInput = z.strictObject({ reason: reasonText }).meta({ id: 'ApprovalInput' });
export type ApprovalInputBody = z.output<typeof approvalInput>;
