import type { OrderCheck } from '../order-check.js';

const GROSS_EXPOSURE = { code: 'GROSS_EXPOSURE', fixReason: 20, unit: 'money' } as const;

/** Σ over symbols and accounts of the symbol exposures with working orders: nothing nets. */
export const grossExposure: OrderCheck = {
  name: 'gross-exposure',
  dependsOnQuantity: true,
  run(facts, report) {
    const { grossAdded, limits, opens } = facts;
    if (!facts.isPriced) return;
    for (const row of limits.gross) {
      const node = facts.node(row);
      report.sum(GROSS_EXPOSURE, node, row.limit, grossAdded, node.totals.gross, opens);
    }
    for (const row of limits.symbolGross) {
      const scope = facts.level(row);
      report.sum(GROSS_EXPOSURE, scope, row.limit, grossAdded, facts.symbolSums(scope).gross, opens);
    }
  },
};
