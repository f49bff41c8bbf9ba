import type { OrderCheck } from '../order-check.js';

const EQUITY_MISSING = { code: 'EQUITY_MISSING', fixReason: 99, unit: 'none' } as const;

/** A ratio of an equity that nobody set is not within any limit; only what opens nothing passes, with a warning. */
export const equityKnown: OrderCheck = {
  name: 'equity-known',
  dependsOnQuantity: true,
  run({ limits, opens, path }, report) {
    for (const place of limits.measuringEquity) {
      const node = path[place]!;
      report.state(EQUITY_MISSING, node.equityAmount !== null ? 'PASS' : opens ? 'BREACH' : 'WARN', node);
    }
  },
};
