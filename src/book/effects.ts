import type { Money, Scaled } from './amount.js';
import type { CheckResult } from './check-result.js';
import type { Decision } from './decision.js';
import type { Fill, Level, TradingState } from './inputs.js';
import type { AccountRecord, PositionRecord, WorkingRecord } from './records.js';
import type { Latch } from './scope.js';

/** Why an order holds nothing any more. */
export type DoneCause = 'FILLED' | 'CANCELLED' | 'REJECTED' | 'EXPIRED' | 'SESSION_END' | 'RELEASED' | 'APPROVAL_ENDED';

/** What an input changed, as data. Storing the records of all effects in order keeps the database equal to the book. */
export type Effect =
  | { readonly kind: 'WORKING'; readonly order: WorkingRecord }
  | {
      readonly kind: 'DONE';
      readonly accountId: string;
      readonly orderId: string;
      readonly cause: DoneCause;
      readonly reason: string | null;
      readonly actor: string | null;
    }
  | {
      readonly kind: 'EXECUTION';
      readonly fill: Fill;
      /** False where a snapshot contained it already. */
      readonly movedPosition: boolean;
      /** Filled of the order with this one. */
      readonly filled: Scaled;
      readonly at: number;
    }
  | { readonly kind: 'POSITION'; readonly position: PositionRecord }
  | { readonly kind: 'ACCOUNT'; readonly account: AccountRecord }
  | {
      readonly kind: 'STATE';
      readonly level: Level;
      readonly id: string;
      readonly state: TradingState;
      readonly latches: readonly Latch[];
      readonly reason: string;
      readonly actor: string | null;
    }
  /** A new revision of a decision that no caller waits for: an approval has expired, or is needed no more. */
  | { readonly kind: 'DECISION'; readonly decision: Decision }
  | { readonly kind: 'ALERT'; readonly alert: BookAlert };

export type BookAlert =
  | {
      readonly code: 'LIMIT_BREACH';
      readonly accountId: string;
      readonly orderId: string;
      readonly symbol: string | null;
      readonly reason: CheckResult;
    }
  | {
      readonly code: 'LATCH';
      readonly latch: Latch;
      readonly level: Level;
      readonly id: string;
      readonly loss: Money;
      readonly limit: bigint;
    }
  | {
      readonly code: 'KILL_SWITCH';
      readonly level: Level;
      readonly id: string;
      readonly reason: string;
      readonly actor: string;
    }
  | {
      readonly code: 'UNEXPECTED_FILL';
      readonly fill: Fill;
      readonly cause:
        | 'UNKNOWN_ACCOUNT'
        | 'UNKNOWN_ORDER'
        | 'OTHER_TERMS'
        | 'OVERFILL'
        | 'NOT_APPROVED'
        | 'OTHER_CONTENT';
    }
  | {
      readonly code: 'UNEXPECTED_AMEND';
      readonly accountId: string;
      readonly orderId: string;
      readonly amendId: string | null;
      /** The total that works now. */
      readonly quantity: Scaled;
      readonly cause: 'UNKNOWN_AMEND' | 'NOT_APPROVED' | 'OTHER_QUANTITY';
    };
