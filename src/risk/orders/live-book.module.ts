import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { BookRepository } from '../../database/book.repository.js';
import { DatabaseModule } from '../../database/database.module.js';
import { LeasesRepository } from '../../database/leases.repository.js';
import { SystemClock } from '../clock.js';
import { bookSettings } from './book-settings.js';
import { LiveBookService } from './live-book.service.js';
import { OrderUpdatesService } from './order-updates.service.js';
import { OwnershipService } from './ownership.service.js';
import { BookStore, Leases, LiveBook, OrderUpdates, Ownership } from './ports.js';

/** The book of orders and limits that one instance owns; whoever changes what it knows goes through it. */
@Module({
  imports: [DatabaseModule],
  providers: [
    { provide: BookStore, useClass: BookRepository },
    { provide: Leases, useClass: LeasesRepository },
    OwnershipService,
    { provide: Ownership, useExisting: OwnershipService },
    {
      provide: LiveBookService,
      inject: [BookStore, Ownership, CONFIG],
      useFactory: (store: BookStore, ownership: Ownership, { orders, risk }: Config) =>
        new LiveBookService(store, ownership, new SystemClock(), bookSettings(orders, risk.confidenceLevel)),
    },
    { provide: LiveBook, useExisting: LiveBookService },
    { provide: OrderUpdates, useClass: OrderUpdatesService },
  ],
  exports: [BookStore, LiveBook, LiveBookService, OrderUpdates, Ownership, OwnershipService],
})
export class LiveBookModule {}
