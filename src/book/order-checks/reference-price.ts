import { PRICE_AGE_MS_MAX } from '../limits.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';
import type { Report } from '../report.js';
import { unpricedHoldings } from '../unknown-holdings.js';

const NO_REFERENCE_PRICE = { code: 'NO_REFERENCE_PRICE', fixReason: 19, unit: 'none' } as const;
const STALE_PRICE = { code: 'STALE_PRICE', fixReason: 19, unit: 'seconds' } as const;

/**
 * Without any price nothing passes. The previous close serves reductions only, and so does a stale quote; they pass with
 * a warning. Where something of the account has no price at all, its exposure is unknown: nothing opens.
 */
export const referencePrice: OrderCheck = {
  name: 'reference-price',
  dependsOnQuantity: true,
  run(facts, report) {
    const { instrument, reference, opens, order } = facts;
    if (!instrument) return;
    const refused = opens ? 'BREACH' : 'WARN';
    if (!reference) {
      report.state(NO_REFERENCE_PRICE, 'BREACH', instrument, `${order.symbol} has no price`);
      return;
    }
    const isClose = reference.source === 'PREVIOUS_CLOSE';
    const closeDetail = isClose ? `${order.symbol} has no quote, only its previous close` : null;
    report.state(NO_REFERENCE_PRICE, isClose ? refused : 'PASS', instrument, closeDetail);
    for (const node of facts.path) {
      if (node.unpricedCount === 0) continue;
      report.state(NO_REFERENCE_PRICE, refused, node, `there is none at all of ${unpricedHoldings(node)}`);
    }
    if (!isClose) staleness(facts, reference.asOf, report);
  },
};

function staleness(facts: OrderFacts, asOf: number, report: Report): void {
  const { instrument, limits, now, opens } = facts;
  const ageMs = Math.max(now - asOf, 0);
  const limitMs = limits.priceAgeMs?.limit ?? PRICE_AGE_MS_MAX;
  const status = ageMs <= limitMs ? 'PASS' : opens ? 'BREACH' : 'WARN';
  const figures = { before: null, after: ageMs / 1000, limit: limitMs / 1000 };
  report.number(STALE_PRICE, status, limits.priceAgeMs ? facts.level(limits.priceAgeMs) : instrument!, figures);
}
