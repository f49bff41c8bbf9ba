import { Injectable } from '@nestjs/common';
import { RiskError } from '../risk/errors.js';
import type { CacheEntry, CacheStats, EntryInput, WarmUpInput, WarmUpReply } from './cache.schema.js';
import { CacheService } from './cache.service.js';
import { statsOf } from './cache-stats.js';
import { isNamespace, NAMESPACES } from './namespaces.js';
import { UncacheableValueError } from './value.js';
import { WarmUpService } from './warm-ups.js';

const keyOf = (key: string) => `manual:${key}`;

/** What operators do with the cache over HTTP. */
@Injectable()
export class CacheOperations {
  constructor(
    private readonly service: CacheService,
    private readonly warmUps: WarmUpService,
  ) {}

  stats(): CacheStats {
    return statsOf(this.service.cache);
  }

  async put(key: string, { value, ttl_seconds }: EntryInput): Promise<CacheEntry> {
    try {
      await this.service.cache.set(keyOf(key), value, ttl_seconds);
    } catch (error) {
      // JSON may say what is too deep for anybody.
      if (!(error instanceof UncacheableValueError)) throw error;
      const errors = [{ pointer: '/value', code: 'invalid_value', detail: error.message }];
      throw new RiskError('validation_failed', error.message, { errors });
    }
    return { key, value, level: 'l1', age_ms: 0 };
  }

  async get(key: string): Promise<CacheEntry> {
    const found = await this.service.cache.find<CacheEntry['value']>(keyOf(key));
    if (!found?.level) throw new RiskError('cache_entry_not_found', `nothing is cached as ${key}`);
    return { key, value: found.value, level: found.level, age_ms: found.ageMs };
  }

  async delete(key: string): Promise<void> {
    await this.service.cache.delete(keyOf(key));
  }

  async deleteNamespace(namespace: string): Promise<void> {
    if (!isNamespace(namespace)) {
      const names = Object.keys(NAMESPACES).join(', ');
      throw new RiskError('cache_namespace_not_found', `expected one of ${names}, got ${namespace}`);
    }
    await this.service.cache.deleteNamespace(namespace);
  }

  async warmUp({ namespace, account_ids }: WarmUpInput): Promise<WarmUpReply> {
    return { namespace, ...(await this.warmUps.run(namespace, account_ids)) };
  }
}
