import type { Money } from '../amount.js';
import { type CheckResult, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';
import type { Scope } from '../scope.js';
import type { Totals } from '../totals.js';

const GROSS_EXPOSURE = { code: 'GROSS_EXPOSURE', fixReason: 20, unit: 'money' } as const;

/** Σ over symbols and accounts of the symbol exposures with working orders: nothing nets. */
export const grossExposure: OrderCheck = {
  name: 'gross-exposure',
  dependsOnQuantity: true,
  run(facts, results) {
    if (!facts.isPriced) return;
    const { instrument, path, order } = facts;
    for (const node of path) {
      compare(facts, results, { scope: node, totals: node.totals, limit: node.limits.maxGrossExposure });
      const limit = node.limits.symbols?.[order.symbol]?.maxGrossExposure;
      if (limit !== undefined) compare(facts, results, { scope: node, totals: facts.symbolSums(node), limit });
    }
    const limit = instrument?.limits.maxGrossExposure;
    if (limit !== undefined) compare(facts, results, { scope: instrument!, totals: instrument!.totals, limit });
  },
};

interface Compared {
  scope: Scope;
  totals: Totals;
  limit: Money | undefined;
}

function compare({ grossAdded, opens }: OrderFacts, results: CheckResult[], { scope, totals, limit }: Compared): void {
  if (limit === undefined) return;
  const before = totals.gross;
  const after = before + grossAdded;
  const status = opens && after > limit ? 'BREACH' : 'PASS';
  results.push(measured(GROSS_EXPOSURE, scope, status, { before, after, limit }));
}
