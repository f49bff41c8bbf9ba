import { formatMoney, minorUnits } from '../../decimal/decimal.js';
import type { ConfidenceInterval } from '../../quant/order-statistic-interval.js';
import type { MarketMoment } from '../market/ports.js';
import type { PriceBook, PriceSeries } from '../market/price-book.js';
import { dateOf } from '../market/price-day.js';
import { OBSERVATIONS_MIN, type ReturnWindow } from '../market/return-window.js';
import type { Holdings } from '../portfolio/ports.js';
import { coverageOf, type Exposures, type Line } from './exposures.js';
import type { Contributions, HorizonMethod } from './scenario-input.js';
import type { VarResult, Warning } from './var-reply.schema.js';

export interface Valuation {
  /** Live marks, or closes where the request gives neither price nor value. */
  readonly basis: 'marks' | 'closes';
  /** Time of the oldest and of the newest mark, or the date of the closes. */
  readonly oldest: string;
  readonly newest: string;
}

/** What the store says where a portfolio is asked about. */
export interface PortfolioMoment extends MarketMoment {
  /** Of an account; null where the positions stand in the request, whose symbols `terms` is about. */
  readonly holdings: Holdings | null;
}

/** Everything a portfolio is measured by, before anything is computed. */
export interface PortfolioInputs {
  readonly holdings: Holdings | null;
  readonly lines: readonly Line[];
  readonly currency: string;
  /** The held symbols, ascending. */
  readonly symbols: readonly string[];
  readonly book: PriceBook;
  readonly benchmark: PriceSeries | undefined;
}

/** A portfolio with the returns it is measured on. */
export interface PortfolioWindow {
  readonly holdings: Holdings | null;
  /** Symbols as the request or the account lists them. */
  readonly listed: readonly string[];
  readonly currency: string;
  readonly exposures: Exposures;
  readonly window: ReturnWindow;
  readonly benchmark: string | null;
  readonly lookbackDays: number;
  readonly asOf: string;
  readonly book: PriceBook;
  /** What the positions were valued at, and of when that is. */
  readonly valuation: Valuation;
  /** What ratios are relative to. */
  readonly equity: string | null;
}

/** Writes amounts of one portfolio as money of its currency and as ratios to its base. */
export class VarReplies {
  readonly ratioBase: 'equity' | 'gross_market_value';
  private readonly base: number;
  private readonly digits: number;
  private readonly gross: number;

  constructor(private readonly portfolio: PortfolioWindow) {
    this.digits = minorUnits(portfolio.currency);
    this.gross = portfolio.exposures.marketValues.reduce((sum, value) => sum + Math.abs(value), 0);
    const usable = Number(portfolio.equity ?? 0) > 0;
    this.ratioBase = usable ? 'equity' : 'gross_market_value';
    this.base = usable ? Number(portfolio.equity) : this.gross;
  }

  money = (amount: number): string => formatMoney(amount, this.digits);
  /** 0 of nothing is 0: a book that nets to no exposure loses nothing. */
  ratio = (amount: number): number => (this.base === 0 ? 0 : amount / this.base);

  measures({ valueAtRisk, expectedShortfall }: { valueAtRisk: number; expectedShortfall: number }) {
    return {
      var_value: this.money(valueAtRisk),
      expected_shortfall: this.money(expectedShortfall),
      var_ratio: this.ratio(valueAtRisk),
      expected_shortfall_ratio: this.ratio(expectedShortfall),
    };
  }

  interval(interval: ConfidenceInterval | null): VarResult['confidence_interval'] {
    if (!interval) return null;
    const { level, lower, upper } = interval;
    return {
      level,
      lower: lower === null ? null : this.money(lower),
      upper: upper === null ? null : this.money(upper),
      lower_ratio: lower === null ? null : this.ratio(lower),
      upper_ratio: upper === null ? null : this.ratio(upper),
    };
  }

  /** In the order in which the symbols were listed; yields between them. */
  *contributions(parts: Contributions | null): Generator<void, VarResult['contributions']> {
    if (!parts) return null;
    const { symbols, marketValues } = this.portfolio.exposures;
    const position = new Map(symbols.map((symbol, index) => [symbol, index]));
    const written: NonNullable<VarResult['contributions']> = [];
    for (const symbol of this.portfolio.listed) {
      const index = position.get(symbol)!;
      written.push({
        symbol,
        market_value: this.money(marketValues[index]!),
        component_var: this.money(parts.valueAtRisk[index]!),
        component_var_ratio: this.ratio(parts.valueAtRisk[index]!),
        component_es: this.money(parts.expectedShortfall[index]!),
        component_es_ratio: this.ratio(parts.expectedShortfall[index]!),
      });
      yield;
    }
    return written;
  }

  /** Everything a reply says beside its results: what was measured, on which data. */
  envelope() {
    const { holdings, currency, exposures, equity, asOf } = this.portfolio;
    return {
      as_of: asOf,
      account_id: holdings?.accountId ?? null,
      currency,
      portfolio_value: this.money(exposures.marketValues.reduce((sum, value) => sum + value, 0)),
      gross_market_value: this.money(this.gross),
      equity,
      ratio_base: this.ratioBase,
      data: this.data(),
    };
  }

  private data() {
    const { window, exposures, benchmark, book, valuation } = this.portfolio;
    return {
      first_date: dateOf(window.days[0]!),
      last_date: dateOf(window.days.at(-1)!),
      observation_count: window.days.length,
      excluded: [],
      proxied: window.proxied.map(({ index, count, beta }) => ({
        symbol: exposures.symbols[index]!,
        missing: count,
        beta,
      })),
      dropped_dates: window.droppedCount,
      coverage: coverageOf(window, exposures),
      benchmark,
      valuation,
      price_version: book.version,
    };
  }

  /** What a reader must know of the data before trusting the numbers. */
  dataWarnings(): Warning[] {
    const { window, exposures, lookbackDays, asOf, equity, holdings } = this.portfolio;
    const warnings: Warning[] = [];
    const count = window.days.length;
    if (count < lookbackDays) {
      const message = `${count} of ${lookbackDays} daily returns are there (at least ${OBSERVATIONS_MIN} are needed)`;
      warnings.push({ code: 'short_history', message });
    }
    if (window.startsLate) {
      const message = `prices are stored from ${dateOf(window.days[0]!)} on, later than the start_date asked for`;
      warnings.push({ code: 'short_history', message });
    }
    if (window.droppedCount > 0) {
      const message = `${window.droppedCount} dates lack a close of some symbol and were dropped; a benchmark would fill them`;
      warnings.push({ code: 'dates_dropped', message });
    }
    if (window.proxied.length > 0) {
      const symbols = window.proxied.map(({ index }) => exposures.symbols[index]!);
      warnings.push({ code: 'returns_proxied', message: 'missing returns were filled by β·benchmark', symbols });
    }
    if (exposures.stale.size > 0) {
      const symbols = [...exposures.stale.keys()];
      const closes = symbols.map((symbol) => `${symbol} ${exposures.stale.get(symbol)}`).join(', ');
      warnings.push({ code: 'stale_price', message: `valued at an older close than asked: ${closes}`, symbols });
    }
    if (dateOf(window.asOfDay) < asOf) {
      const message = `the last stored close is of ${dateOf(window.asOfDay)}, as_of is ${asOf}`;
      warnings.push({ code: 'data_ends_before_as_of', message });
    }
    if (holdings && this.ratioBase !== 'equity') {
      const got = equity === null ? 'is not set' : `is ${equity}`;
      warnings.push({ code: 'equity_unusable', message: `equity ${got}: ratios are relative to gross market value` });
    }
    return warnings;
  }
}

/** One worst loss stands for all that could be worse (docs/conventions.md §2). `thin` says at which levels, and why. */
export function thinTailWarnings(thin: readonly string[], scenarios: string): Warning[] {
  if (thin.length === 0) return [];
  const message = `the worst of ${scenarios} alone is the tail at confidence ${thin.join(', ')}: the result rests on that one loss`;
  return [{ code: 'thin_tail', message }];
}

export function noInterval(reason: string): Warning {
  return { code: 'interval_unavailable', message: `${reason}: no confidence interval is given` };
}

export function horizonWarnings(horizon: HorizonMethod, horizonDays: number): Warning[] {
  if (horizon === 'one_day') return [];
  if (horizon === 'square_root') {
    const message = `the one-day result was scaled by √${horizonDays}; the window is too short for overlapping ${horizonDays}-day moves or the method has none`;
    return [{ code: 'horizon_scaled', message }];
  }
  return [noInterval('overlapping windows depend on each other')];
}
