import { Amount, NOTHING } from './amount.js';
import type { BookState } from './book-state.js';
import type { DoneCause, Effect } from './effects.js';
import type { NewOrder } from './inputs.js';
import { withdraw } from './pending-approval.js';
import type { WorkingRecord } from './records.js';
import type { WorkingOrder } from './working-order.js';

/** What working orders hold in their holdings. */

/** Terms and amends are replaced, never changed: the record stays as it is. */
export const workingRecord = ({ order, terms, amends, decidedAt }: WorkingOrder): WorkingRecord => ({
  order,
  terms,
  amends,
  decidedAt,
});

/** Adds an order to its holding and to the counts of open orders. */
export function hold(state: BookState, working: WorkingOrder): void {
  const { holding, order, trader } = working;
  state.ordersOf(holding.account).working.set(order.orderId, working);
  holding.add(working);
  if (trader) trader.workingCount++;
  rehold(state, working);
}

/** Brings the holding up to date with what the order holds now. */
export function rehold(state: BookState, working: WorkingOrder): void {
  const { holding } = working;
  QUANTITY.set(working.openQuantity());
  MONEY.setProduct(QUANTITY, LOCK.set(working.lock()), holding.instrument.multiplier);
  setHeld(working, QUANTITY, MONEY);
  const waits = working.terms.approvalExpiresAt !== null || working.amends.some((a) => a.approvalExpiresAt !== null);
  if (waits) state.pending.add(working);
  else state.pending.delete(working);
  holding.reprice(working);
  state.refresh(holding);
}

/** Takes an order off its holding; its fills are remembered elsewhere. */
export function letGo(state: BookState, working: WorkingOrder): void {
  const { holding, order, trader } = working;
  setHeld(working, NOTHING, NOTHING);
  state.ordersOf(holding.account).working.delete(order.orderId);
  state.pending.delete(working);
  holding.remove(working);
  if (trader) trader.workingCount--;
  state.refresh(holding);
}

/** Ends an order for good. */
export function finish(
  state: BookState,
  working: WorkingOrder,
  effects: Effect[],
  { cause, reason = null, actor = null }: { cause: DoneCause; reason?: string | null; actor?: string | null },
): void {
  letGo(state, working);
  const { accountId, orderId } = working.order;
  effects.push({ kind: 'DONE', accountId, orderId, cause, reason, actor });
  withdraw(working, cause, state.now, effects);
}

/** Stores what the order holds, or ends it where nothing of it is open any more. */
export function settle(state: BookState, working: WorkingOrder, effects: Effect[]): void {
  if (working.openQuantity() === 0n) {
    finish(state, working, effects, { cause: 'FILLED' });
    return;
  }
  rehold(state, working);
  effects.push({ kind: 'WORKING', order: workingRecord(working) });
}

/** By account and id: a restored book does what it does in the same order. */
export const inOrder = (orders: Iterable<WorkingOrder>): WorkingOrder[] =>
  [...orders].sort((a, b) => (placeOf(a.order) < placeOf(b.order) ? -1 : 1));

/** Where an order stands in a list of working ones; no id holds a space. */
export const placeOf = ({ accountId, orderId }: NewOrder): string => `${accountId} ${orderId}`;

function setHeld({ held, heldMoney, holding, side }: WorkingOrder, quantity: Amount, money: Amount): void {
  MORE_QUANTITY.setTo(quantity).subtract(held);
  MORE_MONEY.setTo(money).subtract(heldMoney);
  held.setTo(quantity);
  heldMoney.setTo(money);
  holding.hold(side, MORE_QUANTITY, MORE_MONEY);
}

/** For a moment each. */
const QUANTITY = new Amount();
const LOCK = new Amount();
const MONEY = new Amount();
const MORE_QUANTITY = new Amount();
const MORE_MONEY = new Amount();
