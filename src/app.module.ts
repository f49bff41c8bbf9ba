import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { type Config, configSource } from './config.js';
import { DemoModule } from './demo/demo.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { RiskModule } from './risk/risk.module.js';

@Module({})
class AppModule {}

/** Everything the service consists of. */
export function appModule(config: Config): DynamicModule {
  return {
    module: AppModule,
    imports: [
      ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [configSource(config)] }),
      HttpModule,
      HealthModule,
      JobsModule,
      RiskModule,
      DemoModule,
    ],
  };
}
