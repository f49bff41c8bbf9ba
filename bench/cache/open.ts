import { buildCache, type CacheSettings } from '../../src/cache/build-cache.js';
import type { MultiLevelCache } from '../../src/cache/multi-level-cache.js';

export const MEGABYTE = 1_048_576;

/** A cache whose levels are all there. */
export async function openCache(settings: Partial<CacheSettings> = {}): Promise<MultiLevelCache> {
  const memory = { entriesMax: 1_000, bytesMax: 100 * MEGABYTE };
  const { cache } = buildCache({ memory, ...settings });
  while (!cache.lower.all.every(({ breaker }) => breaker.isClosed))
    await new Promise((resolve) => setTimeout(resolve, 5));
  return cache;
}

/** About what a VaR reply of some positions is. */
export function aReply(n: number): object {
  const contributions = Array.from({ length: 8 }, (_, i) => ({
    symbol: `S${i}`,
    component_var: (n * 1.7 + i).toFixed(2),
    component_var_ratio: (n + i) / 7e6,
  }));
  return { n, method: 'historical', as_of: '2022-12-28', portfolio_value: '125000.00', contributions, warnings: [] };
}
