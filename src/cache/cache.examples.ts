import type { OperationExample } from '../http/operation.decorator.js';

const level = {
  enabled: true,
  state: 'UP',
  breaker: 'CLOSED',
  reason: null,
  entries: 812,
  bytes: 4_301_220,
  hits: 930,
  misses: 70,
  hit_rate: 0.93,
  evictions: 0,
  errors: 0,
  timeouts: 0,
  invalid: 0,
  pending: 0,
  last_error: null,
};
const rates = { EURUSD: 1.0852, GBPUSD: 1.2711 };

export const CACHE_EXAMPLES = {
  stats: {
    reply: {
      total: { hits: 980, misses: 20, hit_rate: 0.98, loads: 20, load_errors: 0, refused: 0 },
      enabled_levels: ['l1', 'l2', 'l3'],
      levels: {
        l1: { ...level, breaker: null },
        l2: { ...level, hits: 40, misses: 30, hit_rate: 40 / 70 },
        l3: { ...level, hits: 10, misses: 20, hit_rate: 10 / 30 },
      },
    },
  },
  put: {
    params: { key: 'fx_rates' },
    body: { value: rates, ttl_seconds: 60 },
    reply: { key: 'fx_rates', value: rates, level: 'l1', age_ms: 0 },
  },
  get: { params: { key: 'fx_rates' }, reply: { key: 'fx_rates', value: rates, level: 'l1', age_ms: 0 } },
  deleteEntry: { params: { key: 'fx_rates' } },
  deleteNamespace: { params: { namespace: 'manual' } },
  warmUp: {
    body: { namespace: 'return_windows', account_ids: ['acc_growth', 'acc_income'] },
    reply: { namespace: 'return_windows', found: 0, loaded: 2, failed: 0 },
  },
} satisfies Record<string, OperationExample>;
