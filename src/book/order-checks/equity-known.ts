import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const EQUITY_MISSING = { code: 'EQUITY_MISSING', fixReason: 99, unit: 'none' } as const;

/** A ratio of an equity that nobody set is not within any limit; only what opens nothing passes, with a warning. */
export const equityKnown: OrderCheck = {
  name: 'equity-known',
  dependsOnQuantity: true,
  run({ account, path, order, opens }, results) {
    if (!account) return;
    let positionRatioSet = false;
    let varRatioSet = false;
    for (const node of path) {
      positionRatioSet ||= node.limitsFor(order.symbol).maxPositionRatio !== undefined;
      varRatioSet ||= node.limits.maxVarRatio !== undefined;
    }
    for (const node of path) {
      const { maxLeverage, maxVarRatio, maxDailyLoss, maxDrawdownRatio } = node.limits;
      const isDefault = node === account && !(positionRatioSet && varRatioSet);
      const measuresEquity =
        isDefault ||
        node.limitsFor(order.symbol).maxPositionRatio !== undefined ||
        (maxLeverage ?? maxVarRatio ?? maxDailyLoss ?? maxDrawdownRatio) !== undefined;
      if (!measuresEquity) continue;
      const status = node.equity !== null ? 'PASS' : opens ? 'BREACH' : 'WARN';
      results.push(plainResult(EQUITY_MISSING, status, node));
    }
  },
};
