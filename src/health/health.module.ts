import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { CacheModule } from '../cache/cache.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { HealthController } from './health.controller.js';
import { ReadinessGuard } from './readiness.guard.js';
import { Readiness } from './readiness.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), DatabaseModule, MessagingModule, CacheModule],
  controllers: [HealthController],
  providers: [Readiness, { provide: APP_GUARD, useClass: ReadinessGuard }],
  exports: [Readiness],
})
export class HealthModule {}
