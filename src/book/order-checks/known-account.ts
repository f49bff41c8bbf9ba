import type { OrderCheck } from '../order-check.js';

const UNKNOWN_ACCOUNT = { code: 'UNKNOWN_ACCOUNT', fixReason: 15, unit: 'none' } as const;

/** Only an account of kind ACCOUNT trades. */
export const knownAccount: OrderCheck = {
  name: 'known-account',
  dependsOnQuantity: false,
  run({ account, order }, report) {
    if (account?.kind === 'ACCOUNT') {
      report.state(UNKNOWN_ACCOUNT, 'PASS', account);
      return;
    }
    const detail = account ? `${order.accountId} is a ${account.kind}, which does not trade` : 'it does not exist';
    report.state(UNKNOWN_ACCOUNT, 'BREACH', { level: 'ACCOUNT', id: order.accountId }, detail);
  },
};
