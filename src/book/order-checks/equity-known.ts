import type { BookNode } from '../book-node.js';
import type { OrderCheck } from '../order-check.js';

const EQUITY_MISSING = { code: 'EQUITY_MISSING', fixReason: 99, unit: 'none' } as const;

/** A ratio of an equity that nobody set is not within any limit; only what opens nothing passes, with a warning. */
export const equityKnown: OrderCheck = {
  name: 'equity-known',
  dependsOnQuantity: true,
  run({ limits, opens, path }, report) {
    for (const place of limits.measuringEquity) {
      const node = path[place]!;
      const isKnown = node.equityAmount !== null;
      report.state(EQUITY_MISSING, isKnown ? 'PASS' : opens ? 'BREACH' : 'WARN', node, isKnown ? null : cause(node));
    }
  },
};

/** Which account below has none, so that somebody can set it. */
function cause(node: BookNode): string | null {
  const child = [...node.children].find(({ equity }) => equity === null);
  if (!child) return null;
  return cause(child) ?? `account ${child.id} has none`;
}
