import { measured, plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const BUYING_POWER = { code: 'BUYING_POWER', fixReason: 25, unit: 'money' } as const;
const NO_SHORTS = { code: 'BUYING_POWER', fixReason: 25, unit: 'units' } as const;

/** A cash account buys with its cash less what its working buys reserve, and never sells what it does not hold. */
export const buyingPower: OrderCheck = {
  name: 'buying-power',
  dependsOnQuantity: true,
  run(facts, results) {
    const { account, opens, order, sums } = facts;
    if (account?.account.accountType !== 'CASH') return;
    if (order.side === 'SELL') {
      const after = sums.worstShort + facts.shortAdded;
      const figures = { before: sums.worstShort, after, limit: 0n };
      results.push(measured(NO_SHORTS, account, opens && after > 0n ? 'BREACH' : 'PASS', figures));
      return;
    }
    if (!facts.isPriced) return;
    if (account.cash === null) {
      results.push(plainResult(BUYING_POWER, opens ? 'BREACH' : 'WARN', account, 'its cash is not known'));
      return;
    }
    const before = account.totals.buys;
    const after = before + facts.buysAdded;
    const status = opens && after > account.cash ? 'BREACH' : 'PASS';
    results.push(measured(BUYING_POWER, account, status, { before, after, limit: account.cash }));
  },
};
