import type { Amount } from '../amount.js';
import type { OrderCheck } from '../order-check.js';
import type { SymbolTotals } from '../totals.js';

const POSITION_LIMIT = { code: 'POSITION_LIMIT', fixReason: 20, unit: 'units' } as const;

/** Worst long of a buy, worst short of a sell, in the symbol; above the account the sum over accounts. */
export const positionLimit: OrderCheck = {
  name: 'position-limit',
  dependsOnQuantity: true,
  run(facts, report) {
    const { account, instrument, limits, opens, worst, worstAdded } = facts;
    if (!account || !instrument) return;
    const isBuy = facts.side === 'BUY';
    for (const row of isBuy ? limits.longQuantity : limits.shortQuantity) {
      const scope = facts.level(row);
      const before = scope === account ? worst : worstOf(facts.symbolSums(scope), isBuy);
      report.sum(POSITION_LIMIT, scope, row.limit, worstAdded, before, opens);
    }
  },
};

const worstOf = (sums: SymbolTotals, isBuy: boolean): Amount => (isBuy ? sums.worstLong : sums.worstShort);
