import { CheckResult, plainResult } from '../check-result.js';
import { PRICE_AGE_MS_MAX } from '../limits.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';

const NO_REFERENCE_PRICE = { code: 'NO_REFERENCE_PRICE', fixReason: 19, unit: 'none' } as const;
const STALE_PRICE = { code: 'STALE_PRICE', fixReason: 19, unit: 'seconds' } as const;

/**
 * Without any price nothing passes. The previous close serves reductions only, and so does a stale quote; they pass with
 * a warning. Where something of the account has no price at all, its exposure is unknown: nothing opens.
 */
export const referencePrice: OrderCheck = {
  name: 'reference-price',
  dependsOnQuantity: true,
  run(facts, results) {
    const { instrument, reference, opens, order } = facts;
    if (!instrument) return;
    const refused = opens ? 'BREACH' : 'WARN';
    if (!reference) {
      results.push(plainResult(NO_REFERENCE_PRICE, 'BREACH', instrument, `${order.symbol} has no price`));
      return;
    }
    const isClose = reference.source === 'PREVIOUS_CLOSE';
    const closeDetail = isClose ? `${order.symbol} has no quote, only its previous close` : null;
    results.push(plainResult(NO_REFERENCE_PRICE, isClose ? refused : 'PASS', instrument, closeDetail));
    for (const node of facts.path) {
      if (node.unpricedCount === 0) continue;
      const detail = `${node.unpricedCount} holdings have no price at all`;
      results.push(plainResult(NO_REFERENCE_PRICE, refused, node, detail));
    }
    if (!isClose) results.push(staleness(facts, reference.asOf));
  },
};

function staleness(facts: OrderFacts, asOf: number): CheckResult {
  const ageMs = Math.max(facts.now - asOf, 0);
  let limitMs: number | undefined;
  let level: OrderFacts['scopes'][number] | undefined;
  for (const scope of facts.scopes) {
    const own = scope.limitsFor(facts.order.symbol).maxPriceAgeMs;
    if (own === undefined || (limitMs !== undefined && own >= limitMs)) continue;
    limitMs = own;
    level = scope;
  }
  limitMs ??= PRICE_AGE_MS_MAX;
  const status = ageMs <= limitMs ? 'PASS' : facts.opens ? 'BREACH' : 'WARN';
  const { level: name, id } = level ?? facts.instrument!;
  return new CheckResult(STALE_PRICE, status, name, id, null, ageMs / 1000, limitMs / 1000, null, null);
}
