import { CheckResult } from '../../book/check-result.js';
import type { Mode } from '../../book/decision.js';
import type { FieldProblem } from '../errors.js';
import { accountId, accountId as id } from '../wire.schema.js';
import type { DecisionReply } from './decision.schema.js';
import { reasonReply } from './decision-reply.js';
import type { OrderIdentity } from './order-identity.js';

/** Rejections that no book decided: of a used id with other content, and of what is no order. */

const DUPLICATE_ID = { code: 'DUPLICATE_ID', fixReason: 6, unit: 'none' } as const;
const ORDER_INVALID = { code: 'ORDER_INVALID', fixReason: 99, unit: 'none' } as const;

/** Problems that a message names one by one; a stored decision stays small. */
const PROBLEMS_SHOWN_MAX = 5;
const MESSAGE_LENGTH_MAX = 600;

interface DuplicateId {
  readonly identity: OrderIdentity;
  /** Of this refusal, see `duplicateIdOf`. */
  readonly decisionId: string;
  /** The decision of the order that had the id first. */
  readonly firstDecisionId: string;
  readonly mode: Mode;
  /** ms since 1970, the owner's clock at intake. */
  readonly now: number;
}

/** The id was used before with other content. Nothing changes. */
export function duplicateIdReply({ identity, decisionId, firstDecisionId, mode, now }: DuplicateId): DecisionReply {
  const of = identity.amendId === null ? 'it' : `amend ${identity.amendId} of it`;
  const detail = `${of} came before with other content, see decision ${firstDecisionId}`;
  const result = refused(DUPLICATE_ID, identity.accountId, detail);
  return rejection(identity, result, { decisionId, mode, now });
}

interface OrderInvalid {
  /** The JSON object that is no order; it has an `order_id` that is text. */
  readonly value: unknown;
  readonly problems: readonly Pick<FieldProblem, 'pointer' | 'detail'>[];
  /** Of this refusal, see `invalidIdOf`. */
  readonly decisionId: string;
  readonly defaultAccountId: string;
  readonly now: number;
}

const ACTIONS = ['NEW', 'AMEND', 'CANCEL'] as const;
const ORDER_ID_LENGTH_MAX = 64;

/** Of a record on `trade_orders` that names an order and is none: its sender need not wait for ever. */
export function orderInvalidReply({ value, problems, decisionId, defaultAccountId, now }: OrderInvalid): DecisionReply {
  const fields = value as Readonly<Record<string, unknown>>;
  const account =
    fields['account_id'] === undefined ? defaultAccountId : readable(accountId.safeParse(fields['account_id']));
  const identity: OrderIdentity = {
    accountId: account ?? '',
    orderId: readable(id.safeParse(fields['order_id'])) ?? printable(String(fields['order_id'])),
    action: ACTIONS.find((action) => action === fields['action']) ?? 'NEW',
    amendId: readable(id.safeParse(fields['amend_id'])) ?? null,
  };
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map(({ pointer, detail }) => `${pointer || '/'} ${detail}`);
  const more = problems.length - shown.length;
  const detail = printable(shown.join('; ') + (more > 0 ? `; and ${more} more` : ''), MESSAGE_LENGTH_MAX);
  return rejection(identity, refused(ORDER_INVALID, account ?? null, detail), { decisionId, mode: 'RESERVE', now });
}

const readable = (parsed: { success: boolean; data?: string }): string | undefined =>
  parsed.success ? parsed.data : undefined;

/** Text of a stranger, without what a terminal or the database would stumble over. */
const printable = (text: string, lengthMax = ORDER_ID_LENGTH_MAX): string =>
  text.slice(0, lengthMax).replace(/[\p{Cc}\p{Cs}]/gu, '');

type Kind = typeof DUPLICATE_ID | typeof ORDER_INVALID;

const refused = (kind: Kind, account: string | null, detail: string) =>
  new CheckResult(kind, 'BREACH', account === null ? null : 'ACCOUNT', account, null, null, null, null, detail);

function rejection(
  { accountId, orderId, action, amendId }: OrderIdentity,
  result: CheckResult,
  { decisionId, mode, now }: { decisionId: string; mode: Mode; now: number },
): DecisionReply {
  return {
    decision_id: decisionId,
    order_id: orderId,
    account_id: accountId,
    action,
    amend_id: amendId,
    mode,
    allow_order: false,
    decision: 'REJECT',
    control_actions: [],
    reasons: [reasonReply(result, '', null)],
    checks: null,
    nearest: null,
    max_allowed_quantity: null,
    var: null,
    revision: 1,
    replayed: false,
    warnings: [],
    reservation: null,
    inputs: {
      reference_price: null,
      reference_source: null,
      reference_age_ms: null,
      positions_version: null,
      limits_version: null,
      price_version: null,
    },
    timestamp: new Date(now).toISOString(),
  };
}
