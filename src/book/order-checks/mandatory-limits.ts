import type { OrderCheck } from '../order-check.js';

const LIMITS_MISSING = { code: 'LIMITS_MISSING', fixReason: 99, unit: 'none' } as const;

/** Order quantity, order notional and gross exposure must be limited somewhere on the account's path. */
export const mandatoryLimits: OrderCheck = {
  name: 'mandatory-limits',
  dependsOnQuantity: false,
  run({ account, limits: { missing } }, report) {
    if (!account) return;
    if (missing.length === 0) report.state(LIMITS_MISSING, 'PASS', account);
    else report.state(LIMITS_MISSING, 'BREACH', account, `nothing on the path sets ${missing.join(', ')}`);
  },
};
