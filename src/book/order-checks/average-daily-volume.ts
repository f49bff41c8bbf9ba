import type { OrderCheck } from '../order-check.js';

const ADV_LIMIT = { code: 'ADV_LIMIT', fixReason: 3, unit: 'units' } as const;

/** Share of the average daily volume; an instrument without one fails closed where a share is set. */
export const averageDailyVolume: OrderCheck = {
  name: 'average-daily-volume',
  dependsOnQuantity: true,
  run(facts, report) {
    const { instrument, limits, quantity } = facts;
    if (!instrument?.spec) return;
    for (const row of limits.volumeRatio) {
      report.sum(ADV_LIMIT, facts.level(row), instrument.volumeShare(row.limit), quantity);
    }
  },
};
