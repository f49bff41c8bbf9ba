import { CheckResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const UNKNOWN_SYMBOL = { code: 'UNKNOWN_SYMBOL', fixReason: 1, unit: 'none' } as const;

/** A symbol that is only quoted or held is not known as an instrument. */
export const knownSymbol: OrderCheck = {
  name: 'known-symbol',
  dependsOnQuantity: false,
  run({ instrument, order }, results) {
    const status = instrument?.spec ? 'PASS' : 'BREACH';
    results.push(new CheckResult(UNKNOWN_SYMBOL, status, 'INSTRUMENT', order.symbol, null, null, null, null, null));
  },
};
