import { Amount, NOTHING } from '../amount.js';
import type { OrderCheck } from '../order-check.js';

const BUYING_POWER = { code: 'BUYING_POWER', fixReason: 25, unit: 'money' } as const;
const NO_SHORTS = { code: 'BUYING_POWER', fixReason: 25, unit: 'units' } as const;

/** A cash account buys with its cash less what its working buys reserve, and never sells what it does not hold. */
export const buyingPower: OrderCheck = {
  name: 'buying-power',
  dependsOnQuantity: true,
  run(facts, report) {
    const { account, opens } = facts;
    if (account?.account.accountType !== 'CASH') return;
    if (facts.side === 'SELL') {
      report.sum(NO_SHORTS, account, NOTHING, facts.worstAdded, facts.worst, opens);
      return;
    }
    if (!facts.isPriced) return;
    if (account.cash === null) {
      report.state(BUYING_POWER, opens ? 'BREACH' : 'WARN', account, 'its cash is not known');
      return;
    }
    report.sum(BUYING_POWER, account, new Amount(account.cash), facts.addedMoney, account.totals.buys, opens);
  },
};
