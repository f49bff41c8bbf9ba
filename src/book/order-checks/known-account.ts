import { CheckResult, plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const UNKNOWN_ACCOUNT = { code: 'UNKNOWN_ACCOUNT', fixReason: 15, unit: 'none' } as const;

/** Only an account of kind ACCOUNT trades. */
export const knownAccount: OrderCheck = {
  name: 'known-account',
  dependsOnQuantity: false,
  run({ account, order }, results) {
    if (account?.kind === 'ACCOUNT') {
      results.push(plainResult(UNKNOWN_ACCOUNT, 'PASS', account));
      return;
    }
    const detail = account ? `${order.accountId} is a ${account.kind}, which does not trade` : 'it does not exist';
    results.push(
      new CheckResult(UNKNOWN_ACCOUNT, 'BREACH', 'ACCOUNT', order.accountId, null, null, null, null, detail),
    );
  },
};
