import { floorDiv, type Scaled, smaller } from './amount.js';
import type { CheckResult } from './check-result.js';
import { CheckResults } from './check-results.js';
import { ORDER_CHECKS } from './order-checks.js';
import type { OrderFacts } from './order-facts.js';
import { Screen } from './screen.js';

const QUANTITY_CHECKS = ORDER_CHECKS.filter(({ dependsOnQuantity }) => dependsOnQuantity);
const FIXED_CHECKS = ORDER_CHECKS.filter(({ dependsOnQuantity }) => !dependsOnQuantity);

/**
 * The largest quantity in whole lots that would not be rejected; zero where none would pass, and at least its own where
 * the order itself passes. It is found by running the checks themselves: the answer passes and one lot more does not.
 * Each failed try proposes the next: where a breach grows in proportion to the quantity, the second proposal is the
 * answer. VaR and net exposure may fall and rise with the quantity; where they do, a larger quantity beyond a gap is not
 * looked for.
 */
export function maxAllowedQuantity(facts: OrderFacts, passes: boolean): Scaled | null {
  const lot = facts.instrument?.spec?.lotSize ?? 1n;
  const atMost = largestOrder(facts);
  if (atMost === null || !facts.account || !facts.instrument) return null;
  if (!passes && hardBreaches(facts, FIXED_CHECKS).length > 0) return 0n;
  let passing = passes ? facts.order.quantity / lot : 0n;
  let failing = atMost / lot;
  if (failing <= passing) return passing * lot;
  let found = breaches(facts, failing * lot);
  if (found.length === 0) return failing * lot;
  if (!passes) {
    if (failing === 1n || breaches(facts, lot).length > 0) return 0n;
    passing = 1n;
  }
  for (let tries = 0; failing - passing > 1n; tries++) {
    const half = (passing + failing) / 2n;
    // A proposal that creeps is left for the middle now and then.
    const proposed = tries % 3 === 2 ? half : proposal(found, { passing, failing });
    const results = breaches(facts, proposed * lot);
    if (results.length > 0) {
      failing = proposed;
      found = results;
      continue;
    }
    passing = proposed;
    if (failing - passing === 1n) break;
    const next = breaches(facts, (passing + 1n) * lot);
    if (next.length > 0) break;
    passing += 1n;
  }
  return passing * lot;
}

/** The hard limit on the size of an order, which is mandatory; null without one. */
function largestOrder({ limits }: OrderFacts): Scaled | null {
  let least: Scaled | null = null;
  for (const { limit } of limits.orderQuantity) least = least === null ? limit.exact : smaller(least, limit.exact);
  return least;
}

const breaches = (facts: OrderFacts, quantity: Scaled): CheckResult[] =>
  hardBreaches(facts.withQuantity(quantity), QUANTITY_CHECKS);

/** Most of what is tried passes nearly every check, which doubles prove. */
function hardBreaches(facts: OrderFacts, checks: typeof ORDER_CHECKS): CheckResult[] {
  const results = new CheckResults();
  for (const place of Screen.of(facts, checks).doubtful) checks[place]!.run(facts, results);
  return results.list.filter(({ isHardBreach }) => isHardBreach);
}

/** Where the straight line through `before` and `after` meets the limit, for the breach where it does so first. */
function proposal(found: readonly CheckResult[], { passing, failing }: { passing: bigint; failing: bigint }): bigint {
  let least = failing - 1n;
  for (const { before, after, limit, base } of found) {
    if (typeof after !== 'bigint' || typeof limit !== 'bigint') continue;
    const start = typeof before === 'bigint' ? before : 0n;
    const allowed = base === null ? limit : (limit * base) / 100_000_000n;
    if (after <= start) continue;
    least = smaller(least, floorDiv(failing * (allowed - start), after - start));
  }
  return least <= passing ? passing + 1n : least;
}
