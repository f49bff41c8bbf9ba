import { CheckResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const INVALID_QTY = { code: 'INVALID_QTY', fixReason: 13, unit: 'units' } as const;

/** More than nothing, and whole lots. */
export const quantityValid: OrderCheck = {
  name: 'quantity-valid',
  dependsOnQuantity: true,
  run({ instrument, order }, results) {
    if (!instrument?.spec) return;
    const { lotSize } = instrument.spec;
    const valid = order.quantity > 0n && (lotSize === null || order.quantity % lotSize === 0n);
    const status = valid ? 'PASS' : 'BREACH';
    const detail = valid ? null : 'expected whole lots of more than nothing';
    results.push(
      new CheckResult(INVALID_QTY, status, 'INSTRUMENT', instrument.id, null, order.quantity, null, null, detail),
    );
  },
};
