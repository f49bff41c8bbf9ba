import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { INSTANCE_ID } from '../messaging/instance.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { Messaging } from '../messaging/ports.js';
import { CacheController } from './cache.controller.js';
import { CacheService } from './cache.service.js';
import { CacheHealth } from './cache-health.js';
import { CacheOperations } from './cache-operations.service.js';
import { InvalidationsConsumer } from './invalidations.consumer.js';
import { Cache, WarmUps } from './ports.js';
import { WarmUpService } from './warm-ups.js';

/** Derived and reference data in memory, Redis and files, each of which may fail. */
@Module({
  imports: [MessagingModule],
  controllers: [CacheController, InvalidationsConsumer],
  providers: [
    {
      provide: CacheService,
      inject: [CONFIG, Messaging],
      useFactory: (config: Config, messaging: Messaging) => new CacheService(config, messaging, INSTANCE_ID),
    },
    { provide: Cache, inject: [CacheService], useFactory: ({ cache }: CacheService) => cache },
    CacheOperations,
    CacheHealth,
    WarmUpService,
    { provide: WarmUps, useExisting: WarmUpService },
  ],
  exports: [Cache, CacheService, CacheHealth, WarmUps, WarmUpService],
})
export class CacheModule {}
