import { expireApprovals } from './approvals.js';
import type { BookNode } from './book-node.js';
import type { BookState } from './book-state.js';
import type { Effect } from './effects.js';
import { DAY_MS } from './limits.js';
import { latchesDue, lossesOf } from './losses.js';
import { finish, inOrder } from './reservations.js';

/** How long fills of an order that is done are remembered. */
const EXECUTION_TTL_MS = DAY_MS;

/** What time alone changes: sessions begin, approvals expire. Every binding input begins with it. */
export function advance(state: BookState, now: number, effects: Effect[]): void {
  state.now = state.timeOf(now);
  state.revalue();
  if (state.pending.size > 0) expireApprovals(state, state.now, effects);
  const session = Math.floor((state.now - state.settings.sessionStartMs) / DAY_MS);
  if (session === state.session) return;
  const isFirst = state.session === null;
  state.session = session;
  if (!isFirst) startSession(state, effects);
}

function startSession(state: BookState, effects: Effect[]): void {
  const held = [...state.accounts.values()].flatMap((node) => [...state.ordersOf(node).working.values()]);
  for (const order of inOrder(held)) {
    if (order.order.timeInForce === 'DAY') finish(state, order, effects, { cause: 'SESSION_END' });
  }
  state.dropEmpty();
  for (const node of state.accounts.values()) {
    node.dayStartEquity = node.equity;
    node.equityMoved();
    if (node.equity !== null) state.accountChanged(node);
  }
  for (const node of state.accounts.values()) {
    const { working, executions } = state.ordersOf(node);
    for (const [orderId, { at }] of executions) {
      if (at < state.now - EXECUTION_TTL_MS && !working.has(orderId)) executions.delete(orderId);
    }
  }
}

/** Peaks and latches of some nodes; at each order those of its path, each second all. */
export function watchLosses(state: BookState, nodes: Iterable<BookNode>, effects: Effect[]): void {
  for (const node of nodes) {
    if (node.isWatched) continue;
    const { equity, peakEquity } = node;
    if (equity !== null && (peakEquity === null || equity > peakEquity)) {
      node.peakEquity = equity;
      node.equityMoved();
      state.accountChanged(node);
    }
    node.isWatched = true;
    const { maxDailyLoss, maxDrawdownRatio } = node.limits;
    if (maxDailyLoss === undefined && maxDrawdownRatio === undefined) continue;
    for (const latch of latchesDue(node)) {
      node.latches = [...node.latches, latch].sort();
      const isDay = latch === 'DAILY_LOSS';
      const { day, fall } = lossesOf(node)!;
      const loss = (isDay ? day! : fall!.loss).exact;
      const limit = isDay ? maxDailyLoss! : maxDrawdownRatio!;
      const { level, id, state: set, latches } = node;
      effects.push({ kind: 'STATE', level, id, state: set, latches, reason: `latched by ${latch}`, actor: null });
      effects.push({ kind: 'ALERT', alert: { code: 'LATCH', latch, level, id, loss, limit } });
    }
  }
}

/** Each second: losses are watched where no order comes, and what no window needs any more is forgotten. */
export function tick(state: BookState, effects: Effect[]): void {
  watchLosses(state, state.accounts.values(), effects);
  for (const { contents } of state.accounts.values()) {
    for (const [content, count] of contents) if (count.count(state.now) === 0) contents.delete(content);
  }
}
