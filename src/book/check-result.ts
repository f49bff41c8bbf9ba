import { absolute, type Money, ONE, type Scaled, scaledNumber } from './amount.js';
import type { Level } from './inputs.js';

export type CheckStatus = 'PASS' | 'BREACH' | 'WARN' | 'NOT_APPLICABLE' | 'ERROR';
/** Money × 10²⁴; units, price and ratio × 10⁸; orders, seconds and fraction (a ratio of statistics) are plain numbers. */
export type Unit = 'money' | 'units' | 'price' | 'ratio' | 'fraction' | 'orders' | 'seconds' | 'none';
export type Figure = bigint | number;

/** What all results of one code share. */
export interface CheckKind {
  readonly code: string;
  /** FIX OrdRejReason, tag 103. */
  readonly fixReason: number;
  readonly unit: Unit;
  /** A soft breach asks for an approval. */
  readonly soft?: boolean;
  /** The limit is the least that passes, not the most. */
  readonly lowest?: boolean;
}

/** One check at one level. `before`, `after` and `limit` are null where the check compares nothing. */
export class CheckResult {
  constructor(
    readonly kind: CheckKind,
    readonly status: CheckStatus,
    readonly level: Level | null,
    readonly levelId: string | null,
    readonly before: Figure | null,
    readonly after: Figure | null,
    readonly limit: Figure | null,
    /** Of a ratio: what `before` and `after`, as money, are divided by. */
    readonly base: Money | null,
    readonly detail: string | null,
    /** False where `after` is a proven upper bound, which was enough to pass. */
    readonly exact = true,
  ) {}

  get code(): string {
    return this.kind.code;
  }

  get isHardBreach(): boolean {
    return this.status === 'ERROR' || (this.status === 'BREACH' && !this.kind.soft);
  }
}

/** amount ÷ base > ratio, exactly; nothing is within a ratio of no equity. */
export const exceedsRatio = (amount: Money, ratio: Scaled, base: Money): boolean =>
  base <= 0n || amount * ONE > ratio * base;

/** What is left of a limit, negative in a breach, in its own unit; a ratio of money as a number. Null without a limit. */
export function headroomOf({ kind, after, limit, base }: CheckResult): number | null {
  if (after === null || limit === null) return null;
  const used = base === null ? Number(after) : ratioNumber(after as Money, base);
  const allowed = base === null ? Number(limit) : scaledNumber(limit as Scaled);
  return kind.lowest ? used - allowed : allowed - used;
}

/** The double nearest to amount ÷ base; without a positive base, infinite like the risk. */
export const ratioNumber = (amount: Money, base: Money): number =>
  base > 0n
    ? Number(amount) / Number(base)
    : amount === 0n
      ? 0
      : Number.POSITIVE_INFINITY * Number(amount / absolute(amount));
