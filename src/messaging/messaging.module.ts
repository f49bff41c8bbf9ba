import { Logger, Module } from '@nestjs/common';
import type { Logger as PinoLogger } from 'pino';
import { CONFIG, type Config } from '../config.js';
import { LOGGER } from '../logger.js';
import { SERVICE_VERSION } from '../version.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { BatchTransport } from './batch-transport.js';
import { DeadLetterWriter } from './dead-letter-writer.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersService } from './dead-letters.service.js';
import { MessagingDriver } from './driver.js';
import { EmbeddedDriver } from './embedded/embedded-driver.js';
import { kafkaOptions, kafkaWarnings } from './kafka/from-config.js';
import { KafkaDriver } from './kafka/kafka-driver.js';
import { LagMonitor } from './lag-monitor.js';
import { MessagingController } from './messaging.controller.js';
import { MessagingService } from './messaging.service.js';
import { MessagingHealth } from './messaging-health.js';
import { MessagingOperations } from './messaging-operations.service.js';
import { Messaging } from './ports.js';

/** Messages in and out, over Kafka or in this process. Handlers are declared with `@Consume` where they belong. */
@Module({
  controllers: [MessagingController, DeadLettersController, AsyncApiController],
  providers: [
    MessagingOperations,
    DeadLettersService,
    {
      provide: MessagingDriver,
      inject: [CONFIG, LOGGER],
      useFactory: async ({ kafka, database }: Config, logger: PinoLogger): Promise<MessagingDriver> => {
        if (!kafka) return new EmbeddedDriver(new Logger('Messaging'));
        for (const warning of kafkaWarnings(kafka, database.url === undefined)) logger.warn(warning);
        return new KafkaDriver({ ...(await kafkaOptions(kafka)), logger });
      },
    },
    { provide: MessagingService, inject: [MessagingDriver], useFactory: (driver) => new MessagingService(driver) },
    { provide: Messaging, useExisting: MessagingService },
    {
      provide: BatchTransport,
      inject: [MessagingDriver],
      useFactory: (driver) => new BatchTransport(driver, new DeadLetterWriter(driver, SERVICE_VERSION)),
    },
    {
      provide: LagMonitor,
      inject: [MessagingDriver, BatchTransport],
      useFactory: (driver, transport) => new LagMonitor(driver, transport),
    },
    MessagingHealth,
  ],
  exports: [Messaging, MessagingDriver, BatchTransport, MessagingHealth],
})
export class MessagingModule {}
