import { Module } from '@nestjs/common';
import { CacheModule } from '../../cache/cache.module.js';
import { JobsModule } from '../../jobs/jobs.module.js';
import { WorkersModule } from '../../workers/workers.module.js';
import { MarketModule } from '../market/market.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { MonteCarloVarService } from './monte-carlo-var.service.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import { ReturnWindows } from './return-windows.service.js';
import { Simulations } from './simulations.service.js';
import { VarController } from './var.controller.js';
import { VarService } from './var.service.js';
import { VarResults } from './var-results.service.js';
import { WindowWarmer } from './window-warmer.service.js';

@Module({
  imports: [CacheModule, MarketModule, PortfolioModule, JobsModule, WorkersModule],
  controllers: [VarController],
  providers: [VarService, MonteCarloVarService, VarResults, PortfolioWindows, ReturnWindows, WindowWarmer, Simulations],
})
export class VarModule {}
