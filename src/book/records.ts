import type { Money, Scaled } from './amount.js';
import type { AccountInput, CloseInput, InstrumentInput, Level, NewOrder, QuoteInput, TradingState } from './inputs.js';
import type { Limits } from './limits.js';
import type { Latch } from './scope.js';
import type { PendingAmend, Terms } from './working-order.js';

/** The state of the book as plain data: what is stored, and all that a restore needs. */
export interface AccountRecord {
  readonly account: Omit<AccountInput, 'equity' | 'cash'>;
  readonly cash: Money | null;
  /** Equity − market value at every price; null without an equity of its own. */
  readonly equityBase: Money | null;
  readonly dayStartEquity: Money | null;
  readonly peakEquity: Money | null;
  readonly positionsAsOf: number | null;
  readonly positionsVersion: number;
}

export interface PositionRecord {
  readonly accountId: string;
  readonly symbol: string;
  /** Zero: flat, no longer held. */
  readonly quantity: Scaled;
  readonly averagePrice: Scaled | null;
}

export interface WorkingRecord {
  readonly order: NewOrder;
  readonly terms: Terms;
  readonly amends: readonly PendingAmend[];
  readonly decidedAt: number;
}

export interface ExecutionRecord {
  readonly accountId: string;
  readonly orderId: string;
  readonly filled: Scaled;
  /** Exec id and content of each, by id. */
  readonly fills: readonly (readonly [execId: string, content: string])[];
  readonly at: number;
}

export interface ScopeRecord {
  readonly level: Level;
  readonly id: string;
  readonly limits: Limits;
  readonly limitsVersion: number;
  readonly state: TradingState;
  readonly latches: readonly Latch[];
  /** Orders of the last second: pairs of time and count. */
  readonly rate: readonly (readonly [number, number])[];
}

export interface ContentRecord {
  readonly accountId: string;
  readonly content: string;
  readonly rate: readonly (readonly [number, number])[];
}

export interface SymbolRecord {
  readonly symbol: string;
  readonly instrument: InstrumentInput | null;
  readonly quote: QuoteInput | null;
  readonly close: CloseInput | null;
  /** How many prices it had. */
  readonly priceVersion: number;
}

export interface BookRecords {
  readonly now: number;
  /** Number of the session, days since 1970 moved by its start; null before the first event. */
  readonly session: number | null;
  readonly accounts: readonly AccountRecord[];
  readonly symbols: readonly SymbolRecord[];
  readonly scopes: readonly ScopeRecord[];
  readonly positions: readonly PositionRecord[];
  readonly working: readonly WorkingRecord[];
  readonly executions: readonly ExecutionRecord[];
  readonly contents: readonly ContentRecord[];
}

export { bytesOf } from './bytes.js';
