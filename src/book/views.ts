import type { Scaled } from './amount.js';
import type { BookState } from './book-state.js';
import type { WorkingRecord } from './records.js';
import { inOrder, workingRecord } from './reservations.js';

/** A working order and how much of it is filled. */
export interface WorkingView extends WorkingRecord {
  readonly filled: Scaled;
  readonly openQuantity: Scaled;
}

/** Working orders of an account, or of everybody below a desk or firm; by account and order id. */
export function workingOrders(state: BookState, accountId: string): WorkingView[] {
  const node = state.accounts.get(accountId);
  if (!node) return [];
  const below = [...state.accounts.values()].filter(({ path }) => path.includes(node));
  const orders = below.flatMap((account) => [...state.ordersOf(account).working.values()]);
  return inOrder(orders).map((working) => ({
    ...workingRecord(working),
    filled: working.filled,
    openQuantity: working.openQuantity(),
  }));
}

/** Orders that wait for an approval, of themselves or of an amend; by account and order id. */
export const pendingApprovals = (state: BookState): WorkingRecord[] => inOrder(state.pending).map(workingRecord);
