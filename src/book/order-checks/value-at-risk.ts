import type { NodeRisk } from '../node-risk.js';
import type { OrderCheck } from '../order-check.js';
import type { OrderFacts } from '../order-facts.js';
import { hasHistory } from '../var-limits.js';

export const VAR_LIMIT = { code: 'VAR_LIMIT', fixReason: 21, unit: 'fraction' } as const;

/**
 * Largest historical VaR over positions + {nothing, all buys, all sells, all working}, the order in each, ÷ equity. Over
 * the limit an order may still lower it. A proven bound decides where it can; then `after` is that bound.
 */
export const valueAtRisk: OrderCheck = {
  name: 'value-at-risk',
  dependsOnQuantity: true,
  run(facts, report) {
    if (!facts.isPriced || !hasHistory(facts)) return;
    // Asked twice, a node answers from a narrower bound: an order is asked about once.
    facts.risks ??= risksOf(facts);
    for (const risk of facts.risks) {
      report.number(VAR_LIMIT, risk.breaches ? 'BREACH' : 'PASS', risk.node, risk, { exact: risk.exact });
    }
  },
};

function risksOf(facts: OrderFacts): NodeRisk[] {
  const { addedQuantity, exactVar: exact, instrument, limits, side } = facts;
  const size = addedQuantity.near * instrument!.exposurePerUnit;
  const exposure = side === 'BUY' ? size : -size;
  const risks: NodeRisk[] = [];
  for (const row of limits.varRatio) {
    const node = facts.node(row);
    const money = node.equityAmount;
    if (money === null) continue;
    const equity = money.near / 1e24;
    const limit = row.limit.near / 1e8;
    const lossLimit = limit * equity;
    const risk = node.valueAtRisk!.whatIf(instrument!.column!, exposure, { lossLimit, exact });
    risks.push({
      node,
      before: ofEquity(risk.before, equity),
      after: ofEquity(risk.after, equity),
      limit,
      exact: risk.exact,
      breaches: risk.after > lossLimit && risk.after > risk.before,
    });
  }
  return risks;
}

/** Without positive equity any loss is more than all of it. */
function ofEquity(loss: number, equity: number): number {
  if (equity > 0) return loss / equity;
  return loss > 0 ? Number.MAX_VALUE : 0;
}
