import type { BookNode } from './book-node.js';
import type { OrderFacts } from './order-facts.js';
import { unmodelledHoldings } from './unknown-holdings.js';

/** A VaR can be computed: the symbol, and all that is held where VaR is limited, has scenarios. */
export const hasHistory = (facts: OrderFacts): boolean =>
  facts.instrument?.column !== undefined && withoutHistory(facts) === undefined;

/** Whose history is missing, in words; null where none is. */
export function missingHistory(facts: OrderFacts): string | null {
  if (!facts.instrument?.column) return `there is no history of ${facts.order.symbol}`;
  const node = withoutHistory(facts);
  return node === undefined ? null : `there is no history of ${unmodelledHoldings(node)}`;
}

function withoutHistory(facts: OrderFacts): BookNode | undefined {
  for (const row of facts.limits.varRatio) {
    const node = facts.node(row);
    if (node.unmodelledCount > 0) return node;
  }
  return undefined;
}
