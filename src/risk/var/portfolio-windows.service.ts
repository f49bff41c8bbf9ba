import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { inSlices } from '../in-slices.js';
import { Prices } from '../market/ports.js';
import type { PriceBook } from '../market/price-book.js';
import { dateOf, dayOf } from '../market/price-day.js';
import type { ReturnWindow } from '../market/return-window.js';
import { type Holdings, Portfolios } from '../portfolio/ports.js';
import type { WantedWindow } from './content-key.js';
import { accountLines, coverageOf, type Exposures, exposuresAt, heldSymbols, inlineLines } from './exposures.js';
import { ReturnWindows } from './return-windows.service.js';
import type { PortfolioInputs, PortfolioMoment, PortfolioWindow, Valuation } from './var-reply.js';
import type { VarRequest } from './var-request.schema.js';

const LOOKBACK_DAYS = 252;

/** Brings together what every VaR method starts from: positions, their values, and the returns of the window. */
@Injectable()
export class PortfolioWindows {
  constructor(
    private readonly prices: Prices,
    private readonly portfolios: Portfolios,
    private readonly windows: ReturnWindows,
  ) {}

  /** Throws `account_not_found`. */
  async moment({ account_id, positions = [] }: VarRequest): Promise<PortfolioMoment> {
    const [market, holdings] = await Promise.all([
      this.prices.moment(positions.map(({ symbol }) => symbol)),
      account_id === undefined ? null : this.portfolios.holdings(account_id),
    ]);
    return { ...market, holdings };
  }

  /** Throws `no_positions`, `currency_mismatch`, `unknown_symbol`, `no_price`. */
  async inputs(request: VarRequest, { book, terms, holdings }: PortfolioMoment): Promise<PortfolioInputs> {
    const { account_id, positions = [] } = request;
    const asOf = request.end_date ?? request.as_of;
    const currency = holdings?.currency ?? request.currency ?? 'USD';
    const lines = holdings
      ? accountLines(holdings, { historical: asOf !== undefined })
      : inlineLines(positions, currency, terms);
    if (lines.length === 0) throw new RiskError('no_positions', `account ${account_id} holds no positions`);
    const symbols = await inSlices(heldSymbols(lines, book, asOf === undefined ? undefined : dayOf(asOf)));
    const benchmark = request.benchmark === undefined ? undefined : benchmarkSeries(request.benchmark, book);
    return { holdings, lines, currency, symbols, book, benchmark };
  }

  /** Throws `no_price`, `insufficient_data`. */
  async build(request: VarRequest, inputs: PortfolioInputs, { warmUpDays = 0 } = {}): Promise<PortfolioWindow> {
    const { holdings, lines, symbols, book, currency } = inputs;
    const asOf = request.end_date ?? request.as_of;
    const wanted = this.wanted(request, inputs, { warmUpDays });
    const { lookbackDays } = wanted;
    const window = await this.windows.of(wanted);
    const exposures = await inSlices(exposuresAt(lines, { symbols, book, asOfDay: window.asOfDay }));
    requireCoverage(window, exposures);
    return {
      holdings,
      listed: [...new Set(lines.map(({ symbol }) => symbol))],
      currency,
      exposures,
      window,
      benchmark: request.benchmark ?? null,
      lookbackDays: request.start_date === undefined ? lookbackDays : window.calendarCount,
      asOf: asOf ?? dateOf(window.asOfDay),
      book,
      valuation: valuationOf(asOf === undefined ? holdings : null, dateOf(window.asOfDay)),
      equity: request.equity ?? holdings?.equity ?? null,
    };
  }

  /** The returns that a request is measured on. */
  wanted(request: VarRequest, { symbols, book, benchmark }: PortfolioInputs, { warmUpDays = 0 } = {}): WantedWindow {
    const asOf = request.end_date ?? request.as_of;
    return {
      symbols,
      series: symbols.map((symbol) => book.series(symbol)!),
      benchmark,
      endDay: asOf === undefined ? undefined : dayOf(asOf),
      startDay: request.start_date === undefined ? undefined : dayOf(request.start_date),
      lookbackDays: request.lookback_days ?? LOOKBACK_DAYS,
      warmUpDays,
    };
  }
}

/** An account without an `as_of` is worth what its marks say now. */
function valuationOf(holdings: Holdings | null, closesOf: string): Valuation {
  const times = (holdings?.positions ?? []).flatMap(({ mark }) => (mark ? [mark.asOf] : [])).sort();
  const [oldest, newest] = [times[0], times.at(-1)];
  if (oldest === undefined || newest === undefined) return { basis: 'closes', oldest: closesOf, newest: closesOf };
  return { basis: 'marks', oldest, newest };
}

function benchmarkSeries(benchmark: string, book: PriceBook) {
  const series = book.series(benchmark);
  if (series) return series;
  const detail = `no price history is stored for ${benchmark}`;
  throw new RiskError('unknown_symbol', detail, {
    members: { symbols: [benchmark] },
    errors: [{ pointer: '/benchmark', code: 'unknown_symbol', detail }],
  });
}

const COVERAGE_MIN = 0.8;

function requireCoverage(window: ReturnWindow, exposures: Exposures): void {
  const coverage = coverageOf(window, exposures);
  if (coverage >= COVERAGE_MIN) return;
  const symbols = window.proxied.map(({ index }) => exposures.symbols[index]!);
  throw new RiskError(
    'insufficient_data',
    `real returns cover ${(coverage * 100).toFixed(1)} % of the portfolio up to ${dateOf(window.asOfDay)}, need at least ${COVERAGE_MIN * 100} %`,
    { members: { have: coverage, need: COVERAGE_MIN, symbols } },
  );
}
