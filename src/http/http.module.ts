import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AllowedMethods } from './allowed-methods.js';
import { ProblemFilter } from './problem.filter.js';
import { ProblemsController } from './problems.controller.js';
import { ValidationGuard } from './validation.guard.js';

/** What every HTTP request meets: validation before the handler, a problem document for everything thrown. */
@Module({
  controllers: [ProblemsController],
  providers: [
    AllowedMethods,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: ValidationGuard },
  ],
  exports: [AllowedMethods],
})
export class HttpModule {}
