import { createHash, hash } from 'node:crypto';
import type { PriceSeries } from '../market/price-book.js';
import type { Day } from '../market/price-day.js';
import type { PortfolioInputs } from './var-reply.js';
import type { VarRequest } from './var-request.schema.js';

/** Keys that hold everything a value depends on, so that whatever changes makes another key. */

const digests = new WeakMap<PriceSeries, string>();

/** By its content: the same version number may stand for other closes in another database. */
export function seriesDigest(series: PriceSeries): string {
  const known = digests.get(series);
  if (known) return known;
  const digest = createHash('sha256').update(series.days).update(series.closes).digest('base64url');
  digests.set(series, digest);
  return digest;
}

/** The returns that are wanted. */
export interface WantedWindow {
  readonly symbols: readonly string[];
  readonly series: readonly PriceSeries[];
  readonly benchmark?: PriceSeries | undefined;
  readonly endDay?: Day | undefined;
  readonly startDay?: Day | undefined;
  readonly lookbackDays: number;
  readonly warmUpDays: number;
}

/** Of the returns of a window. */
export function windowKey({ series, benchmark, ...request }: WantedWindow): string {
  const digest = createHash('sha256').update(JSON.stringify(request));
  for (const one of series) digest.update(seriesDigest(one));
  if (benchmark) digest.update('benchmark').update(seriesDigest(benchmark));
  return digest.digest('base64url');
}

export interface ResultKey {
  readonly method: string;
  readonly request: VarRequest;
  readonly inputs: PortfolioInputs;
  /** What a request leaves open, and the day on which a window without `as_of` is said to be old. */
  readonly settings: { readonly confidenceLevel: number; readonly today: Day; readonly serviceVersion: string };
}

/** Of an earlier day nothing is valued at the marks of now. */
const withoutMarks = (holdings: PortfolioInputs['holdings']) =>
  holdings && { ...holdings, positions: holdings.positions.map(({ mark: _, ...position }) => position) };

/** Of a whole reply; yields between symbols. */
export function* resultKey({ method, request, inputs, settings }: ResultKey): Generator<void, string> {
  const { holdings, terms, book, symbols, benchmark } = inputs;
  const asOf = request.end_date ?? request.as_of;
  const digests: string[] = [];
  for (const symbol of symbols) {
    digests.push(seriesDigest(book.series(symbol)!));
    yield;
  }
  const content = [
    settings.serviceVersion,
    method,
    settings.confidenceLevel,
    asOf === undefined ? settings.today : null,
    book.version,
    request,
    asOf === undefined ? holdings : withoutMarks(holdings),
    // What an account holds brings its own.
    holdings ? null : symbols.map((symbol) => terms.get(symbol) ?? null),
    digests,
    benchmark ? seriesDigest(benchmark) : null,
  ];
  return hash('sha256', JSON.stringify(content), 'base64url');
}
