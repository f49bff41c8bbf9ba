import { absolute, type Money, ONE, type Scaled } from './amount.js';
import type { Level } from './inputs.js';
import type { Scope } from './scope.js';

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

/** A check that has nothing to measure. */
export function plainResult(kind: CheckKind, status: CheckStatus, scope: Scope | null, detail: string | null = null) {
  return new CheckResult(kind, status, scope?.level ?? null, scope?.id ?? null, null, null, null, null, detail);
}

/** A check that compares a figure with a limit. */
export function measured(
  kind: CheckKind,
  scope: Scope,
  status: CheckStatus,
  figures: { before: Figure | null; after: Figure; limit: Figure; base?: Money },
): CheckResult {
  const { before, after, limit, base } = figures;
  return new CheckResult(kind, status, scope.level, scope.id, before, after, limit, base ?? null, null);
}

/** amount ÷ base > ratio, exactly; nothing is within a ratio of no equity. */
export const exceedsRatio = (amount: Money, ratio: Scaled, base: Money): boolean =>
  base <= 0n || amount * ONE > ratio * base;

/** Headroom ÷ limit, for the order of results: negative in a breach, least first. A limit of zero has none. */
export function relativeHeadroom({ after, limit, base }: CheckResult): number | null {
  if (after === null || limit === null) return null;
  const observed = base === null ? Number(after) : ratioNumber(after as Money, base) * 1e8;
  const allowed = Number(limit);
  if (allowed === 0) return observed > 0 ? Number.NEGATIVE_INFINITY : 0;
  return (allowed - observed) / Math.abs(allowed);
}

/** The double nearest to amount ÷ base; without a positive base, infinite like the risk. */
export const ratioNumber = (amount: Money, base: Money): number =>
  base > 0n
    ? Number(amount) / Number(base)
    : amount === 0n
      ? 0
      : Number.POSITIVE_INFINITY * Number(amount / absolute(amount));

/** The result with the least headroom for its limit. */
export function nearestCheck(results: readonly CheckResult[]): CheckResult | null {
  let nearest: CheckResult | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const result of results) {
    const headroom = relativeHeadroom(result);
    if (headroom === null || headroom >= least) continue;
    nearest = result;
    least = headroom;
  }
  return nearest;
}
