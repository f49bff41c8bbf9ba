import type { CacheStats, LevelStats } from './cache.schema.js';
import type { Level } from './level.js';
import type { MultiLevelCache } from './multi-level-cache.js';
import { LEVELS } from './namespaces.js';

/** What the cache did since the start, and how its levels are. */
export function statsOf(cache: MultiLevelCache): CacheStats {
  const { hits, misses, loads, loadErrors, refused } = cache;
  const byName = new Map(cache.lower.all.map((level) => [level.name, lowerStats(level)]));
  const levels = { l1: memoryStats(cache), l2: byName.get('l2') ?? DISABLED, l3: byName.get('l3') ?? DISABLED };
  return {
    total: { hits, misses, hit_rate: rate(hits, misses), loads, load_errors: loadErrors, refused },
    enabled_levels: LEVELS.filter((name) => levels[name].enabled),
    levels,
  };
}

const rate = (hits: number, misses: number): number => (hits + misses === 0 ? 0 : hits / (hits + misses));

const UNUSED = { hits: 0, misses: 0, hit_rate: 0, evictions: 0, errors: 0, timeouts: 0, invalid: 0, pending: 0 };

const DISABLED: LevelStats = {
  ...UNUSED,
  enabled: false,
  state: 'DISABLED',
  breaker: null,
  reason: 'it is not configured',
  entries: null,
  bytes: null,
  last_error: null,
};

function memoryStats({ memory, memoryHits, memoryMisses }: MultiLevelCache): LevelStats {
  return {
    ...UNUSED,
    ...memory.size,
    enabled: true,
    state: 'UP',
    breaker: null,
    reason: null,
    hits: memoryHits,
    misses: memoryMisses,
    hit_rate: rate(memoryHits, memoryMisses),
    evictions: memory.evictions,
    last_error: null,
  };
}

function lowerStats(level: Level): LevelStats {
  const { breaker, store, hits, misses, errors, timeouts, invalid, lastError, pendingCount } = level;
  const { entries, bytes } = store.size ?? { entries: null, bytes: null };
  return {
    enabled: true,
    state: breaker.isClosed ? 'UP' : level.wasTried ? 'DOWN' : 'CONNECTING',
    breaker: breaker.state,
    reason: breaker.reason,
    entries,
    bytes,
    hits,
    misses,
    hit_rate: rate(hits, misses),
    evictions: store.evictions ?? 0,
    errors,
    timeouts,
    invalid: invalid + (store.damaged ?? 0),
    pending: pendingCount,
    last_error: lastError,
  };
}
