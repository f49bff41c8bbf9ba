import type { Money } from '../amount.js';
import { type CheckResult, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';
import type { Scope } from '../scope.js';
import type { Totals } from '../totals.js';

const NET_EXPOSURE = { code: 'NET_EXPOSURE', fixReason: 20, unit: 'money' } as const;

/** The larger of |all buys filled| and |all sells filled|; over its limit an order may still lower it, never raise it. */
export const netExposure: OrderCheck = {
  name: 'net-exposure',
  dependsOnQuantity: true,
  run(facts, results) {
    if (!facts.isPriced) return;
    const { instrument, path, order } = facts;
    for (const node of path) {
      compare(facts, results, { scope: node, totals: node.totals, limit: node.limits.maxNetExposure });
      const limit = node.limits.symbols?.[order.symbol]?.maxNetExposure;
      if (limit !== undefined) compare(facts, results, { scope: node, totals: facts.symbolSums(node), limit });
    }
    const limit = instrument?.limits.maxNetExposure;
    if (limit !== undefined) compare(facts, results, { scope: instrument!, totals: instrument!.totals, limit });
  },
};

interface Compared {
  scope: Scope;
  totals: Totals;
  limit: Money | undefined;
}

function compare(facts: OrderFacts, results: CheckResult[], { scope, totals, limit }: Compared): void {
  if (limit === undefined) return;
  const before = totals.net();
  const after = totals.net(facts.buysAdded, facts.sellsAdded);
  const status = after > limit && after > before ? 'BREACH' : 'PASS';
  results.push(measured(NET_EXPOSURE, scope, status, { before, after, limit }));
}
