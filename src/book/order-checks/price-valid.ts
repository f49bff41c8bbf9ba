import { scaledText } from '../amount.js';
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
    const detail = valid ? null : `expected a price > 0${price === null ? '' : `, got ${scaledText(price)}`}`;
    report.state(INVALID_PRICE, valid ? 'PASS' : 'BREACH', instrument, detail);
    if (price === null) return;
    const onTick = tickSize === null || price % tickSize === 0n;
    const ticks = onTick ? null : `expected a multiple of ${scaledText(tickSize)}, got ${scaledText(price)}`;
    report.state(INVALID_TICK, onTick ? 'PASS' : 'BREACH', instrument, ticks, price);
  },
};
