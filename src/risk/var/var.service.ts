import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { type Job, Jobs } from '../../jobs/ports.js';
import { tailBasisPoints } from '../../quant/confidence.js';
import { QuantError } from '../../quant/errors.js';
import { WARM_UP_COUNT } from '../../quant/ewma.js';
import type { KernelName, Kernels } from '../../workers/kernels.js';
import { Compute } from '../../workers/ports.js';
import { RiskError } from '../errors.js';
import { type Asked, historicalResults } from './historical-reply.js';
import { inputHash } from './input-hash.js';
import { monteCarloResults } from './monte-carlo-reply.js';
import { parametricResults } from './parametric-reply.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import type { ScenarioInput } from './scenario-input.js';
import { simulationWork } from './simulation-work.js';
import { type SimulationProgress, Simulations } from './simulations.service.js';
import { type PortfolioWindow, VarReplies } from './var-reply.js';
import type { HistoricalVarReply, MonteCarloVarReply, ParametricVarReply } from './var-reply.schema.js';
import type {
  HistoricalVarRequest,
  MonteCarloVarRequest,
  ParametricVarRequest,
  VarRequest,
} from './var-request.schema.js';

/** λ where a request names none (docs/conventions.md). */
const DECAY = { plain: 1, age_weighted: 0.98, volatility_scaled: 0.94, ewma: 0.94 };
const DEGREES_OF_FREEDOM = 5;

/** Value at risk of a portfolio: loads what it is measured on, computes, and says how. */
@Injectable()
export class VarService {
  constructor(
    private readonly windows: PortfolioWindows,
    private readonly compute: Compute,
    private readonly simulations: Simulations,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async historical(request: HistoricalVarRequest): Promise<HistoricalVarReply> {
    const { method, quantile, contributions } = request;
    const portfolio = await this.windows.of(request, {
      warmUpDays: method === 'volatility_scaled' ? WARM_UP_COUNT : 0,
    });
    const asked = this.asked(request);
    const decay = request.decay ?? DECAY[method];
    const input = scenarioInput(portfolio);
    const options = { method, quantile, decay, contributions, ...asked };
    const computed = await this.run('historicalVar', [input, options], size(input) * request.time_horizon);
    const replies = new VarReplies(portfolio);
    const parameters = {
      ...shared(request, portfolio, asked),
      method,
      quantile,
      decay: method === 'plain' ? null : decay,
    };
    const { results, warnings } = historicalResults(computed, portfolio.window.days, replies, asked);
    return {
      method: 'historical',
      ...replies.envelope(),
      results,
      parameters,
      warnings: [...replies.dataWarnings(), ...warnings],
      ...stamp('historical', parameters, portfolio),
    };
  }

  async parametric(request: ParametricVarRequest): Promise<ParametricVarReply> {
    const { distribution, volatility, covariance, include_mean, contributions } = request;
    const portfolio = await this.windows.of(request);
    const asked = this.asked(request);
    const decay = request.decay ?? DECAY.ewma;
    const degreesOfFreedom = request.degrees_of_freedom ?? DEGREES_OF_FREEDOM;
    const input = scenarioInput(portfolio);
    const options = { distribution, degreesOfFreedom, volatility, decay, covariance, contributions, ...asked };
    // Shrinkage looks at every pair of symbols or of dates, whichever are fewer.
    const cost = size(input) * Math.min(input.columns.length, portfolio.window.days.length);
    const computed = await this.run('parametricVar', [input, { ...options, includeMean: include_mean }], cost);
    const replies = new VarReplies(portfolio);
    const parameters = {
      ...shared(request, portfolio, asked),
      distribution,
      degrees_of_freedom: distribution === 'student_t' ? degreesOfFreedom : null,
      volatility,
      decay: volatility === 'ewma' ? decay : null,
      covariance: volatility === 'ewma' ? null : covariance,
      include_mean,
    };
    const { warnings, ...results } = parametricResults(computed, replies, asked);
    return {
      method: 'parametric',
      ...replies.envelope(),
      ...results,
      parameters,
      warnings: [...replies.dataWarnings(), ...warnings],
      ...stamp('parametric', parameters, portfolio),
    };
  }

  /** The reply, or, for a simulation of more than about two seconds, the job that makes it. */
  async monteCarlo(request: MonteCarloVarRequest): Promise<MonteCarloVarReply | Job> {
    const portfolio = await this.windows.of(request);
    const work = simulationWork(request, portfolio.exposures.symbols.length);
    if (!work.long) return this.simulated(request, portfolio);
    return this.jobs.start({
      kind: 'monte_carlo_var',
      request: { ...request, positions: undefined, position_count: request.positions?.length ?? null },
      phases: { simulating: 9, summarising: 1 },
      run: (context) => this.simulated(request, portfolio, context),
    });
  }

  private async simulated(
    request: MonteCarloVarRequest,
    portfolio: PortfolioWindow,
    context: SimulationProgress = {},
  ): Promise<MonteCarloVarReply> {
    const { simulations, seed, distribution, sampling, returns, covariance, include_mean, contributions } = request;
    const asked = this.asked(request);
    const degreesOfFreedom = request.degrees_of_freedom ?? DEGREES_OF_FREEDOM;
    const options = { simulations, seed, distribution, degreesOfFreedom, sampling, returns, covariance };
    const { prepared, results: computed } = await refusing(() =>
      this.simulations.run(
        scenarioInput(portfolio),
        { ...options, horizonDays: asked.horizonDays, includeMean: include_mean },
        { tails: asked.tails, contributions },
        context,
      ),
    );
    const replies = new VarReplies(portfolio);
    const parameters = {
      ...shared(request, portfolio, asked),
      simulations,
      seed,
      distribution,
      degrees_of_freedom: distribution === 'student_t' ? degreesOfFreedom : null,
      sampling,
      returns,
      covariance,
      include_mean,
    };
    const { warnings, ...results } = monteCarloResults(prepared, computed, replies, asked);
    return {
      method: 'monte_carlo',
      ...replies.envelope(),
      ...results,
      parameters,
      warnings: [...replies.dataWarnings(), ...warnings],
      ...stamp('monte_carlo', parameters, portfolio),
    };
  }

  private asked({ confidence_level, time_horizon }: VarRequest): Asked & { tails: number[] } {
    const levels = [confidence_level ?? this.config.risk.confidenceLevel].flat();
    return { levels, tails: levels.map(tailBasisPoints), horizonDays: time_horizon };
  }

  private run<K extends KernelName>(kernel: K, args: Parameters<Kernels[K]>, cost: number) {
    return refusing(() => this.compute.run(kernel, args, { cost }));
  }
}

/** What a kernel refuses for the data's sake becomes an error of the API; a broken call stays a failure of ours. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof QuantError)) throw error;
    if (error.code !== 'insufficient_data' && error.code !== 'zero_variance') throw error;
    throw new RiskError(error.code, error.message, { members: { ...error.details } });
  }
}

function scenarioInput({ window, exposures }: PortfolioWindow): ScenarioInput {
  const { columns, warmUp, calendarIndex } = window;
  return { columns, warmUp, calendarIndex, exposures: exposures.marketValues };
}

function size({ columns }: ScenarioInput): number {
  return columns.length * columns[0]!.length;
}

/** Parameters that every method has, defaults filled in. */
function shared(request: VarRequest, portfolio: PortfolioWindow, { levels }: Asked) {
  return {
    account_id: request.account_id ?? null,
    confidence_level: levels,
    time_horizon: request.time_horizon,
    lookback_days: portfolio.lookbackDays,
    start_date: request.start_date ?? null,
    as_of: portfolio.asOf,
    benchmark: portfolio.benchmark,
    contributions: request.contributions,
  };
}

/** Equal inputs, equal hash: method, parameters, what is held at which value, and the version of the prices. */
function stamp(method: string, parameters: object, { exposures, equity, currency, book }: PortfolioWindow) {
  const positions = exposures.symbols.map((symbol, index) => [symbol, exposures.marketValues[index]]);
  return {
    input_hash: inputHash({ method, parameters, positions, equity, currency, price_version: book.version }),
    calculated_at: new Date().toISOString(),
    cache: 'miss' as const,
    cache_age_ms: 0,
  };
}
