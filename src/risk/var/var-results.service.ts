import { Inject, Injectable } from '@nestjs/common';
import { Cache } from '../../cache/ports.js';
import { CONFIG, type Config } from '../../config.js';
import { SERVICE_VERSION } from '../../version.js';
import { Clock } from '../clock.js';
import { inSlices } from '../in-slices.js';
import { dayAt } from '../market/price-day.js';
import { resultKey } from './content-key.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import type { PortfolioInputs, PortfolioWindow } from './var-reply.js';
import type { VarRequest } from './var-request.schema.js';

/** Of more positions a reply takes longer to copy and to write than the event loop should be held up. */
const CACHED_POSITIONS_MAX = 2_000;

/** What of a reply says whether it was computed now. */
interface Stamped {
  readonly cache: 'hit' | 'miss';
  readonly cache_age_ms: number;
}

/** What a method needs to measure a portfolio. */
export interface Measurement<Reply> {
  readonly method: string;
  readonly request: VarRequest;
  readonly warmUpDays?: number;
  compute(portfolio: PortfolioWindow): Promise<Reply>;
}

/**
 * Replies from the cache. Their key holds all they depend on: the request, what is held at which marks, and the closes.
 * Whatever changes makes another key, so that a reply found is what would be computed now.
 */
@Injectable()
export class VarResults {
  constructor(
    private readonly windows: PortfolioWindows,
    private readonly cache: Cache,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws `account_not_found`, `no_positions`, `currency_mismatch`, `unknown_symbol`, `no_price`. */
  inputs(request: VarRequest): Promise<PortfolioInputs> {
    return this.windows.inputs(request);
  }

  /** Throws `no_price`, `insufficient_data`. */
  portfolio(request: VarRequest, inputs: PortfolioInputs): Promise<PortfolioWindow> {
    return this.windows.build(request, inputs);
  }

  /** Throws `no_price`, `insufficient_data`, and what the computation throws. */
  async of<Reply extends Stamped>(measurement: Measurement<Reply>, inputs: PortfolioInputs): Promise<Reply> {
    const { method, request, warmUpDays = 0 } = measurement;
    const compute = async () => measurement.compute(await this.windows.build(request, inputs, { warmUpDays }));
    if (inputs.lines.length > CACHED_POSITIONS_MAX) return compute();
    const settings = {
      confidenceLevel: this.config.risk.confidenceLevel,
      today: dayAt(this.clock.now().getTime()),
      serviceVersion: SERVICE_VERSION,
    };
    const key = await inSlices(resultKey({ method, request, inputs, settings }));
    const { value, level, ageMs } = await this.cache.resolve(`var_results:${key}`, compute);
    return level === null ? value : { ...value, cache: 'hit', cache_age_ms: Math.round(ageMs) };
  }
}
