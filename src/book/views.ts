import type { Scaled } from './amount.js';
import type { BookState } from './book-state.js';
import type { WorkingRecord } from './records.js';
import { inOrder, placeOf, workingRecord } from './reservations.js';
import type { WorkingOrder } from './working-order.js';

/** A working order and how much of it is filled. */
export interface WorkingView extends WorkingRecord {
  readonly filled: Scaled;
  readonly openQuantity: Scaled;
}

/** A part of a list: what comes behind the order of that place, at most so many. */
export interface WorkingPage {
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** Working orders of an account, or of everybody below a desk or firm; by account and order id. */
export function workingOrders(
  state: BookState,
  accountId: string,
  { after = '', limit = Number.POSITIVE_INFINITY }: WorkingPage = {},
): WorkingView[] {
  const node = state.accounts.get(accountId);
  if (!node) return [];
  const below = [...state.accounts.values()].filter(({ path }) => path.includes(node));
  const found: WorkingOrder[] = [];
  for (const account of below.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (found.length >= limit) break;
    const behind = [...state.ordersOf(account).working.values()].filter(({ order }) => placeOf(order) > after);
    for (const working of inOrder(behind)) found.push(working);
  }
  return found.slice(0, limit).map((working) => ({
    ...workingRecord(working),
    filled: working.filled,
    openQuantity: working.openQuantity(),
  }));
}

/** Orders that wait for an approval, of themselves or of an amend; by account and order id. */
export const pendingApprovals = (state: BookState): WorkingRecord[] => inOrder(state.pending).map(workingRecord);
