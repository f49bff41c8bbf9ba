import type { Scaled } from './amount.js';
import type { BookNode } from './book-node.js';
import type { OrderFacts } from './order-facts.js';

/** The VaR limit of a level of the account's path; the configured one at the account where its path sets none. */
export function varLimitOf(node: BookNode, { account, path, context }: OrderFacts): Scaled | undefined {
  const own = node.limits.maxVarRatio;
  if (own !== undefined || node !== account) return own;
  for (const above of path) if (above.limits.maxVarRatio !== undefined) return undefined;
  return context.settings.maxVarRatio;
}

/** Why a VaR cannot be computed: the symbol, or something held where VaR is limited, has no scenarios. */
export function missingHistory(facts: OrderFacts): string | null {
  if (!facts.instrument?.column) return `there is no history of ${facts.order.symbol}`;
  for (const node of facts.path) {
    if (node.unmodelledCount > 0 && varLimitOf(node, facts) !== undefined) {
      return `${node.unmodelledCount} holdings of ${node.id} have no history`;
    }
  }
  return null;
}
