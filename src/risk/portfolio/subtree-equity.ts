import { sum } from '../../decimal/arithmetic.js';
import { canonical } from '../../decimal/decimal.js';

export interface EquityNode {
  accountId: string;
  parentId: string | null;
  equity: string | null;
}

/** Equity of an account: its own if set, else the sum of its children's; null where one is missing, or has no children. */
export function subtreeEquity(accountId: string, subtree: readonly EquityNode[]): string | null {
  const childrenOf = new Map<string | null, EquityNode[]>();
  for (const node of subtree) {
    const siblings = childrenOf.get(node.parentId);
    if (siblings) siblings.push(node);
    else childrenOf.set(node.parentId, [node]);
  }
  const equityOf = (node: EquityNode): string | null => {
    if (node.equity !== null) return canonical(node.equity);
    const below = childrenOf.get(node.accountId)?.map(equityOf) ?? [];
    const known = below.filter((equity) => equity !== null);
    return known.length > 0 && known.length === below.length ? sum(known) : null;
  };
  const root = subtree.find((node) => node.accountId === accountId);
  return root ? equityOf(root) : null;
}
