import { Module } from '@nestjs/common';
import { Compute } from './ports.js';
import { ThreadPool } from './thread-pool.js';

@Module({
  providers: [ThreadPool, { provide: Compute, useExisting: ThreadPool }],
  exports: [Compute],
})
export class WorkersModule {}
