import { createHash } from 'node:crypto';
import type { PriceSeries } from '../market/price-book.js';
import type { Day } from '../market/price-day.js';
import type { Holdings } from '../portfolio/ports.js';
import type { PortfolioInputs, PortfolioMoment } from './var-reply.js';
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

/** All that a reply depends on, but for the closes. */
export interface Question {
  readonly method: string;
  readonly request: VarRequest;
  readonly moment: PortfolioMoment;
  /** What a request leaves open, and the day on which a window without `as_of` is said to be old. */
  readonly settings: { readonly confidenceLevel: number; readonly today: Day; readonly serviceVersion: string };
}

/** What is held at its marks; of an earlier day nothing is valued at the marks of now. */
const MARKED = new WeakMap<Holdings, string>();
const UNMARKED = new WeakMap<Holdings, string>();

/** Written once for all requests that share an answer of the store. */
function holdingsText(holdings: Holdings, atMarks: boolean): string {
  const known = (atMarks ? MARKED : UNMARKED).get(holdings);
  if (known !== undefined) return known;
  const withoutMarks = holdings.positions.map(({ mark: _, ...position }) => position);
  const text = JSON.stringify(atMarks ? holdings : { ...holdings, positions: withoutMarks });
  (atMarks ? MARKED : UNMARKED).set(holdings, text);
  return text;
}

/** As one text: the same for the same question. */
export function questionText({ method, request, moment: { holdings, terms }, settings }: Question): string {
  const asOf = request.end_date ?? request.as_of;
  const asked = JSON.stringify([
    settings.serviceVersion,
    method,
    settings.confidenceLevel,
    asOf === undefined ? settings.today : null,
    request,
    request.positions?.map(({ symbol }) => terms.get(symbol) ?? null),
  ]);
  return holdings === null ? asked : `${asked};${holdingsText(holdings, asOf === undefined)}`;
}

/** Of the reply to a question, by the closes too; yields between symbols. */
export function* resultKey(
  question: string,
  { book, symbols, benchmark }: Pick<PortfolioInputs, 'book' | 'symbols' | 'benchmark'>,
): Generator<void, string> {
  const digest = createHash('sha256').update(`${book.version};${question}`);
  for (const symbol of symbols) {
    digest.update(seriesDigest(book.series(symbol)!));
    yield;
  }
  if (benchmark) digest.update('benchmark').update(seriesDigest(benchmark));
  return digest.digest('base64url');
}
