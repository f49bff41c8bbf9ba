import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { AllowedMethods } from './allowed-methods.js';
import { ProblemFilter } from './problem.filter.js';
import { ProblemsController } from './problems.controller.js';
import { ValidationInterceptor } from './validation.interceptor.js';

/** What every HTTP request meets: validation before the handler, a problem document for everything thrown. */
@Module({
  controllers: [ProblemsController],
  providers: [
    AllowedMethods,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ValidationInterceptor },
  ],
  exports: [AllowedMethods],
})
export class HttpModule {}
