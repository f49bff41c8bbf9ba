import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { WARM_UP_COUNT } from '../../quant/ewma.js';
import { Compute, type KernelArgs, type KernelName } from '../../workers/ports.js';
import { Clock } from '../clock.js';
import { inSlices } from '../in-slices.js';
import { historicalResults } from './historical-reply.js';
import { parametricResults } from './parametric-reply.js';
import type { Written } from './reply-text.js';
import { type PortfolioWindow, VarReplies } from './var-reply.js';
import type { HistoricalVarReply, ParametricVarReply } from './var-reply.schema.js';
import type { HistoricalVarRequest, ParametricVarRequest } from './var-request.schema.js';
import { VarResults } from './var-results.service.js';
import {
  ageWarnings,
  asked,
  DECAY,
  DEGREES_OF_FREEDOM,
  refusal,
  requireScenarios,
  returnCount,
  scenarioInput,
  sharedParameters,
  stamp,
} from './var-run.js';

/**
 * What a position costs in the split of one level, in multiplications: its returns in the tail lie anywhere in memory.
 * From about a thousand positions on a thread takes it.
 */
const SPLIT_COST = 1_000;

/** Historical and parametric value at risk: loads what it is measured on, computes, and says how. */
@Injectable()
export class VarService {
  constructor(
    private readonly results: VarResults,
    private readonly compute: Compute,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  historical(request: HistoricalVarRequest): Promise<Written<HistoricalVarReply>> {
    const warmUpDays = request.method === 'volatility_scaled' ? WARM_UP_COUNT : 0;
    const compute = (portfolio: PortfolioWindow) => this.historicalReply(request, portfolio);
    return this.results.of({ method: 'historical', request, warmUpDays, compute });
  }

  parametric(request: ParametricVarRequest): Promise<Written<ParametricVarReply>> {
    const compute = (portfolio: PortfolioWindow) => this.parametricReply(request, portfolio);
    return this.results.of({ method: 'parametric', request, compute });
  }

  private async historicalReply(
    request: HistoricalVarRequest,
    portfolio: PortfolioWindow,
  ): Promise<HistoricalVarReply> {
    const { method, quantile, contributions } = request;
    const question = asked(request, this.config.risk.confidenceLevel);
    const decay = request.decay ?? DECAY[method];
    const input = scenarioInput(portfolio);
    const options = { method, quantile, decay, contributions, ...question };
    const splits = contributions ? input.columns.length * question.levels.length : 0;
    const cost = returnCount(input) * question.horizonDays + splits * SPLIT_COST;
    const computed = await this.run('historicalVar', [input, options], cost);
    requireScenarios(computed);
    const replies = new VarReplies(portfolio);
    const { data, ...head } = replies.envelope();
    const now = this.clock.now();
    const parameters = {
      ...sharedParameters(request, portfolio, question),
      method,
      quantile,
      decay: method === 'plain' ? null : decay,
    };
    const stamped = stamp('historical', parameters, portfolio, now);
    const { results, warnings } = await inSlices(
      historicalResults(computed, portfolio.window.days, replies, { ...question, method }),
    );
    return {
      method: 'historical',
      ...head,
      results,
      parameters,
      data,
      warnings: [...replies.dataWarnings(), ...ageWarnings(request, portfolio, now), ...warnings],
      ...stamped,
    };
  }

  private async parametricReply(
    request: ParametricVarRequest,
    portfolio: PortfolioWindow,
  ): Promise<ParametricVarReply> {
    const { distribution, volatility, covariance, include_mean, contributions } = request;
    const question = asked(request, this.config.risk.confidenceLevel);
    const decay = request.decay ?? DECAY.ewma;
    const degreesOfFreedom = request.degrees_of_freedom ?? DEGREES_OF_FREEDOM;
    const input = scenarioInput(portfolio);
    const options = {
      distribution,
      degreesOfFreedom,
      volatility,
      decay,
      covariance,
      contributions,
      includeMean: include_mean,
      ...question,
    };
    // Shrinkage looks at every pair of symbols or of dates, whichever are fewer.
    const cost = returnCount(input) * Math.min(input.columns.length, portfolio.window.days.length);
    const computed = await this.run('parametricVar', [input, options], cost);
    const replies = new VarReplies(portfolio);
    const { data, ...head } = replies.envelope();
    const now = this.clock.now();
    const parameters = {
      ...sharedParameters(request, portfolio, question),
      distribution,
      degrees_of_freedom: distribution === 'student_t' ? degreesOfFreedom : null,
      volatility,
      decay: volatility === 'ewma' ? decay : null,
      covariance: volatility === 'ewma' ? null : covariance,
      include_mean,
    };
    const stamped = stamp('parametric', parameters, portfolio, now);
    const { warnings, ...results } = await inSlices(parametricResults(computed, replies, question));
    return {
      method: 'parametric',
      ...head,
      ...results,
      parameters,
      data,
      warnings: [...replies.dataWarnings(), ...ageWarnings(request, portfolio, now), ...warnings],
      ...stamped,
    };
  }

  private async run<K extends KernelName>(kernel: K, args: KernelArgs<K>, cost: number) {
    try {
      return await this.compute.run(kernel, args, { cost });
    } catch (error) {
      throw refusal(error);
    }
  }
}
