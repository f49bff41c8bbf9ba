import { share } from '../amount.js';
import { measured } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const ADV_LIMIT = { code: 'ADV_LIMIT', fixReason: 3, unit: 'units' } as const;

/** Share of the average daily volume; an instrument without one fails closed where a share is set. */
export const averageDailyVolume: OrderCheck = {
  name: 'average-daily-volume',
  dependsOnQuantity: true,
  run({ scopes, order, instrument }, results) {
    if (!instrument?.spec) return;
    const after = order.quantity;
    for (const scope of scopes) {
      const ratio = scope.limitsFor(order.symbol).maxAdvRatio;
      if (ratio === undefined) continue;
      // Without a known volume no quantity is a share of it.
      const limit = share(instrument.spec.adv ?? 0n, ratio);
      results.push(measured(ADV_LIMIT, scope, after > limit ? 'BREACH' : 'PASS', { before: null, after, limit }));
    }
  },
};
