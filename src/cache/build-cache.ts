import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { BreakerState } from './circuit-breaker.js';
import { FileStore } from './file-store.js';
import type { Announce } from './invalidation.js';
import { Level, type LevelOptions } from './level.js';
import { type MemoryLimits, MemoryStore } from './memory-store.js';
import { MultiLevelCache } from './multi-level-cache.js';
import { Pending } from './pending.js';
import { connectRedis, type RedisSettings } from './redis-connection.js';
import { RedisStore } from './redis-store.js';

/** Longest waits for an answer: together less than 60 ms, which is what all levels may cost a caller that fail. */
const REDIS_WAIT_MS = 35;
const FILE_WAIT_MS = 20;
/** Files are written behind. */
const FILE_WRITE_MS = 5_000;
const FILE_BYTES_MAX = 512 * 1024 * 1024;
/** Everything in it is the cache's own and may be removed; beside it nothing is touched. */
export const FILES_FOLDER = 'redfire-cache';

/** How a level keeps what it has. */
interface Kept {
  readonly ttlSeconds: number;
  /** Longest wait for an answer; for tests of other things on a busy machine. */
  readonly waitMs?: number;
}

export interface CacheSettings {
  readonly memory: MemoryLimits;
  readonly redis?: (RedisSettings & Kept) | undefined;
  readonly files?: (Kept & { readonly dir: string; readonly filesMax: number; readonly bytesMax?: number }) | undefined;
  /** Where it is kept in mind what a level was not told of; unset: in memory only. */
  readonly pendingDir?: string | undefined;
}

export interface CacheContext {
  readonly logger?: Pick<LoggerService, 'log' | 'warn'>;
  readonly announce?: Announce;
  readonly now?: () => number;
}

export interface BuiltCache {
  readonly cache: MultiLevelCache;
  readonly redis: Redis | undefined;
  readonly files: FileStore | undefined;
  /** Keys and namespaces that an earlier process deleted, and could not tell everybody. */
  readonly leftBehind: readonly string[];
}

/** The cache with the levels that are configured. It needs none of them to be there. */
export function buildCache(
  settings: CacheSettings,
  { logger, announce, now = Date.now }: CacheContext = {},
): BuiltCache {
  const pending = new Pending(settings.pendingDir);
  const told = (what: string) => sayState(logger, what);
  const redis = settings.redis && connectRedis(settings.redis);
  const files = settings.files && new FileStore(fileOptions(settings.files, now));
  const levels: Level[] = [];
  if (redis && settings.redis) {
    const level = new Level({
      name: 'l2',
      store: new RedisStore(redis, { prefix: settings.redis.keyPrefix, now }),
      waitMs: settings.redis.waitMs ?? REDIS_WAIT_MS,
      writeMs: settings.redis.waitMs ?? REDIS_WAIT_MS,
      ttlMsMax: settings.redis.ttlSeconds * 1_000,
      pending,
      open: 'not connected yet',
      onChange: told('Redis'),
    });
    redis.on('ready', () => level.breaker.tryNow());
    redis.on('close', () => level.breaker.open('the connection is lost'));
    levels.push(level);
  }
  if (files && settings.files) {
    const level = new Level({
      name: 'l3',
      store: files,
      waitMs: settings.files.waitMs ?? FILE_WAIT_MS,
      writeMs: FILE_WRITE_MS,
      ttlMsMax: settings.files.ttlSeconds * 1_000,
      pending,
      // What an earlier process could not delete goes first.
      open: 'not looked at yet',
      onChange: told('the folder of files'),
    });
    level.breaker.tryNow();
    levels.push(level);
  }
  const cache = new MultiLevelCache({
    memory: new MemoryStore(settings.memory),
    levels,
    now,
    ...(announce && { announce }),
    ...(logger && { logger }),
  });
  return { cache, redis, files, leftBehind: pending.leftBehind };
}

function fileOptions(
  { dir, filesMax, ttlSeconds, bytesMax = FILE_BYTES_MAX }: NonNullable<CacheSettings['files']>,
  now: () => number,
) {
  return { dir: join(dir, FILES_FOLDER), filesMax, bytesMax, ttlMsMax: ttlSeconds * 1_000, now };
}

/** Once for each time that it goes and comes. */
function sayState(logger: CacheContext['logger'], what: string): LevelOptions['onChange'] {
  let said: BreakerState = 'CLOSED';
  return (state, reason) => {
    if (state === 'HALF_OPEN' || state === said) return;
    if (state === 'OPEN') logger?.warn(`Cache: ${what} is left out: ${reason}`);
    else logger?.log(`Cache: ${what} is in use again`);
    said = state;
  };
}
