import { type Scaled, scaledText } from '../amount.js';
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
    report.state(INVALID_QTY, valid ? 'PASS' : 'BREACH', instrument, valid ? null : expected(lotSize), quantity);
  },
};

const expected = (lotSize: Scaled | null): string =>
  lotSize === null ? 'expected more than nothing' : `expected whole lots of ${scaledText(lotSize)}, one at least`;
