import { tailBasisPoints } from '../../quant/confidence.js';
import { QuantError } from '../../quant/errors.js';
import { RiskError } from '../errors.js';
import { dateOf, dayAt } from '../market/price-day.js';
import { OBSERVATIONS_MIN } from '../market/return-window.js';
import type { HistoricalVar } from './historical-var.js';
import { inputHash } from './input-hash.js';
import type { ScenarioInput } from './scenario-input.js';
import type { PortfolioWindow } from './var-reply.js';
import type { Warning } from './var-reply.schema.js';
import type { VarRequest } from './var-request.schema.js';

/** What the three methods have in common between a request and its reply. */

/** λ where a request names none (docs/conventions.md §12 to §14). */
export const DECAY = { plain: 1, age_weighted: 0.98, volatility_scaled: 0.94, ewma: 0.94 };
/** ν where a request names none (docs/conventions.md §10). */
export const DEGREES_OF_FREEDOM = 5;

/** What is asked of the distribution of losses. */
export interface Asked {
  readonly levels: readonly number[];
  /** The same in basis points of the tail. */
  readonly tails: readonly number[];
  readonly horizonDays: number;
}

export function asked({ confidence_level, time_horizon }: VarRequest, defaultLevel: number): Asked {
  const levels = [confidence_level ?? defaultLevel].flat();
  return { levels, tails: levels.map(tailBasisPoints), horizonDays: time_horizon };
}

export function scenarioInput({ window, exposures }: PortfolioWindow): ScenarioInput {
  const { columns, warmUp, calendarIndex } = window;
  return { columns, warmUp, calendarIndex, exposures: exposures.marketValues };
}

/** A warm-up inside a short window must not leave a handful of scenarios to speak for it. */
export function requireScenarios({ scenarioCount, warmUpDropped }: HistoricalVar): void {
  if (scenarioCount >= OBSERVATIONS_MIN) return;
  const detail = `have ${scenarioCount} scenarios after a warm-up of ${warmUpDropped} returns, need at least ${OBSERVATIONS_MIN}`;
  throw new RiskError('insufficient_data', detail, { members: { have: scenarioCount, need: OBSERVATIONS_MIN } });
}

/** Number of returns a method looks at. */
export function returnCount({ columns }: ScenarioInput): number {
  return columns.length * columns[0]!.length;
}

/** Parameters that every method has, defaults filled in. */
export function sharedParameters(request: VarRequest, portfolio: PortfolioWindow, { levels }: Asked) {
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

/** Age of the last close from which a reply without `as_of` says so. */
const CLOSE_AGE_DAYS_MAX = 7;

/** Numbers of today on old prices are no secret: the window ends long ago, or the marks are newer than it. */
export function ageWarnings(request: VarRequest, { window }: PortfolioWindow, now: Date): Warning[] {
  const asked = request.end_date ?? request.as_of;
  if (asked !== undefined || dayAt(now.getTime()) - window.asOfDay <= CLOSE_AGE_DAYS_MAX) return [];
  return [
    { code: 'data_old', message: `the last stored close, where the window ends, is of ${dateOf(window.asOfDay)}` },
  ];
}

/** Equal inputs, equal hash: method, parameters, what is held at which value, and the version of the prices. */
export function stamp(
  method: string,
  parameters: object,
  { exposures, equity, currency, book }: PortfolioWindow,
  calculatedAt: Date,
) {
  const positions = exposures.symbols.map((symbol, index) => [symbol, exposures.marketValues[index]]);
  return {
    input_hash: inputHash({ method, parameters, positions, equity, currency, price_version: book.version }),
    calculated_at: calculatedAt.toISOString(),
    cache: 'miss' as const,
    cache_age_ms: 0,
  };
}

/** What a kernel refuses for the data's sake becomes an error of the API; a broken call stays a failure of ours. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof QuantError)) return error;
  if (error.code !== 'insufficient_data' && error.code !== 'zero_variance') return error;
  // Only counts mean something to a client: an index of a kernel is none of its affair.
  const { have, need } = error.details;
  return new RiskError(error.code, error.message, have === undefined ? {} : { members: { have, need } });
}
