import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnswersJsonText } from '../../http/json-text.decorator.js';
import { Operation } from '../../http/operation.decorator.js';
import { type Job, job } from '../../jobs/jobs.schema.js';
import { MonteCarloVarService } from './monte-carlo-var.service.js';
import type { Written } from './reply-text.js';
import { historicalExample, monteCarloExample, parametricExample } from './var.examples.js';
import { VarService } from './var.service.js';
import {
  type HistoricalVarReply,
  historicalVarReply,
  type MonteCarloVarReply,
  monteCarloVarReply,
  type ParametricVarReply,
  parametricVarReply,
} from './var-reply.schema.js';
import {
  type HistoricalVarRequest,
  historicalVarRequest,
  type MonteCarloVarRequest,
  monteCarloVarRequest,
  type ParametricVarRequest,
  parametricVarRequest,
} from './var-request.schema.js';

const errors = [
  'account_not_found',
  'currency_mismatch',
  'unknown_symbol',
  'no_price',
  'no_positions',
  'insufficient_data',
  'zero_variance',
  'dependency_unavailable',
] as const;

@ApiTags('Value at risk')
@Controller('v1/risk/var')
export class VarController {
  constructor(
    private readonly valueAtRisk: VarService,
    private readonly simulated: MonteCarloVarService,
  ) {}

  @Post('historical')
  @AnswersJsonText()
  @Operation({
    summary: 'Measures value at risk and expected shortfall of today’s positions on past moves.',
    reply: historicalVarReply,
    errors,
    example: historicalExample,
  })
  historicalVar(
    @Body({ schema: historicalVarRequest }) request: HistoricalVarRequest,
  ): Promise<Written<HistoricalVarReply>> {
    return this.valueAtRisk.historical(request);
  }

  @Post('parametric')
  @AnswersJsonText()
  @Operation({
    summary: 'Measures value at risk and expected shortfall by a normal or Student-t distribution.',
    reply: parametricVarReply,
    errors,
    example: parametricExample,
  })
  parametricVar(
    @Body({ schema: parametricVarRequest }) request: ParametricVarRequest,
  ): Promise<Written<ParametricVarReply>> {
    return this.valueAtRisk.parametric(request);
  }

  @Post('monte-carlo')
  @AnswersJsonText()
  @Operation({
    summary: 'Measures value at risk and expected shortfall on simulated returns, as a job when it takes long.',
    reply: monteCarloVarReply,
    accepted: job,
    errors: [...errors, 'rate_limited'],
    example: monteCarloExample,
  })
  monteCarloVar(
    @Body({ schema: monteCarloVarRequest }) request: MonteCarloVarRequest,
  ): Promise<Written<MonteCarloVarReply> | Job> {
    return this.simulated.monteCarlo(request);
  }
}
