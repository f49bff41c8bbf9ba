import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { DemoProgressRepository } from '../database/demo-progress.repository.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { LimitsModule } from '../risk/limits/limits.module.js';
import { MarketModule } from '../risk/market/market.module.js';
import { PortfolioModule } from '../risk/portfolio/portfolio.module.js';
import { Demo } from './demo.service.js';
import { DemoFeed } from './demo-feed.service.js';
import { DemoStore } from './demo-store.service.js';
import { DemoProgress } from './ports.js';

@Module({
  imports: [DatabaseModule, JobsModule, LimitsModule, MarketModule, MessagingModule, PortfolioModule],
  providers: [Demo, DemoFeed, DemoStore, { provide: DemoProgress, useClass: DemoProgressRepository }],
})
export class DemoModule {}
