import { type Scaled, worth } from './amount.js';
import type { BookNode, Holding } from './book-node.js';
import type { BookState, Execution } from './book-state.js';
import type { BookAlert, Effect } from './effects.js';
import type { Fill, OrderEvent, OrderUpdate, ReleaseInput } from './inputs.js';
import { withdrawal } from './pending-approval.js';
import type { PositionRecord } from './records.js';
import { finish, settle } from './reservations.js';
import type { PendingAmend, WorkingOrder } from './working-order.js';

/** applied, a fill that was booked before, or nothing the book expected (a fill is booked and an amend held all the same). */
export type UpdateResult = 'applied' | 'duplicate' | 'unexpected';
export interface UpdateOutcome {
  readonly status: UpdateResult;
  readonly effects: Effect[];
}

/** What a venue says of an order. */
export function applyUpdate(state: BookState, update: OrderUpdate, now: number): UpdateOutcome {
  const effects: Effect[] = [];
  const status = isFill(update) ? applyFill(state, update, now, effects) : applyEvent(state, update, effects);
  return { status, effects };
}

const isFill = (update: OrderUpdate): update is Fill =>
  update.status === 'PARTIALLY_FILLED' || update.status === 'FILLED';

function applyFill(state: BookState, fill: Fill, now: number, effects: Effect[]): UpdateResult {
  const account = state.accounts.get(fill.accountId);
  if (account?.kind !== 'ACCOUNT') {
    effects.push(unexpected(fill, 'UNKNOWN_ACCOUNT'));
    return 'unexpected';
  }
  const execution = executionOf(state, account, fill.orderId);
  const before = execution.fills.get(fill.execId);
  if (before !== undefined) return applyAgain(fill, before, effects);
  execution.fills.set(fill.execId, fillContent(fill));
  execution.filled += fill.quantity;
  execution.at = now;
  // A snapshot as of a later time contains it.
  const movesPosition = account.positionsAsOf === null || fill.timestamp > account.positionsAsOf;
  if (movesPosition) bookFill(state, account, fill);
  effects.push({ kind: 'EXECUTION', fill, movedPosition: movesPosition, filled: execution.filled, at: now });
  if (movesPosition) effects.push({ kind: 'POSITION', position: positionOf(account, fill.symbol) });
  const working = state.workingOrder(fill.accountId, fill.orderId);
  const cause = unexpectedCause(working, fill);
  if (working && cause !== 'OTHER_TERMS') {
    working.filled += fill.quantity;
    settle(state, working, effects);
  }
  if (cause === null) return 'applied';
  effects.push(unexpected(fill, cause));
  return 'unexpected';
}

/** What a fill books, as text: two of one `exec_id` are the same fill where this is the same. */
export const fillContent = ({ symbol, side, quantity, price }: FillContent): string =>
  `${symbol} ${side} ${quantity} ${price}`;

type FillContent = Pick<Fill, 'symbol' | 'side' | 'quantity' | 'price'>;

/** A fill whose `exec_id` was booked with that content. It is not booked again; where it says something else, somebody is told. */
export function applyAgain(fill: Fill, before: string, effects: Effect[]): 'duplicate' {
  if (before !== fillContent(fill)) effects.push(unexpected(fill, 'OTHER_CONTENT'));
  return 'duplicate';
}

type Unexpected = Extract<BookAlert, { code: 'UNEXPECTED_FILL' }>['cause'];

function unexpectedCause(working: WorkingOrder | undefined, fill: Fill): Unexpected | null {
  if (!working) return 'UNKNOWN_ORDER';
  if (working.order.symbol !== fill.symbol || working.side !== fill.side) return 'OTHER_TERMS';
  if (working.terms.approvalExpiresAt !== null) return 'NOT_APPROVED';
  return working.openQuantity() < fill.quantity ? 'OVERFILL' : null;
}

const unexpected = (fill: Fill, cause: Unexpected): Effect => ({
  kind: 'ALERT',
  alert: { code: 'UNEXPECTED_FILL', fill, cause },
});

function executionOf(state: BookState, account: BookNode, orderId: string): Execution {
  const { executions } = state.ordersOf(account);
  let execution = executions.get(orderId);
  if (!execution) {
    execution = { filled: 0n, fills: new Map(), at: 0 };
    executions.set(orderId, execution);
  }
  return execution;
}

/** Moves the position at the price of the fill: equity changes only by what the mark differs from it. */
function bookFill(state: BookState, account: BookNode, fill: Fill): void {
  const instrument = state.instrument(fill.symbol);
  const holding = state.holding(account, instrument);
  const signed = fill.side === 'BUY' ? fill.quantity : -fill.quantity;
  holding.averagePrice = averageAfter(holding, signed, fill.price);
  holding.position += signed;
  if (holding.position === 0n) holding.averagePrice = null;
  const cost = worth(signed, fill.price, instrument.multiplier.exact);
  if (account.cash !== null) account.cash -= cost;
  account.positionsVersion++;
  state.accountChanged(account);
  state.refresh(holding);
  state.moveBase(account, -cost);
}

/** Weighted where the position grows, kept where it shrinks, the fill's where it opens or turns. */
function averageAfter({ position, averagePrice }: Holding, signed: Scaled, price: Scaled): Scaled | null {
  const after = position + signed;
  if (position === 0n || after > 0n !== position > 0n) return price;
  if (averagePrice === null || position > 0n !== signed > 0n) return averagePrice;
  return (averagePrice * position + price * signed) / after;
}

export function positionOf(account: BookNode, symbol: string): PositionRecord {
  const holding = account.holdings.get(symbol);
  const { position: quantity = 0n, averagePrice = null } = holding ?? {};
  return { accountId: account.id, symbol, quantity, averagePrice };
}

function applyEvent(state: BookState, event: OrderEvent, effects: Effect[]): UpdateResult {
  const working = state.workingOrder(event.accountId, event.orderId);
  if (!working) return 'unexpected';
  switch (event.status) {
    case 'NEW':
      return 'applied';
    case 'AMENDED':
      return applyAmended(state, working, event, effects);
    case 'AMEND_REJECTED':
      return applyAmendRejected(state, working, event, effects);
    case 'CANCELLED':
    case 'REJECTED':
    case 'EXPIRED':
      finish(state, working, effects, { cause: event.status });
      return 'applied';
    default:
      return event.status satisfies never;
  }
}

/** The amend a venue speaks of: by its id, else by its quantity, else the oldest. */
function amendOf(working: WorkingOrder, { amendId, quantity }: OrderEvent) {
  const { amends } = working;
  if (amendId != null) return amends.find((amend) => amend.amendId === amendId);
  return (quantity != null ? amends.find((amend) => amend.quantity === quantity) : undefined) ?? amends[0];
}

/** What the venue says is what works, and is held; where that is not what was decided, somebody is told. */
function applyAmended(state: BookState, working: WorkingOrder, event: OrderEvent, effects: Effect[]): UpdateResult {
  const amend = amendOf(working, event);
  const quantity = event.quantity ?? amend?.quantity ?? working.terms.quantity;
  // Told once more, mostly.
  if (!amend && quantity === working.terms.quantity) return 'unexpected';
  if (amend) {
    const { amendId: _, ...terms } = amend;
    working.amends = working.amends.filter((other) => other !== amend);
    working.terms = { ...terms, approvalExpiresAt: null, quantity };
  } else {
    working.terms = { ...working.terms, quantity };
  }
  settle(state, working, effects);
  const cause = unexpectedAmend(amend, quantity);
  if (cause === null) return 'applied';
  if (cause === 'NOT_APPROVED') {
    effects.push(withdrawal({ working, amend: amend! }, 'the venue amended the order without it', state.now));
  }
  const { accountId, orderId, amendId = null } = event;
  effects.push({ kind: 'ALERT', alert: { code: 'UNEXPECTED_AMEND', accountId, orderId, amendId, quantity, cause } });
  return 'unexpected';
}

function unexpectedAmend(amend: PendingAmend | undefined, quantity: Scaled) {
  if (!amend) return 'UNKNOWN_AMEND';
  if (amend.approvalExpiresAt !== null) return 'NOT_APPROVED';
  return amend.quantity === quantity ? null : 'OTHER_QUANTITY';
}

function applyAmendRejected(
  state: BookState,
  working: WorkingOrder,
  event: OrderEvent,
  effects: Effect[],
): UpdateResult {
  const amend = amendOf(working, event);
  if (!amend) return 'unexpected';
  working.amends = working.amends.filter((other) => other !== amend);
  settle(state, working, effects);
  if (amend.approvalExpiresAt !== null) {
    effects.push(withdrawal({ working, amend }, 'the venue rejected the amend', state.now));
  }
  return 'applied';
}

/** Frees what an order holds, by hand; null where it holds nothing. */
export function release(state: BookState, { accountId, orderId, actor, reason }: ReleaseInput): Effect[] | null {
  const working = state.workingOrder(accountId, orderId);
  if (!working) return null;
  const effects: Effect[] = [];
  finish(state, working, effects, { cause: 'RELEASED', reason, actor });
  return effects;
}
