import type { Money, Scaled } from './amount.js';
import type { Limits } from './limits.js';

/**
 * What the book is told. Every input is plain data, parsed at the edge; the time of the event is given beside it, in ms
 * since 1970 by the clock of the one owner. `timestamp` inside an input is the sender's own time.
 */
export type Side = 'BUY' | 'SELL';
export type OrderType = 'LIMIT' | 'MARKET';
export type TimeInForce = 'DAY' | 'GTC';
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';
export type AccountKind = 'FIRM' | 'DESK' | 'ACCOUNT';
export type Level = AccountKind | 'TRADER' | 'INSTRUMENT';

interface OrderTerms {
  orderId: string;
  accountId: string;
  traderId: string | null;
  symbol: string;
  side: Side;
  /** Of an AMEND the new total, filled part included. */
  quantity: Scaled;
  type: OrderType;
  /** The limit; null for a market order. */
  price: Scaled | null;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  timestamp: number | null;
  /** Who sent it, where that is known; he may not approve it. */
  submitter: string | null;
}

export interface NewOrder extends OrderTerms {
  action: 'NEW';
}

export interface AmendOrder extends OrderTerms {
  action: 'AMEND';
  amendId: string;
}

export interface CancelOrder {
  action: 'CANCEL';
  orderId: string;
  accountId: string;
  traderId: string | null;
  symbol: string | null;
}

/** What is checked; a cancel is not. */
export type CheckedOrder = NewOrder | AmendOrder;
export type OrderRequest = CheckedOrder | CancelOrder;

export type UpdateStatus =
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'AMENDED'
  | 'AMEND_REJECTED'
  | 'CANCELLED'
  | 'REJECTED'
  | 'EXPIRED';

interface UpdateOf {
  orderId: string;
  accountId: string;
  timestamp: number;
}

export interface Fill extends UpdateOf {
  status: 'PARTIALLY_FILLED' | 'FILLED';
  /** Unique per order. */
  execId: string;
  symbol: string;
  side: Side;
  /** Of this fill, not the sum. */
  quantity: Scaled;
  price: Scaled;
}

export interface OrderEvent extends UpdateOf {
  status: Exclude<UpdateStatus, Fill['status']>;
  /** Which amend the venue speaks of; the oldest pending one where it does not say. */
  amendId?: string | null;
  /** Of AMENDED: the new total, filled part included. */
  quantity?: Scaled | null;
}

export type OrderUpdate = Fill | OrderEvent;

export interface QuoteInput {
  symbol: string;
  price: Scaled;
  bid: Scaled | null;
  ask: Scaled | null;
  timestamp: number;
}

/** Last stored close; it values positions and serves reductions where there is no quote. */
export interface CloseInput {
  symbol: string;
  price: Scaled;
  timestamp: number;
}

export interface InstrumentInput {
  symbol: string;
  currency: string;
  multiplier: Scaled;
  tickSize: Scaled | null;
  lotSize: Scaled | null;
  adv: Scaled | null;
  halted: boolean;
  allowNegativePrice: boolean;
}

export interface AccountInput {
  accountId: string;
  parentId: string | null;
  kind: AccountKind;
  accountType: 'CASH' | 'MARGIN';
  currency: string;
  /** A number sets the equity as of now; null takes it away; undefined leaves what is there. */
  equity?: Money | null;
  cash?: Money | null;
}

/** All positions of an account as of a time; a symbol that is not named is flat. */
export interface Snapshot {
  accountId: string;
  asOf: number;
  positions: readonly { symbol: string; quantity: Scaled; averagePrice: Scaled | null }[];
}

export interface LimitsInput {
  level: Level;
  id: string;
  limits: Limits;
  version: number;
}

export interface TradingStateInput {
  level: Level;
  id: string;
  state: TradingState;
  reason: string;
  actor: string;
}

/** Daily returns of each symbol over one window, oldest first; a symbol without a full history is left out. */
export interface ScenariosInput {
  observationCount: number;
  /** Time of the last day of the window. */
  asOf: number;
  returns: ReadonlyMap<string, Float64Array>;
}

/** Names a held decision: a new order, or one amend of it. */
export interface ApprovalInput {
  accountId: string;
  orderId: string;
  amendId: string | null;
  actor: string;
  reason: string;
}

export interface ReleaseInput {
  accountId: string;
  orderId: string;
  actor: string;
  reason: string;
}
