import type { Amount } from './amount.js';
import type { CheckKind, CheckStatus, Figure } from './check-result.js';
import type { Level } from './inputs.js';
import type { Totals } from './totals.js';

/** Plain numbers; null where one is not known. */
export interface Figures {
  readonly before: number | null;
  readonly after: number | null;
  readonly limit: number;
}

/** Who sets a limit; as a `Scope`, or by its name where the book knows none. */
export interface LevelName {
  readonly level: Level;
  readonly id: string;
}

export interface RatioOf {
  readonly before: Amount;
  readonly added: Amount;
  readonly base: Amount;
}

export interface More {
  readonly detail?: string | null;
  /** False for a proven upper bound. */
  readonly exact?: boolean;
}

/**
 * What a check says of each level that limits an order. It names what is compared with what; the one who reads it
 * compares doubles where they are proof enough (`Screen`), or exact integers (`CheckResults`).
 */
export interface Report {
  /** Nothing is compared with a limit. */
  state(
    kind: CheckKind,
    status: CheckStatus,
    scope: LevelName | null,
    detail?: string | null,
    after?: Figure | null,
  ): void;
  /** Counts, seconds, ratios of statistics: the check has compared them. */
  number(kind: CheckKind, status: CheckStatus, scope: LevelName | null, figures: Figures, more?: More): void;
  /** before + added against the limit: a breach where it is beyond and `binds`. */
  sum(kind: CheckKind, scope: LevelName, limit: Amount, added: Amount, before?: Amount | null, binds?: boolean): void;
  /** (before + added) ÷ base against the limit: a breach where it is beyond and `binds`. */
  ratio(kind: CheckKind, scope: LevelName, limit: Amount, of: RatioOf, binds: boolean): void;
  /** Net exposure with more buys and sells: a breach where it is beyond the limit and larger than before. */
  net(kind: CheckKind, scope: LevelName, limit: Amount, sums: Totals, buys: Amount, sells: Amount): void;
}
