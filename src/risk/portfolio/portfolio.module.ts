import { Module } from '@nestjs/common';
import { AccountsRepository } from '../../database/accounts.repository.js';
import { DatabaseModule } from '../../database/database.module.js';
import { PositionsRepository } from '../../database/positions.repository.js';
import { Clock, SystemClock } from '../clock.js';
import { MarketModule } from '../market/market.module.js';
import { LiveBookModule } from '../orders/live-book.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { PortfoliosService } from './portfolios.service.js';
import { Accounts, Portfolios, Positions } from './ports.js';
import { PositionsConsumer } from './positions.consumer.js';
import { PositionsService } from './positions.service.js';

/** The account tree and what each account holds. */
@Module({
  imports: [DatabaseModule, LiveBookModule, MarketModule],
  controllers: [AccountsController, PositionsConsumer],
  providers: [
    AccountsService,
    PositionsService,
    { provide: Clock, useClass: SystemClock },
    { provide: Accounts, useClass: AccountsRepository },
    { provide: Positions, useClass: PositionsRepository },
    { provide: Portfolios, useClass: PortfoliosService },
  ],
  exports: [Portfolios, Accounts, Positions],
})
export class PortfolioModule {}
