import type { TradingState } from '../../book/inputs.js';
import type { Latch } from '../../book/scope.js';
import type { Target } from './level.js';
import type { ChangeQuery, Limits } from './limits.schema.js';
import type { TradingStateQuery } from './trading-states.schema.js';

export interface StoredLimits {
  readonly version: number;
  readonly limits: Limits;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

export interface StoredLimitChange {
  /** Rises with every change of any level. */
  readonly changeId: number;
  readonly version: number;
  readonly before: Limits | null;
  readonly after: Limits;
  readonly actor: string;
  readonly changedAt: Date;
}

/** Limits of the store, by level. */
export abstract class LimitStore {
  abstract find(target: Target): Promise<StoredLimits | undefined>;
  /**
   * Replaces all limits of the level and writes the change down, in one step. `check` sees the stored version, 0 for
   * none, while nobody else can change it, and throws to refuse.
   */
  abstract put(
    target: Target,
    change: { limits: Limits; actor: string },
    check: (version: number) => void,
  ): Promise<StoredLimits>;
  /** Newest first, before `cursor`; one more than `limit` where there are more. */
  abstract changes(target: Target, query: ChangeQuery): Promise<StoredLimitChange[]>;
}

export interface StoredTradingState extends Target {
  readonly state: TradingState;
  readonly latches: readonly Latch[];
  readonly reason: string;
  readonly version: number;
  readonly updatedAt: Date;
  /** Null where a loss did it. */
  readonly updatedBy: string | null;
}

export interface StoredTradingStateChange {
  readonly changeId: number;
  readonly version: number;
  readonly before: TradingState | null;
  readonly state: TradingState;
  readonly latches: readonly Latch[];
  readonly reason: string;
  readonly actor: string | null;
  readonly changedAt: Date;
}

/** Trading states of the store; what changes them is the book. */
export abstract class TradingStateStore {
  abstract find(target: Target): Promise<StoredTradingState | undefined>;
  /** Everything that is not ACTIVE or is latched, from the firms down, after `cursor`; one more than `limit` where there are more. */
  abstract restricted(query: TradingStateQuery): Promise<StoredTradingState[]>;
  /** Newest first, before `cursor`; one more than `limit` where there are more. */
  abstract changes(target: Target, query: ChangeQuery): Promise<StoredTradingStateChange[]>;
}
