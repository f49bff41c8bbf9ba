import { Module } from '@nestjs/common';
import { MarketModule } from './market/market.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';
import { VarModule } from './var/var.module.js';

@Module({ imports: [MarketModule, PortfolioModule, VarModule] })
export class RiskModule {}
