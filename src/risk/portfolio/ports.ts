import type { Mark } from '../market/mark.js';
import type { Family } from './account-tree.js';
import type { Account, AccountInput, AccountQuery } from './accounts.schema.js';
import type { PositionsBefore, Replacement, StoredPositions } from './positions-rules.js';

/** Account tree of the store. Changes of the tree run one after the other. */
export abstract class Accounts {
  abstract find(accountId: string): Promise<Account | undefined>;
  /** Ascending by id, after `cursor`; one more than `limit` where there are more. */
  abstract list(query: AccountQuery): Promise<Account[]>;
  /** Creates or replaces. `check` sees the family while nobody else can change the tree, and throws to refuse. */
  abstract put(accountId: string, input: AccountInput, check: (family: Family) => void): Promise<Account>;
  /** Removes the account with its positions. `check` sees its family, and throws to refuse. */
  abstract delete(accountId: string, check: (family: Family) => void): Promise<void>;
}

/** Positions of the store. */
export abstract class Positions {
  abstract find(accountId: string): Promise<StoredPositions | undefined>;
  /**
   * Replaces all positions of the account in one step. `decide` sees what is stored, and the instruments of `symbols`,
   * while neither can change; what it returns is stored, what it throws leaves everything as it was.
   */
  abstract replace(
    accountId: string,
    symbols: readonly string[],
    decide: (before: PositionsBefore | undefined) => Replacement,
  ): Promise<StoredPositions>;
  /** The accounts that exist, each with everything below it, seen at one moment. */
  abstract subtrees(accountIds: readonly string[]): Promise<ReadonlyMap<string, Subtree>>;
}

export interface Subtree {
  accounts: readonly SubtreeAccount[];
  positions: readonly SubtreePosition[];
}

export interface SubtreePosition {
  symbol: string;
  /** Signed, summed over all accounts; sums of zero are left out. */
  quantity: string;
  /** Of the instrument; null where there is none. */
  multiplier: string | null;
  quote: { price: string; timestamp: string } | null;
}

export interface SubtreeAccount {
  accountId: string;
  parentId: string | null;
  currency: string;
  equity: string | null;
  positionsVersion: number;
  /** Tells an account from an earlier one of the same id. */
  createdAt: string;
}

export interface Holding {
  symbol: string;
  /** Signed. */
  quantity: string;
  multiplier: string;
  mark: Mark | null;
}

export interface Holdings {
  accountId: string;
  currency: string;
  /** Its own equity if set, else the sum of its children's; null where one is missing. */
  equity: string | null;
  positions: readonly Holding[];
  /** Another text whenever a position of the subtree, or the subtree itself, changes. */
  positionsVersion: string;
}

/** What an account holds, a desk or firm through everything below it: the input of every risk number. */
export abstract class Portfolios {
  /** Throws `account_not_found`. */
  abstract holdings(accountId: string): Promise<Holdings>;
}
