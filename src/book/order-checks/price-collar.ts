import type { OrderCheck } from '../order-check.js';

const PRICE_COLLAR = { code: 'PRICE_COLLAR', fixReason: 16, unit: 'price' } as const;
const LOWEST_PRICE = { ...PRICE_COLLAR, lowest: true } as const;

/** A buy above reference × (1 + c), or a sell below reference × (1 − c); c of each level. */
export const priceCollar: OrderCheck = {
  name: 'price-collar',
  dependsOnQuantity: false,
  run(facts, report) {
    const { instrument, limits, price, reference, side } = facts;
    if (price === undefined || !reference || limits.collarRatio.length === 0) return;
    for (const row of limits.collarRatio) {
      const scope = facts.level(row);
      const { highest, lowest } = instrument!.collar(reference.price, row.limit);
      if (side === 'BUY') report.sum(PRICE_COLLAR, scope, highest, price);
      else report.sum(LOWEST_PRICE, scope, lowest, price);
    }
  },
};
