import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Config } from '../config.js';
import type { Messaging } from '../messaging/ports.js';
import { Announcer } from './announcer.js';
import { type BuiltCache, buildCache } from './build-cache.js';
import type { Invalidation } from './invalidation.js';
import type { InvalidationMessage } from './invalidations.schema.js';
import type { MultiLevelCache } from './multi-level-cache.js';
import { namespaceOf } from './namespaces.js';
import { RedisChannel } from './redis-channel.js';
import type { RedisSettings } from './redis-connection.js';
import { MICROSECONDS } from './stamps.js';

export const INVALIDATIONS_TOPIC = 'cache_invalidations';
/** Files that wait are written at the end for no longer than this. */
const CLOSE_MS_MAX = 2_000;

/**
 * The cache of this process, and its ways to the other instances: a topic that all of them read, and Redis as a hint, or
 * as the only way where messages stay within the process.
 */
export class CacheService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly built: BuiltCache;
  private readonly topic: Announcer;
  private readonly channel: RedisChannel | undefined;
  private looking: Promise<void> | undefined;
  /** Everything that stood on the topic when this instance started, if there is one. */
  private hasReadTopic: boolean;

  constructor(
    { cache: settings, kafka, dataDir }: Pick<Config, 'cache' | 'kafka' | 'dataDir'>,
    messaging: Messaging,
    readonly instance: string,
  ) {
    this.hasReadTopic = kafka === undefined;
    const logger = new Logger('Cache');
    const announce = (invalidation: Invalidation) => this.announce(invalidation);
    this.built = buildCache({ ...settings, pendingDir: dataDir }, { logger, announce });
    this.topic = new Announcer(async (some) => {
      const messages = some.map((value) => {
        const key = value.key ?? value.namespace;
        return { key, value, messageType: 'CACHE_INVALIDATION' as const };
      });
      const { failures } = await messaging.sendBatch(INVALIDATIONS_TOPIC, messages);
      if (failures[0]) throw new Error(failures[0].detail);
    });
    const { redis } = this.built;
    if (settings.redis && redis) this.channel = this.openChannel(redis, settings.redis, kafka === undefined);
    if (kafka) this.askHowFar();
    // Whoever deleted it may have ended before the others heard of it.
    for (const name of this.built.leftBehind) this.announce(deletedNow(name));
  }

  /** Finds what earlier processes left. */
  onApplicationBootstrap(): void {
    void this.lookAtFiles();
  }

  get cache(): MultiLevelCache {
    return this.built.cache;
  }

  /** What was told to all instances, by whichever way it came. */
  heard(message: InvalidationMessage): void {
    const { instance, namespace, key, stamp, deleted } = message;
    if (instance === this.instance) {
      if (namespace !== null) return;
      this.hasReadTopic = true;
      this.cache.inHearing({ missed: false });
    } else if (namespace !== null) {
      const invalidation = { namespace, stamp, deleted, ...(key !== null && { key }) };
      void this.cache.heard(invalidation, { before: !this.hasReadTopic });
    }
  }

  /** Finds the files that are there, in the background. */
  async lookAtFiles(): Promise<number | undefined> {
    const { files } = this.built;
    this.looking ??= files?.sweep().catch(() => undefined);
    await this.looking;
    return files?.size.entries;
  }

  async onApplicationShutdown(): Promise<void> {
    this.topic.end();
    this.channel?.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS_MAX);
    });
    await Promise.race([late, this.cache.close()]);
    clearTimeout(timer);
  }

  /** A message to itself: when it comes back, everything that was told before has been heard. */
  private askHowFar(): void {
    this.cache.lower.distrustOwn();
    this.topic.tell({ instance: this.instance, namespace: null, key: null, stamp: 0, deleted: false });
  }

  private openChannel(redis: Redis, settings: RedisSettings, isOnlyWay: boolean): RedisChannel {
    this.cache.lower.distrustOwn();
    // Alone on the way, Redis says nothing of what passed while this instance was not connected.
    const onHearing = () => (isOnlyWay ? this.cache.inHearing({ missed: true }) : undefined);
    return new RedisChannel(redis, settings, { onHearing, onMessage: (message) => this.heard(message) });
  }

  private announce({ namespace, key, stamp, deleted }: Invalidation): void {
    const message = { instance: this.instance, namespace, key: key ?? null, stamp, deleted };
    this.topic.tell(message);
    this.channel?.tell(message);
  }
}

/** Of a key, which has a colon, or of a namespace. */
function deletedNow(name: string): Invalidation {
  const stamp = Date.now() * MICROSECONDS;
  return name.includes(':')
    ? { namespace: namespaceOf(name), key: name, stamp, deleted: true }
    : { namespace: name, stamp, deleted: true };
}
