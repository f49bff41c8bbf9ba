import { Amount, type Money, ONE, ROUNDING } from './amount.js';
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

/** A figure as it is measured: an amount until somebody wants its integer. */
export type Measure = Amount | number;

/** One check at one level. `before`, `after` and `limit` are null where the check compares nothing. */
export class CheckResult {
  readonly measured: {
    readonly before: Measure | null;
    readonly after: Measure | null;
    readonly limit: Measure | null;
    /** Of a ratio: what `before` and `after`, as money, are divided by. */
    readonly base: Amount | null;
  };

  constructor(
    readonly kind: CheckKind,
    readonly status: CheckStatus,
    readonly level: Level | null,
    readonly levelId: string | null,
    before: Measure | Figure | null,
    after: Measure | Figure | null,
    limit: Measure | Figure | null,
    base: Amount | Money | null,
    readonly detail: string | null,
    /** False where `after` is a proven upper bound, which was enough to pass. */
    readonly exact = true,
  ) {
    this.measured = { before: measure(before), after: measure(after), limit: measure(limit), base: amountOf(base) };
  }

  get code(): string {
    return this.kind.code;
  }

  get before(): Figure | null {
    return figure(this.measured.before);
  }

  get after(): Figure | null {
    return figure(this.measured.after);
  }

  get limit(): Figure | null {
    return figure(this.measured.limit);
  }

  get base(): Money | null {
    return this.measured.base?.exact ?? null;
  }

  get isHardBreach(): boolean {
    return this.status === 'ERROR' || (this.status === 'BREACH' && !this.kind.soft);
  }

  /** The same bytes for the same result, whoever has looked at its integers. */
  toJSON(): object {
    const { kind, status, level, levelId, before, after, limit, base, detail, exact } = this;
    return { kind, status, level, levelId, before, after, limit, base, detail, exact };
  }
}

const amountOf = (value: Amount | bigint | null): Amount | null =>
  typeof value === 'bigint' ? new Amount(value) : value;
const measure = (value: Measure | Figure | null): Measure | null =>
  typeof value === 'number' ? value : amountOf(value);
const figure = (value: Measure | null): Figure | null => (value instanceof Amount ? value.exact : value);

/** The double nearest to a measure. */
export const near = (value: Measure): number => (typeof value === 'number' ? value : value.near);

/** amount ÷ base > ratio, exactly; nothing is within a ratio of no equity. */
export function exceedsRatio(amount: Amount, ratio: Amount, base: Amount): boolean {
  if (!base.isPositive) return true;
  const [left, right] = [amount.near * 1e8, ratio.near * base.near];
  if (Math.abs(left - right) > ROUNDING * (Math.abs(left) + Math.abs(right))) return left > right;
  return amount.exact * ONE > ratio.exact * base.exact;
}

/** What is left of a limit, negative in a breach, in its own unit; a ratio of money as a number. Null without a limit. */
export function headroomOf({ kind, measured: { after, limit, base } }: CheckResult): number | null {
  if (after === null || limit === null) return null;
  const used = base === null ? near(after) : ratioNumber(near(after), base.near);
  const allowed = base === null ? near(limit) : near(limit) / 1e8;
  return kind.lowest ? used - allowed : allowed - used;
}

/** amount ÷ base in doubles; without a positive base, infinite like the risk. */
export function ratioNumber(amount: number, base: number): number {
  if (base > 0) return amount / base;
  return amount === 0 ? 0 : Math.sign(amount) * Number.POSITIVE_INFINITY;
}
