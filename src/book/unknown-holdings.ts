import type { BookNode, Holding } from './book-node.js';

/** Holdings below a node without something that its figures need, in words: the first of them, and how many more. */
export const unmodelledHoldings = (node: BookNode): string =>
  named(node, { count: ({ unmodelledCount }) => unmodelledCount, lacks: (holding) => holding.countedUnmodelled });

export const unpricedHoldings = (node: BookNode): string =>
  named(node, { count: ({ unpricedCount }) => unpricedCount, lacks: (holding) => holding.countedUnpriced });

interface Lack {
  count(node: BookNode): number;
  lacks(holding: Holding): boolean;
}

function named(node: BookNode, lack: Lack): string {
  const account = firstAccount(node, lack);
  const symbols = [...account.holdings.values()].filter(lack.lacks).map(({ instrument }) => instrument.id);
  const more = lack.count(node) - 1;
  return `${symbols.sort()[0]} in account ${account.id}${more > 0 ? ` and ${more} more` : ''}`;
}

/** By id, so that a restored book names the same one. */
function firstAccount(node: BookNode, lack: Lack): BookNode {
  let first: BookNode | undefined;
  for (const child of node.children) {
    if (lack.count(child) > 0 && (first === undefined || child.id < first.id)) first = child;
  }
  return first === undefined ? node : firstAccount(first, lack);
}
