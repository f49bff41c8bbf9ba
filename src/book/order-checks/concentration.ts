import type { Scaled } from '../amount.js';
import type { BookNode } from '../book-node.js';
import { type CheckResult, exceedsRatio, measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';

const CONCENTRATION = { code: 'CONCENTRATION', fixReason: 20, unit: 'ratio' } as const;

/** Symbol exposure ÷ equity. Without positive equity only reductions pass. */
export const concentration: OrderCheck = {
  name: 'concentration',
  dependsOnQuantity: true,
  run(facts, results) {
    const { account, order, path } = facts;
    if (!account || !facts.isPriced) return;
    let isSet = false;
    for (const node of path) {
      const limit = node.limitsFor(order.symbol).maxPositionRatio;
      if (limit === undefined) continue;
      isSet = true;
      compare(facts, results, node, limit);
    }
    if (!isSet) compare(facts, results, account, facts.context.settings.maxPositionRatio);
  },
};

function compare(facts: OrderFacts, results: CheckResult[], node: BookNode, limit: Scaled): void {
  const base = node.equity;
  if (base === null) return;
  const before = facts.symbolSums(node).gross;
  const after = before + facts.grossAdded;
  const status = facts.opens && exceedsRatio(after, limit, base) ? 'BREACH' : 'PASS';
  results.push(measured(CONCENTRATION, node, status, { before, after, limit, base }));
}
