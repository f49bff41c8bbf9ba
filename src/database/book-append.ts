import { type SQL, sql } from 'drizzle-orm';
import type { AccountRecord, PositionRecord, WorkingRecord } from '../book/records.js';
import type { BookWrite, NewDecision, OrderStatus } from '../risk/orders/book-write.js';
import type { DecisionReply } from '../risk/orders/decision.schema.js';
import type { BookStamp } from '../risk/orders/ports.js';
import { moneyColumn, scaledColumn } from './book-numbers.js';
import { arraysOf, type Column, columnsWithValues, nameList, selectList, tableOf } from './columns.js';
import { nearestColumn } from './nearest-check.js';

/**
 * The whole write as one statement: no transaction stays open between two of them, so an owner that is stopped in the
 * middle holds no lock that its successor would wait for. Each part writes only where `owner` has a row, which it has
 * while the epoch lasts. Answers the number of the write, null where the epoch is over.
 */
export function appendStatement(write: BookWrite, { epoch, eventTime, session }: BookStamp): SQL {
  const parts = [
    sql`owner as (
      update book_lease set event_time = ${eventTime}, session = ${session}, writes = writes + 1
      where epoch = ${epoch} and expires_at > clock_timestamp() returning writes)`,
    ...decisionParts(write),
    ...bookParts(write),
    ...stateParts(write),
    ...alertParts(write),
  ];
  return sql`with ${sql.join(parts, sql`, `)} select (${NUMBER}) as number`;
}

/** New orders and what is said of them, the common case: a statement without a row to be found has but one plan. */
export const onlyInserts = ({ orders, revisions, positions, accounts, states }: BookWrite): boolean =>
  orders.size + revisions.length + positions.length + accounts.length + states.length === 0;

/**
 * Of such a write: its statement has these values, in this order, and one text for all writes of the same shape. Writing
 * that text anew takes longer than deciding the few orders that callers send at once.
 */
export function insertedValues(
  { decisions, executions, alerts }: BookWrite,
  { epoch, eventTime, session }: BookStamp,
): { shape: string; values: unknown[] } {
  const columns = columnsWithValues(decisions, DECISION);
  const shape = [...columns.map(([name]) => name), executions.length > 0, alerts.length > 0].join();
  const values: unknown[] = [eventTime, session, epoch];
  if (decisions.length > 0) values.push(...arraysOf(decisions, [...columns, PUBLISHED]));
  if (executions.length > 0) values.push(...arraysOf(executions, EXECUTION));
  if (alerts.length > 0) values.push(...arraysOf(alerts, ALERT));
  return { shape, values };
}

const OWNED = sql.raw('exists (select from owner)');
/** Of this write. */
const NUMBER = sql.raw('select writes from owner');

/** What a decision says; a second revision replaces it. */
const REPLY: readonly Column<DecisionReply>[] = [
  ['revision', 'int', (reply) => reply.revision],
  ['decision', 'plain', (reply) => reply.decision],
  ['control_actions', 'plain', (reply) => reply.control_actions.join()],
  ['warnings', 'plain', (reply) => reply.warnings.join()],
  ['reasons', 'json', (reply) => (reply.reasons.length > 0 ? JSON.stringify(reply.reasons) : null)],
  ['nearest', 'text', (reply) => nearestColumn(reply.nearest)],
  ['max_allowed_quantity', 'numeric', (reply) => reply.max_allowed_quantity],
  ['var_before_ratio', 'float8', (reply) => reply.var?.before_ratio ?? null],
  ['var_after_ratio', 'float8', (reply) => reply.var?.after_ratio ?? null],
  ['var_limit_ratio', 'float8', (reply) => reply.var?.limit_ratio ?? null],
  ['var_exact', 'bool', (reply) => reply.var?.exact ?? null],
  ['reference_price', 'plain', (reply) => reply.inputs.reference_price],
  ['reference_source', 'plain', (reply) => reply.inputs.reference_source],
  ['reference_age_ms', 'int8', (reply) => reply.inputs.reference_age_ms],
  ['positions_version', 'int8', (reply) => reply.inputs.positions_version],
  ['limits_version', 'int8', (reply) => reply.inputs.limits_version],
  ['price_version', 'int8', (reply) => reply.inputs.price_version],
  ['event_time', 'timestamptz', (reply) => reply.timestamp],
  ['reserved_quantity', 'plain', (reply) => reply.reservation?.quantity ?? null],
  ['lock_price', 'plain', (reply) => reply.reservation?.lock_price ?? null],
  ['reserved_notional', 'plain', (reply) => reply.reservation?.notional ?? null],
  ['reservation_expires_at', 'timestamptz', (reply) => reply.reservation?.expires_at ?? null],
];

const checked = ({ record: { request } }: NewDecision) => (request.action === 'CANCEL' ? null : request);
const instant = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString());

const DECISION: readonly Column<NewDecision>[] = [
  ['decision_id', 'plain', ({ record }) => record.reply.decision_id],
  ['account_id', 'plain', ({ record }) => record.reply.account_id],
  ['order_id', 'plain', ({ record }) => record.reply.order_id],
  ['action', 'plain', ({ record }) => record.request.action],
  ['amend_id', 'plain', ({ record: { request } }) => (request.action === 'AMEND' ? request.amendId : null)],
  ['of_order', 'bool', ({ record }) => record.ofOrder],
  ['content_hash', 'plain', ({ record }) => record.contentHash],
  ['trader_id', 'plain', ({ record }) => record.request.traderId],
  ['symbol', 'plain', ({ record }) => record.request.symbol],
  ['side', 'plain', (row) => checked(row)?.side ?? null],
  ['quantity', 'numeric', (row) => scaledColumn(checked(row)?.quantity ?? null)],
  ['order_type', 'plain', (row) => checked(row)?.type ?? null],
  ['price', 'numeric', (row) => scaledColumn(checked(row)?.price ?? null)],
  ['time_in_force', 'plain', (row) => checked(row)?.timeInForce ?? null],
  ['reduce_only', 'bool', (row) => checked(row)?.reduceOnly ?? null],
  ['order_timestamp', 'timestamptz', (row) => instant(checked(row)?.timestamp)],
  ['submitter', 'text', (row) => checked(row)?.submitter ?? null],
  ['is_working', 'bool', ({ status }) => status !== null && 'working' in status],
  ['terms', 'json', ({ status }) => changedTerms(status)],
  ['done_cause', 'plain', ({ status }) => doneOf(status)?.cause ?? null],
  ['done_reason', 'text', ({ status }) => doneOf(status)?.reason ?? null],
  ['done_actor', 'text', ({ status }) => doneOf(status)?.actor ?? null],
  ...REPLY.map(([name, type, of]): Column<NewDecision> => [name, type, ({ record }) => of(record.reply)]),
];

/** Not a column: what whoever sent the order hears of by its record is none of the outbox. */
const PUBLISHED: Column<NewDecision> = ['published', 'bool', ({ record }) => record.published];

const doneOf = (status: OrderStatus | null) => (status && 'done' in status ? status.done : null);

/** Null while they follow from the row of the order itself. */
function changedTerms(status: OrderStatus | null): string | null {
  if (!status || !('working' in status)) return null;
  const { terms, order, amends } = status.working;
  const asOrdered =
    amends.length === 0 &&
    terms.quantity === order.quantity &&
    terms.price === order.price &&
    terms.type === order.type &&
    terms.submitter === order.submitter;
  // The lock and the time of expiry stand in the row too, as they were at first.
  return asOrdered ? null : termsJson(status.working);
}

/** Big integers as text. */
const termsJson = ({ terms, amends }: Pick<WorkingRecord, 'terms' | 'amends'>): string =>
  JSON.stringify({ terms, amends }, (_, value) => (typeof value === 'bigint' ? String(value) : value));

function decisionParts({ decisions, revisions, orders }: BookWrite): SQL[] {
  const parts: SQL[] = [];
  if (decisions.length > 0) {
    const columns = columnsWithValues(decisions, DECISION);
    parts.push(sql`decided as (
      insert into decisions (${nameList(columns)}, outbox_write)
      select ${selectList(columns)}, case when not published then (${NUMBER}) end
      from ${tableOf(decisions, 'decision', [...columns, PUBLISHED])} where ${OWNED} order by position)`);
  }
  // One row is changed once in a statement: of two changes the database would keep but one.
  const alone = revisions.filter(({ decision_id }) => !orders.has(decision_id));
  const ended = revisions.flatMap((reply): Ended[] => {
    const status = orders.get(reply.decision_id);
    return status ? [[reply, status]] : [];
  });
  const endedIds = new Set(ended.map(([reply]) => reply.decision_id));
  const changed = [...orders].filter(([id]) => !endedIds.has(id));
  if (alone.length > 0) parts.push(update('revised_decisions', alone, [REVISED, ...REPLY]));
  if (ended.length > 0) parts.push(update('ended_approvals', ended, ENDED));
  if (changed.length > 0) parts.push(update('changed_orders', changed, STATUS));
  return parts;
}

const REVISED: Column<DecisionReply> = ['decision_id', 'plain', (reply) => reply.decision_id];

const STATUS: readonly Column<readonly [string, OrderStatus]>[] = [
  ['decision_id', 'plain', ([id]) => id],
  ['is_working', 'bool', ([, status]) => 'working' in status],
  ['terms', 'json', ([, status]) => ('working' in status ? termsJson(status.working) : null)],
  ['done_cause', 'plain', ([, status]) => doneOf(status)?.cause ?? null],
  ['done_reason', 'text', ([, status]) => doneOf(status)?.reason ?? null],
  ['done_actor', 'text', ([, status]) => doneOf(status)?.actor ?? null],
];

/** The outcome of an approval is a revision, and what its order holds from then on. */
type Ended = readonly [DecisionReply, OrderStatus];
const ENDED: readonly Column<Ended>[] = [
  ...[REVISED, ...REPLY].map(([name, type, of]): Column<Ended> => [name, type, ([reply]) => of(reply)]),
  ...STATUS.slice(1).map(([name, type, of]): Column<Ended> => [name, type, ([, status]) => of(['', status])]),
];

/** By the first column; a new revision is to be told. */
function update<Row>(part: string, rows: readonly Row[], columns: readonly Column<Row>[]): SQL {
  const assignments = columns.slice(1).map(([name, type]) => `${name} = now.${name}${type === 'json' ? '::json' : ''}`);
  const outbox = columns.some(([name]) => name === 'revision') ? sql`, outbox_write = (${NUMBER})` : sql``;
  return sql`${sql.raw(part)} as (
    update decisions set ${sql.raw(assignments.join(', '))}${outbox}
    from ${tableOf(rows, 'now', columns)} where decisions.decision_id = now.decision_id and ${OWNED})`;
}

const EXECUTION: readonly Column<BookWrite['executions'][number]>[] = [
  ['account_id', 'plain', ({ fill }) => fill.accountId],
  ['order_id', 'plain', ({ fill }) => fill.orderId],
  ['exec_id', 'plain', ({ fill }) => fill.execId],
  ['symbol', 'plain', ({ fill }) => fill.symbol],
  ['side', 'plain', ({ fill }) => fill.side],
  ['quantity', 'numeric', ({ fill }) => scaledColumn(fill.quantity)],
  ['price', 'numeric', ({ fill }) => scaledColumn(fill.price)],
  ['filled_at', 'timestamptz', ({ fill }) => instant(fill.timestamp)],
  ['moved_position', 'bool', ({ movedPosition }) => movedPosition],
  ['booked_at', 'timestamptz', ({ at }) => instant(at)],
];

const POSITION: readonly Column<PositionRecord>[] = [
  ['account_id', 'plain', ({ accountId }) => accountId],
  ['symbol', 'plain', ({ symbol }) => symbol],
  ['quantity', 'numeric', ({ quantity }) => scaledColumn(quantity)],
  ['average_price', 'numeric', ({ averagePrice }) => scaledColumn(averagePrice)],
];

const ACCOUNT: readonly Column<AccountRecord>[] = [
  ['account_id', 'plain', ({ account }) => account.accountId],
  ['equity_base', 'numeric', ({ equityBase }) => moneyColumn(equityBase)],
  ['cash', 'numeric', ({ cash }) => moneyColumn(cash)],
  ['day_start_equity', 'numeric', ({ dayStartEquity }) => moneyColumn(dayStartEquity)],
  ['peak_equity', 'numeric', ({ peakEquity }) => moneyColumn(peakEquity)],
];

const VERSION: readonly Column<AccountRecord>[] = [
  ['account_id', 'plain', ({ account }) => account.accountId],
  ['positions_version', 'int8', ({ positionsVersion }) => positionsVersion],
];

function bookParts({ executions, positions, accounts }: BookWrite): SQL[] {
  const parts: SQL[] = [];
  if (executions.length > 0) {
    parts.push(sql`executed as (
      insert into executions (${nameList(EXECUTION)})
      select ${selectList(EXECUTION)} from ${tableOf(executions, 'execution', EXECUTION)} where ${OWNED})`);
  }
  const held = positions.filter(({ quantity }) => quantity !== 0n);
  const flat = positions.filter(({ quantity }) => quantity === 0n);
  if (held.length > 0) {
    parts.push(sql`held_positions as (
      insert into positions (${nameList(POSITION)})
      select ${selectList(POSITION)} from ${tableOf(held, 'position_now', POSITION)} where ${OWNED}
      on conflict (account_id, symbol) do update set quantity = excluded.quantity, average_price = excluded.average_price)`);
  }
  if (flat.length > 0) {
    parts.push(sql`flat_positions as (
      delete from positions using ${tableOf(flat, 'flat', POSITION.slice(0, 2))}
      where positions.account_id = flat.account_id and positions.symbol = flat.symbol and ${OWNED})`);
  }
  if (accounts.length > 0) {
    parts.push(
      sql`kept_accounts as (
        insert into account_books (${nameList(ACCOUNT)})
        select ${selectList(ACCOUNT)} from ${tableOf(accounts, 'account', ACCOUNT)} where ${OWNED}
        on conflict (account_id) do update set equity_base = excluded.equity_base, cash = excluded.cash,
          day_start_equity = excluded.day_start_equity, peak_equity = excluded.peak_equity)`,
      sql`counted_accounts as (
        update accounts set positions_version = account.positions_version
        from ${tableOf(accounts, 'account', VERSION)}
        where accounts.account_id = account.account_id and accounts.positions_version < account.positions_version
          and ${OWNED})`,
    );
  }
  return parts;
}

const STATE: readonly Column<BookWrite['states'][number]>[] = [
  ['level', 'plain', ({ level }) => level],
  ['id', 'plain', ({ id }) => id],
  ['state', 'plain', ({ state }) => state],
  ['latches', 'plain', ({ latches }) => latches.join()],
  ['reason', 'text', ({ reason }) => reason],
  ['actor', 'text', ({ actor }) => actor],
];

/** One scope may change several times in a write: each change is kept, the last one counts. */
function stateParts({ states }: BookWrite): SQL[] {
  if (states.length === 0) return [];
  return [
    sql`state_steps as (
      select step.level, step.id, step.state, string_to_array(step.latches, ',') as latches, step.reason, step.actor,
        coalesce(stored.version, 0) + row_number() over each_scope as version,
        coalesce(lag(step.state) over each_scope, stored.state) as before
      from ${tableOf(states, 'step', STATE)}
      left join trading_states stored on stored.level = step.level and stored.id = step.id
      where ${OWNED} window each_scope as (partition by step.level, step.id order by step.position))`,
    sql`states_now as (
      insert into trading_states (level, id, state, latches, reason, version, updated_by)
      select distinct on (level, id) level, id, state, latches, reason, version, actor from state_steps
      order by level, id, version desc
      on conflict (level, id) do update set state = excluded.state, latches = excluded.latches,
        reason = excluded.reason, version = excluded.version, updated_at = now(), updated_by = excluded.updated_by)`,
    sql`state_changes as (
      insert into trading_state_changes (level, id, version, before, state, latches, reason, actor)
      select level, id, version, before, state, latches, reason, actor from state_steps order by version)`,
  ];
}

const ALERT: readonly Column<BookWrite['alerts'][number]>[] = [
  ['alert_id', 'plain', (alert) => alert.alert_id],
  ['code', 'plain', (alert) => alert.code],
  ['severity', 'plain', (alert) => alert.severity],
  ['account_id', 'plain', (alert) => alert.account_id],
  ['order_id', 'plain', (alert) => alert.order_id ?? null],
  ['message', 'json', (alert) => JSON.stringify(alert)],
  ['created_at', 'timestamptz', (alert) => alert.created_at],
];

function alertParts({ alerts }: BookWrite): SQL[] {
  if (alerts.length === 0) return [];
  return [
    sql`raised as (
      insert into alerts (${nameList(ALERT)}, outbox_write)
      select ${selectList(ALERT)}, (${NUMBER}) from ${tableOf(alerts, 'alert', ALERT)} where ${OWNED} order by position
      on conflict (alert_id) do nothing)`,
  ];
}
