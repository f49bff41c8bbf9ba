import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { InstrumentsRepository } from '../../database/instruments.repository.js';
import { PricesRepository } from '../../database/prices.repository.js';
import { QuotesRepository } from '../../database/quotes.repository.js';
import { JobsModule } from '../../jobs/jobs.module.js';
import { Clock, SystemClock } from '../clock.js';
import { LiveBookModule } from '../orders/live-book.module.js';
import { BookPrices } from './book-prices.service.js';
import { InstrumentsController } from './instruments.controller.js';
import { InstrumentsService } from './instruments.service.js';
import { MarksService } from './marks.service.js';
import { Instruments, Marks, PriceHistory, PriceImports, Prices, Quotes } from './ports.js';
import { PriceImportController } from './price-import.controller.js';
import { PriceImportService } from './price-import.service.js';
import { PriceUploads } from './price-import.upload.js';
import { PricesController } from './prices.controller.js';
import { PricesService } from './prices.service.js';
import { QuotesConsumer } from './quotes.consumer.js';
import { QuotesController } from './quotes.controller.js';
import { QuotesService } from './quotes.service.js';

/** What is traded and what it costs: instruments, quotes, and the price history with its imports. */
@Module({
  imports: [DatabaseModule, JobsModule, LiveBookModule],
  controllers: [InstrumentsController, QuotesController, QuotesConsumer, PriceImportController, PricesController],
  providers: [
    InstrumentsService,
    QuotesService,
    { provide: Clock, useClass: SystemClock },
    { provide: Instruments, useClass: InstrumentsRepository },
    { provide: Quotes, useClass: QuotesRepository },
    { provide: Marks, useClass: MarksService },
    PricesService,
    PriceImportService,
    BookPrices,
    PriceUploads,
    { provide: PriceHistory, useClass: PricesRepository },
    { provide: Prices, useExisting: PricesService },
    { provide: PriceImports, useExisting: PriceImportService },
  ],
  exports: [Clock, Instruments, Quotes, Marks, Prices, PriceImports],
})
export class MarketModule {}
