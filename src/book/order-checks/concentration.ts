import type { OrderCheck } from '../order-check.js';

const CONCENTRATION = { code: 'CONCENTRATION', fixReason: 20, unit: 'ratio' } as const;

/** Symbol exposure ÷ equity. Without positive equity only reductions pass. */
export const concentration: OrderCheck = {
  name: 'concentration',
  dependsOnQuantity: true,
  run(facts, report) {
    const { account, grossAdded: added, instrument, limits, opens } = facts;
    if (!facts.isPriced) return;
    for (const row of limits.positionRatio) {
      const node = facts.node(row);
      const base = node.equityAmount;
      if (base === null) continue;
      const before = node === account ? facts.symbolGross : node.symbolSums(instrument!).gross;
      report.ratio(CONCENTRATION, node, row.limit, { before, added, base }, opens);
    }
  },
};
