import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { LimitsRepository } from '../../database/limits.repository.js';
import { TradingStatesRepository } from '../../database/trading-states.repository.js';
import { MarketModule } from '../market/market.module.js';
import { LiveBookModule } from '../orders/live-book.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { Levels } from './levels.service.js';
import { LimitsController } from './limits.controller.js';
import { LimitsService } from './limits.service.js';
import { LimitStore, TradingStateStore } from './ports.js';
import { TradingStatesController } from './trading-states.controller.js';
import { TradingStatesService } from './trading-states.service.js';
import { UtilisationService } from './utilisation.service.js';

/** Limits and trading states of each level, with who changed them. */
@Module({
  imports: [DatabaseModule, LiveBookModule, MarketModule, PortfolioModule],
  controllers: [LimitsController, TradingStatesController],
  providers: [
    Levels,
    LimitsService,
    TradingStatesService,
    UtilisationService,
    { provide: LimitStore, useClass: LimitsRepository },
    { provide: TradingStateStore, useClass: TradingStatesRepository },
  ],
  exports: [LimitStore],
})
export class LimitsModule {}
