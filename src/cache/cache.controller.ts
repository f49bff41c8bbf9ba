import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import { EXACT_NUMBERS } from '../http/exact-numbers.js';
import { Operation } from '../http/operation.decorator.js';
import { CACHE_EXAMPLES as EXAMPLES } from './cache.examples.js';
import {
  type CacheEntry,
  type CacheStats,
  cacheEntry,
  cacheStats,
  type EntryInput,
  entryInput,
  entryKey,
  namespaceName,
  type WarmUpInput,
  type WarmUpReply,
  warmUpInput,
  warmUpReply,
} from './cache.schema.js';
import { CacheOperations } from './cache-operations.service.js';

const TELLS_OTHERS = 'Every instance that shares Kafka or Redis hears of it and forgets what it has.';

@ApiTags('Cache')
@Controller('v1/cache')
export class CacheController {
  constructor(private readonly operations: CacheOperations) {}

  @Get('stats')
  @Operation({
    summary: 'Shows hit rates, sizes and failures of the cache and of each of its levels.',
    reply: cacheStats,
    example: EXAMPLES.stats,
  })
  getCacheStats(): CacheStats {
    return this.operations.stats();
  }

  @Put('entries/:key')
  @RouteConfig({ [EXACT_NUMBERS]: true })
  @Operation({
    summary: 'Stores a value in every level, under the namespace `manual`.',
    description: 'A number that a double would round is refused: send it as text.',
    reply: cacheEntry,
    example: EXAMPLES.put,
  })
  putCacheEntry(
    @Param('key', { schema: entryKey }) key: string,
    @Body({ schema: entryInput }) entry: EntryInput,
  ): Promise<CacheEntry> {
    return this.operations.put(key, entry);
  }

  @Get('entries/:key')
  @Operation({
    summary: 'Shows a value of the namespace `manual` and the level that had it.',
    reply: cacheEntry,
    errors: ['cache_entry_not_found'],
    example: EXAMPLES.get,
  })
  getCacheEntry(@Param('key', { schema: entryKey }) key: string): Promise<CacheEntry> {
    return this.operations.get(key);
  }

  @Delete('entries/:key')
  @Operation({
    summary: 'Deletes a value of the namespace `manual` in every level.',
    description: TELLS_OTHERS,
    example: EXAMPLES.deleteEntry,
  })
  deleteCacheEntry(@Param('key', { schema: entryKey }) key: string): Promise<void> {
    return this.operations.delete(key);
  }

  @Delete('namespaces/:namespace')
  @Operation({
    summary: 'Deletes everything of a namespace in every level.',
    description: TELLS_OTHERS,
    errors: ['cache_namespace_not_found'],
    example: EXAMPLES.deleteNamespace,
  })
  deleteCacheNamespace(@Param('namespace', { schema: namespaceName }) namespace: string): Promise<void> {
    return this.operations.deleteNamespace(namespace);
  }

  @Post('warmup')
  @Operation({
    summary: 'Fills a namespace for accounts before anybody asks.',
    reply: warmUpReply,
    example: EXAMPLES.warmUp,
  })
  postCacheWarmUp(@Body({ schema: warmUpInput }) body: WarmUpInput): Promise<WarmUpReply> {
    return this.operations.warmUp(body);
  }
}
