import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { Logger } from 'pino';
import { CacheModule } from './cache/cache.module.js';
import { type Config, configSource } from './config.js';
import { DemoModule } from './demo/demo.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LOGGER } from './logger.js';
import { MessagingModule } from './messaging/messaging.module.js';
import { RiskModule } from './risk/risk.module.js';

@Module({})
class AppModule {}

@Global()
@Module({})
class LoggerModule {}

/** Everything the service consists of. */
export function appModule(config: Config, logger: Logger): DynamicModule {
  return {
    module: AppModule,
    imports: [
      ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [configSource(config)] }),
      { module: LoggerModule, providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] },
      HttpModule,
      HealthModule,
      JobsModule,
      CacheModule,
      MessagingModule,
      RiskModule,
      DemoModule,
    ],
  };
}
