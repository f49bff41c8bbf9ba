import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const LIMITS_MISSING = { code: 'LIMITS_MISSING', fixReason: 99, unit: 'none' } as const;

/** Order quantity, order notional and gross exposure must be limited somewhere on the account's path. */
export const mandatoryLimits: OrderCheck = {
  name: 'mandatory-limits',
  dependsOnQuantity: false,
  run({ account, path, order }, results) {
    if (!account) return;
    let quantity = false;
    let notional = false;
    let gross = false;
    for (const node of path) {
      quantity ||= node.limitsFor(order.symbol).maxOrderQuantity !== undefined;
      notional ||= node.limitsFor(order.symbol).maxOrderNotional !== undefined;
      gross ||= node.limits.maxGrossExposure !== undefined;
    }
    if (quantity && notional && gross) {
      results.push(plainResult(LIMITS_MISSING, 'PASS', account));
      return;
    }
    const missing = [
      !quantity && 'max_order_quantity',
      !notional && 'max_order_notional',
      !gross && 'max_gross_exposure',
    ];
    const detail = `nothing on the path sets ${missing.filter(Boolean).join(', ')}`;
    results.push(plainResult(LIMITS_MISSING, 'BREACH', account, detail));
  },
};
