import type { OrderCheck } from '../order-check.js';

const UNKNOWN_SYMBOL = { code: 'UNKNOWN_SYMBOL', fixReason: 1, unit: 'none' } as const;

/** A symbol that is only quoted or held is not known as an instrument. */
export const knownSymbol: OrderCheck = {
  name: 'known-symbol',
  dependsOnQuantity: false,
  run({ instrument, order }, report) {
    if (instrument?.spec) report.state(UNKNOWN_SYMBOL, 'PASS', instrument);
    else report.state(UNKNOWN_SYMBOL, 'BREACH', { level: 'INSTRUMENT', id: order.symbol });
  },
};
