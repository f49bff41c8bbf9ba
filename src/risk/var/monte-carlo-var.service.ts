import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { type Job, type JobContext, Jobs } from '../../jobs/ports.js';
import { Clock } from '../clock.js';
import { inSlices } from '../in-slices.js';
import { monteCarloResults } from './monte-carlo-reply.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import type { Written } from './reply-text.js';
import { simulationWork } from './simulation-work.js';
import { Simulations } from './simulations.service.js';
import { type PortfolioInputs, type PortfolioWindow, VarReplies } from './var-reply.js';
import type { MonteCarloVarReply } from './var-reply.schema.js';
import type { MonteCarloVarRequest } from './var-request.schema.js';
import { VarResults } from './var-results.service.js';
import { ageWarnings, asked, DEGREES_OF_FREEDOM, refusal, scenarioInput, sharedParameters, stamp } from './var-run.js';

/** Simulated value at risk, at once or as a job. */
@Injectable()
export class MonteCarloVarService {
  constructor(
    private readonly results: VarResults,
    private readonly windows: PortfolioWindows,
    private readonly simulations: Simulations,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The reply, or, for a simulation of more than about two seconds, the job that makes it. */
  monteCarlo(request: MonteCarloVarRequest): Promise<Written<MonteCarloVarReply> | Job> {
    const compute = (portfolio: PortfolioWindow) => this.simulated(request, portfolio);
    const instead = (inputs: PortfolioInputs) =>
      simulationWork(request, inputs.symbols.length).long ? this.job(request, inputs) : undefined;
    return this.results.of({ method: 'monte_carlo', request, compute, instead });
  }

  private async job(request: MonteCarloVarRequest, inputs: PortfolioInputs): Promise<Job> {
    const portfolio = await this.windows.build(request, inputs);
    const { positions, ...rest } = request;
    return this.jobs.start({
      kind: 'monte_carlo_var',
      request: { ...rest, ...(positions && { position_count: positions.length }) },
      phases: { simulating: 9, summarising: 1 },
      run: (context) => this.simulated(request, portfolio, context),
    });
  }

  private async simulated(
    request: MonteCarloVarRequest,
    portfolio: PortfolioWindow,
    context?: JobContext,
  ): Promise<MonteCarloVarReply> {
    const { simulations, seed, distribution, sampling, returns, covariance, include_mean, contributions } = request;
    const question = asked(request, this.config.risk.confidenceLevel);
    const degreesOfFreedom = request.degrees_of_freedom ?? DEGREES_OF_FREEDOM;
    const model = { simulations, seed, distribution, degreesOfFreedom, sampling, returns, covariance };
    const { prepared, results: computed } = await this.simulations
      .run(
        scenarioInput(portfolio),
        { ...model, horizonDays: question.horizonDays, includeMean: include_mean },
        { tails: question.tails, contributions },
        context,
      )
      .catch((error: unknown) => {
        throw refusal(error);
      });
    const replies = new VarReplies(portfolio);
    const { data, ...head } = replies.envelope();
    const now = this.clock.now();
    const parameters = {
      ...sharedParameters(request, portfolio, question),
      simulations,
      seed,
      distribution,
      degrees_of_freedom: distribution === 'student_t' ? degreesOfFreedom : null,
      sampling,
      returns,
      covariance,
      include_mean,
    };
    const stamped = stamp('monte_carlo', parameters, portfolio, now);
    const { warnings, ...results } = await inSlices(monteCarloResults(prepared, computed, replies, question));
    return {
      method: 'monte_carlo',
      ...head,
      ...results,
      parameters,
      data,
      warnings: [...replies.dataWarnings(), ...ageWarnings(request, portfolio, now), ...warnings],
      ...stamped,
    };
  }
}
