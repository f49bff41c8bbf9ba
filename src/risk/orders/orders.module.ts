import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { DecisionsRepository } from '../../database/decisions.repository.js';
import { MessagingModule } from '../../messaging/messaging.module.js';
import { Clock, SystemClock } from '../clock.js';
import { ApprovalsController } from './approvals.controller.js';
import { ApprovalsService } from './approvals.service.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { LiveBookModule } from './live-book.module.js';
import { OrderDesk } from './order-desk.service.js';
import { OrdersConsumer } from './orders.consumer.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { Outbox } from './outbox.service.js';
import { DecisionLog } from './ports.js';
import { Retention } from './retention.service.js';

/** May this order go out? */
@Module({
  imports: [DatabaseModule, LiveBookModule, MessagingModule],
  controllers: [OrdersController, DecisionsController, ApprovalsController, OrdersConsumer],
  providers: [
    OrdersService,
    OrderDesk,
    DecisionsService,
    ApprovalsService,
    Outbox,
    Retention,
    { provide: Clock, useClass: SystemClock },
    { provide: DecisionLog, useClass: DecisionsRepository },
  ],
  exports: [Outbox, Retention],
})
export class OrdersModule {}
