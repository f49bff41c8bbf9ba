import { ONE } from '../amount.js';
import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const PRICE_COLLAR = { code: 'PRICE_COLLAR', fixReason: 16, unit: 'price' } as const;

/** A buy above reference × (1 + c), or a sell below reference × (1 − c); c of each level. */
export const priceCollar: OrderCheck = {
  name: 'price-collar',
  dependsOnQuantity: false,
  run({ scopes, order, price, reference }, results) {
    if (price === undefined || !reference) return;
    for (const scope of scopes) {
      const ratio = scope.limitsFor(order.symbol).priceCollarRatio;
      if (ratio === undefined) continue;
      // The band is around the size of the reference, so that a negative price has one too.
      const band = (reference.price < 0n ? -reference.price : reference.price) * ratio;
      const isBuy = order.side === 'BUY';
      const edge = reference.price * ONE + (isBuy ? band : -band);
      const breached = isBuy ? price * ONE > edge : price * ONE < edge;
      const limit = isBuy ? edge / ONE : -(-edge / ONE);
      results.push(measured(PRICE_COLLAR, scope, breached ? 'BREACH' : 'PASS', { before: null, after: price, limit }));
    }
  },
};
