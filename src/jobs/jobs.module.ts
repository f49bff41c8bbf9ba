import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { JobsRepository } from '../database/jobs.repository.js';
import { JobsController } from './jobs.controller.js';
import { JobEvents } from './jobs.events.js';
import { JobsService } from './jobs.service.js';
import { JobStore, Jobs } from './ports.js';

@Module({
  imports: [DatabaseModule],
  controllers: [JobsController],
  providers: [
    JobsService,
    JobEvents,
    { provide: Jobs, useExisting: JobsService },
    { provide: JobStore, useClass: JobsRepository },
  ],
  exports: [Jobs],
})
export class JobsModule {}
