import { moneyNumber, scaledNumber } from '../amount.js';
import { CheckResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import { missingHistory, varLimitOf } from '../var-limits.js';

export const VAR_LIMIT = { code: 'VAR_LIMIT', fixReason: 21, unit: 'fraction' } as const;

/**
 * Largest historical VaR over positions + {nothing, all buys, all sells, all working}, the order in each, ÷ equity. Over
 * the limit an order may still lower it. A proven bound decides where it can; then `after` is that bound.
 */
export const valueAtRisk: OrderCheck = {
  name: 'value-at-risk',
  dependsOnQuantity: true,
  run(facts, results) {
    const { instrument, side, reference } = facts;
    if (!facts.isPriced || missingHistory(facts) !== null) return;
    const size = Number(facts.addedQuantity) * Number(reference!.price) * instrument!.moneyPerUnits;
    const exposure = side === 'BUY' ? size : -size;
    for (const node of facts.path) {
      const ratio = varLimitOf(node, facts);
      const money = node.equity;
      if (ratio === undefined || money === null) continue;
      const equity = moneyNumber(money);
      const limit = scaledNumber(ratio);
      const lossLimit = limit * equity;
      const risk = node.valueAtRisk!.whatIf(instrument!.column!, exposure, { lossLimit, exact: facts.exactVar });
      const status = risk.after > lossLimit && risk.after > risk.before ? 'BREACH' : 'PASS';
      const before = ofEquity(risk.before, equity);
      const after = ofEquity(risk.after, equity);
      results.push(
        new CheckResult(VAR_LIMIT, status, node.level, node.id, before, after, limit, null, null, risk.exact),
      );
    }
  },
};

/** Without positive equity any loss is more than all of it. */
function ofEquity(loss: number, equity: number): number {
  if (equity > 0) return loss / equity;
  return loss > 0 ? Number.MAX_VALUE : 0;
}
