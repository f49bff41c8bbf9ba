import { scaledText } from '../amount.js';
import type { OrderCheck } from '../order-check.js';

const INVALID_QTY = { code: 'INVALID_QTY', fixReason: 13, unit: 'units' } as const;

/** More than nothing, and whole lots. */
export const quantityValid: OrderCheck = {
  name: 'quantity-valid',
  dependsOnQuantity: true,
  run({ instrument, order: { quantity } }, report) {
    if (!instrument?.spec) return;
    const { lotSize } = instrument.spec;
    const valid = quantity > 0n && (lotSize === null || quantity % lotSize === 0n);
    const lots = lotSize === null ? 'more than nothing' : `whole lots of ${scaledText(lotSize)}, one at least`;
    const detail = valid ? null : `expected ${lots}`;
    report.state(INVALID_QTY, valid ? 'PASS' : 'BREACH', instrument, detail, quantity);
  },
};
