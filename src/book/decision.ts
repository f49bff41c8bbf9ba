import type { Money, Scaled } from './amount.js';
import type { CheckResult } from './check-result.js';
import type { OrderRequest } from './inputs.js';
import type { ReferenceSource } from './instrument.js';

export type Verdict = 'ACCEPT' | 'ACCEPT_WITH_WARNING' | 'PENDING_APPROVAL' | 'REJECT';
export type ControlAction = 'PAUSE_NEW_ORDERS' | 'REDUCE_POSITION' | 'REQUIRE_APPROVAL';
export type Mode = 'CHECK' | 'RESERVE';
/** Whether a decision lists every check, or the nearest to its limit alone. */
export type Detail = 'full' | 'nearest';

export interface Decision {
  readonly orderId: string;
  readonly accountId: string;
  /** Null for a cancel that names none. */
  readonly symbol: string | null;
  readonly action: OrderRequest['action'];
  readonly amendId: string | null;
  readonly mode: Mode;
  /** 2 is the outcome of an approval. */
  readonly revision: 1 | 2;
  readonly decision: Verdict;
  readonly allowOrder: boolean;
  readonly controlActions: readonly ControlAction[];
  /** Hard breaches in the order of evaluation, the primary reason first; then soft ones, then warnings. */
  readonly reasons: readonly CheckResult[];
  /** Every check that was evaluated, passed ones too; null where only the nearest was asked for. */
  readonly checks: readonly CheckResult[] | null;
  /** The evaluated check with the least headroom ÷ limit; null where none compares with a limit. */
  readonly nearest: CheckResult | null;
  readonly warnings: readonly string[];
  /** On a rejection and in mode CHECK: the largest quantity that would not be rejected. */
  readonly maxAllowedQuantity: Scaled | null;
  /** Of the account's own level, else of the nearest above that has the limit. */
  readonly valueAtRisk: {
    readonly beforeRatio: number;
    readonly afterRatio: number;
    readonly limitRatio: number;
    readonly exact: boolean;
  } | null;
  /** Set by who reserves, in the same step. */
  reservation: {
    readonly quantity: Scaled;
    readonly lockPrice: Scaled;
    readonly money: Money;
    readonly expiresAt: number | null;
  } | null;
  readonly inputs: {
    readonly referencePrice: Scaled | null;
    readonly referenceSource: ReferenceSource | null;
    readonly referenceAgeMs: number | null;
    /** How many prices of the symbol the book had seen. */
    readonly priceVersion: number | null;
    readonly positionsVersion: number | null;
    readonly limitsVersion: number | null;
  };
  readonly eventTime: number;
}
