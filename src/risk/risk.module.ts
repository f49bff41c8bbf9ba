import { Module } from '@nestjs/common';
import { LimitsModule } from './limits/limits.module.js';
import { MarketModule } from './market/market.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';
import { VarModule } from './var/var.module.js';

@Module({ imports: [LimitsModule, MarketModule, OrdersModule, PortfolioModule, VarModule] })
export class RiskModule {}
