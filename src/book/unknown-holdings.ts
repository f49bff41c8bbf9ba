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

function named(node: BookNode, { count, lacks }: Lack): string {
  let account = node;
  // By id, so that a restored book names the same one. Only those that lack something are looked into.
  for (let next: BookNode | undefined = node; next; next = first(lacking(next.children, count))) account = next;
  const symbols = [...account.holdings.values()].filter(lacks).map(({ instrument }) => instrument.id);
  const more = count(node) - 1;
  return `${symbols.sort()[0]} in account ${account.id}${more > 0 ? ` and ${more} more` : ''}`;
}

const lacking = (nodes: Iterable<BookNode>, count: Lack['count']): BookNode[] =>
  [...nodes].filter((node) => count(node) > 0);

const first = (nodes: readonly BookNode[]): BookNode | undefined =>
  nodes.reduce<BookNode | undefined>((a, b) => (a !== undefined && a.id < b.id ? a : b), undefined);
