import type { DoneCause, Effect } from '../../book/effects.js';
import type { AccountRecord, PositionRecord, WorkingRecord } from '../../book/records.js';
import type { AlertMessage } from './alert.schema.js';
import type { DecisionReply } from './decision.schema.js';
import type { StoredDecision } from './decision-record.js';
import { decisionIdOf, type OrderIdentity } from './order-identity.js';

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** What an order holds now: its terms and amends, or why it holds nothing any more. */
export type OrderStatus =
  | { readonly working: WorkingRecord }
  | { readonly done: { readonly cause: DoneCause; readonly reason: string | null; readonly actor: string | null } };

/** A new decision and what its order holds at the end of the write; null where it holds nothing and never did. */
export interface NewDecision {
  readonly record: StoredDecision;
  status: OrderStatus | null;
}

/** Everything that a stretch of inputs changed, each thing once, as it is at the end. */
export interface BookWrite {
  readonly decisions: readonly NewDecision[];
  /** Second revisions of decisions that are stored already. */
  readonly revisions: readonly DecisionReply[];
  /** By the decision id of the new order. */
  readonly orders: ReadonlyMap<string, OrderStatus>;
  readonly executions: readonly EffectOf<'EXECUTION'>[];
  readonly positions: readonly PositionRecord[];
  readonly accounts: readonly AccountRecord[];
  /** In their order: each is a change with its own reason. */
  readonly states: readonly EffectOf<'STATE'>[];
  readonly alerts: readonly AlertMessage[];
}

/** Brings the changes of many inputs, in their order, into one write. */
export class BookWriteBuilder implements BookWrite {
  readonly decisions: NewDecision[] = [];
  readonly orders = new Map<string, OrderStatus>();
  readonly executions: EffectOf<'EXECUTION'>[] = [];
  readonly states: EffectOf<'STATE'>[] = [];
  readonly alerts: AlertMessage[] = [];
  private readonly revisionById = new Map<string, DecisionReply>();
  private readonly positionByKey = new Map<string, PositionRecord>();
  private readonly accountById = new Map<string, AccountRecord>();
  /** Places in `decisions`. */
  private readonly newById = new Map<string, number>();
  /** The same of new orders, by account and order: most effects speak of them, and their ids are costly to make. */
  private readonly newOrders = new Map<string, number>();

  get revisions(): DecisionReply[] {
    return [...this.revisionById.values()];
  }

  get positions(): PositionRecord[] {
    return [...this.positionByKey.values()];
  }

  get accounts(): AccountRecord[] {
    return [...this.accountById.values()];
  }

  get isEmpty(): boolean {
    const lists = [this.decisions, this.executions, this.states, this.alerts];
    return (
      lists.every(({ length }) => length === 0) &&
      this.orders.size + this.revisionById.size + this.positionByKey.size + this.accountById.size === 0
    );
  }

  /** Decisions before the effects that came with them: those speak of their orders. */
  addDecision(record: StoredDecision): void {
    const { reply, request, ofOrder } = record;
    this.newById.set(reply.decision_id, this.decisions.length);
    if (ofOrder && request.action === 'NEW') this.newOrders.set(orderKey(request), this.decisions.length);
    this.decisions.push({ record, status: null });
  }

  addRevision(reply: DecisionReply): void {
    const at = this.newById.get(reply.decision_id);
    if (at === undefined) this.revisionById.set(reply.decision_id, reply);
    else this.decisions[at] = { ...this.decisions[at]!, record: { ...this.decisions[at]!.record, reply } };
  }

  /** Decisions and alerts among the effects are given as what people read of them. */
  addEffect(effect: Exclude<Effect, EffectOf<'DECISION' | 'ALERT'>>): void {
    switch (effect.kind) {
      case 'WORKING':
        this.setStatus(effect.order.order, { working: effect.order });
        break;
      case 'DONE':
        this.setStatus(effect, { done: { cause: effect.cause, reason: effect.reason, actor: effect.actor } });
        break;
      case 'EXECUTION':
        this.executions.push(effect);
        break;
      case 'POSITION':
        this.positionByKey.set(`${effect.position.accountId} ${effect.position.symbol}`, effect.position);
        break;
      case 'ACCOUNT':
        this.accountById.set(effect.account.account.accountId, effect.account);
        break;
      case 'STATE':
        this.states.push(effect);
        break;
      default:
        effect satisfies never;
    }
  }

  addAlert(message: AlertMessage): void {
    this.alerts.push(message);
  }

  private setStatus(order: OrderKey, status: OrderStatus): void {
    const at = this.newOrders.get(orderKey(order));
    if (at !== undefined) this.decisions[at]!.status = status;
    else this.orders.set(decisionIdOf(newOrder(order)), status);
  }
}

type OrderKey = Pick<OrderIdentity, 'accountId' | 'orderId'>;

/** No id holds a space. */
const orderKey = ({ accountId, orderId }: OrderKey): string => `${accountId} ${orderId}`;
const newOrder = ({ accountId, orderId }: OrderKey): OrderIdentity => ({
  accountId,
  orderId,
  action: 'NEW',
  amendId: null,
});
