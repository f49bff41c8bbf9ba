import { Injectable } from '@nestjs/common';
import { residentColumns } from '../../quant/resident-columns.js';
import { RiskError } from '../errors.js';
import { inSlices } from '../in-slices.js';
import { Instruments, Prices } from '../market/ports.js';
import type { PriceBook } from '../market/price-book.js';
import { dateOf, dayOf } from '../market/price-day.js';
import { type ReturnWindow, returnWindow } from '../market/return-window.js';
import { type Holdings, Portfolios } from '../portfolio/ports.js';
import {
  accountLines,
  coverageOf,
  type Exposures,
  exposuresAt,
  heldSymbols,
  inlineLines,
  type Line,
} from './exposures.js';
import type { PortfolioWindow, Valuation } from './var-reply.js';
import type { InlinePosition, VarRequest } from './var-request.schema.js';

const LOOKBACK_DAYS = 252;
/** Returns over this many numbers are placed where SIMD kernels run and a thread reads without a copy; for fewer it costs more than it saves. */
const SHARED_FROM = 100_000;

/** Brings together what every VaR method starts from: positions, their values, and the returns of the window. */
@Injectable()
export class PortfolioWindows {
  constructor(
    private readonly prices: Prices,
    private readonly portfolios: Portfolios,
    private readonly instruments: Instruments,
  ) {}

  /** Throws `account_not_found`, `no_positions`, `currency_mismatch`, `unknown_symbol`, `no_price`, `insufficient_data`. */
  async of(request: VarRequest, { warmUpDays = 0 } = {}): Promise<PortfolioWindow> {
    const { account_id, benchmark } = request;
    const [book, holdings] = await Promise.all([
      this.prices.current(),
      account_id === undefined ? null : this.portfolios.holdings(account_id),
    ]);
    const asOf = request.end_date ?? request.as_of;
    const currency = holdings?.currency ?? request.currency ?? 'USD';
    const lines = holdings
      ? accountLines(holdings, { historical: asOf !== undefined })
      : await this.inlineLines(request.positions ?? [], currency);
    if (lines.length === 0) throw new RiskError('no_positions', `account ${account_id} holds no positions`);
    const endDay = asOf === undefined ? undefined : dayOf(asOf);
    const symbols = await inSlices(heldSymbols(lines, book, endDay));
    const lookbackDays = request.lookback_days ?? LOOKBACK_DAYS;
    const window = await inSlices(
      returnWindow({
        symbols,
        series: symbols.map((symbol) => book.series(symbol)!),
        benchmark: benchmark === undefined ? undefined : benchmarkSeries(benchmark, book),
        endDay,
        startDay: request.start_date === undefined ? undefined : dayOf(request.start_date),
        lookbackDays,
        warmUpDays,
        allocate: columnsOf(symbols.length),
      }),
    );
    const exposures = await inSlices(exposuresAt(lines, { symbols, book, asOfDay: window.asOfDay }));
    requireCoverage(window, exposures);
    return {
      holdings,
      listed: [...new Set(lines.map(({ symbol }) => symbol))],
      currency,
      exposures,
      window,
      benchmark: benchmark ?? null,
      lookbackDays: request.start_date === undefined ? lookbackDays : window.calendarCount,
      asOf: asOf ?? dateOf(window.asOfDay),
      book,
      valuation: valuationOf(asOf === undefined ? holdings : null, dateOf(window.asOfDay)),
      equity: request.equity ?? holdings?.equity ?? null,
    };
  }

  private async inlineLines(positions: readonly InlinePosition[], currency: string): Promise<Line[]> {
    const symbols = [...new Set(positions.map(({ symbol }) => symbol))];
    return inlineLines(positions, currency, await this.instruments.find(symbols));
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

/** Places the columns of a large window in one memory: handing over thousands takes longer than to compute. */
function columnsOf(count: number): (length: number) => Float64Array {
  let columns: Float64Array[] | undefined;
  let taken = 0;
  return (length) => {
    if (length * count < SHARED_FROM) return new Float64Array(length);
    columns ??= residentColumns(count, length);
    return columns[taken++]!;
  };
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
