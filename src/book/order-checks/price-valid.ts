import type { OrderCheck } from '../order-check.js';

const INVALID_PRICE = { code: 'INVALID_PRICE', fixReason: 99, unit: 'price' } as const;
const INVALID_TICK = { code: 'INVALID_TICK', fixReason: 18, unit: 'price' } as const;

/** A limit order names a price, a positive one unless the instrument allows others, in whole ticks. */
export const priceValid: OrderCheck = {
  name: 'price-valid',
  dependsOnQuantity: false,
  run({ instrument, order }, report) {
    if (!instrument?.spec) return;
    const { tickSize, allowNegativePrice } = instrument.spec;
    const { price, type } = order;
    const valid = price === null ? type === 'MARKET' : allowNegativePrice || price > 0n;
    report.state(INVALID_PRICE, valid ? 'PASS' : 'BREACH', instrument, valid ? null : 'expected a price > 0');
    if (price === null) return;
    const onTick = tickSize === null || price % tickSize === 0n;
    report.state(INVALID_TICK, onTick ? 'PASS' : 'BREACH', instrument, null, price);
  },
};
