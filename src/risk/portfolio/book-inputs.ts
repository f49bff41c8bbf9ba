import { money, scaled } from '../../book/amount.js';
import type { AccountInput as BookAccount, Snapshot } from '../../book/inputs.js';
import type { Account } from './accounts.schema.js';
import type { StoredPositions } from './positions-rules.js';

/** What was stored, in the words and numbers of the book. */

export function bookAccount(account: Account): BookAccount {
  const { account_id, parent_id, kind, account_type, currency, equity, cash } = account;
  return {
    accountId: account_id,
    parentId: parent_id,
    kind,
    accountType: account_type,
    currency,
    equity: equity === null ? null : money(equity),
    cash: cash === null ? null : money(cash),
  };
}

export function bookSnapshot({ accountId, asOf, positions }: StoredPositions): Snapshot {
  return {
    accountId,
    asOf: asOf!.getTime(),
    positions: positions.map(({ symbol, quantity, averagePrice }) => ({
      symbol,
      quantity: scaled(quantity),
      averagePrice: averagePrice === null ? null : scaled(averagePrice),
    })),
  };
}
