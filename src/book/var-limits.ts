import type { OrderFacts } from './order-facts.js';
import { unmodelledHoldings } from './unknown-holdings.js';

/** Why a VaR cannot be computed: the symbol, or something held where VaR is limited, has no scenarios. */
export function missingHistory(facts: OrderFacts): string | null {
  if (!facts.instrument?.column) return `there is no history of ${facts.order.symbol}`;
  for (const row of facts.limits.varRatio) {
    const node = facts.node(row);
    if (node.unmodelledCount > 0) return `there is no history of ${unmodelledHoldings(node)}`;
  }
  return null;
}
