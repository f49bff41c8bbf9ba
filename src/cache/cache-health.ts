import { Injectable } from '@nestjs/common';
import { CacheService } from './cache.service.js';
import { statsOf } from './cache-stats.js';

export interface CacheReport {
  readonly hit_rate: number;
  readonly enabled_levels: readonly string[];
  /** State by level. */
  readonly levels: Readonly<Record<string, string>>;
  /** Levels that are left out and why; empty where all that are configured work. */
  readonly problems: readonly string[];
}

/** How the cache is, from what it knows already. */
@Injectable()
export class CacheHealth {
  constructor(private readonly service: CacheService) {}

  report(): CacheReport {
    const { total, enabled_levels, levels } = statsOf(this.service.cache);
    return {
      hit_rate: total.hit_rate,
      enabled_levels,
      levels: Object.fromEntries(enabled_levels.map((name) => [name, levels[name].state])),
      problems: enabled_levels.flatMap((name) =>
        levels[name].state === 'DOWN' ? [`${name}: ${levels[name].reason ?? 'away'}`] : [],
      ),
    };
  }
}
