import type { OrderFacts } from './order-facts.js';

/** Why a VaR cannot be computed: the symbol, or something held where VaR is limited, has no scenarios. */
export function missingHistory(facts: OrderFacts): string | null {
  if (!facts.instrument?.column) return `there is no history of ${facts.order.symbol}`;
  for (const row of facts.limits.varRatio) {
    const { id, unmodelledCount } = facts.node(row);
    if (unmodelledCount > 0) return `${unmodelledCount} holdings of ${id} have no history`;
  }
  return null;
}
