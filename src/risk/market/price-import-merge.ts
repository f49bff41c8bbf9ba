import { chunksOf, type PriceChunk, type PriceSeries } from './price-book.js';
import { type Day, dateOf } from './price-day.js';
import type { ProblemList } from './price-import-problems.js';
import type { FileSeries } from './price-import-series.js';

/** A day's move beyond this is more often a forgotten split than the market. */
const JUMP_RATIO_MAX = 0.5;

export interface Merged {
  readonly series: PriceSeries;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Stored closes with those of the file put in; the file wins. Both are sorted. */
export function mergeSeries(stored: PriceSeries | undefined, file: FileSeries, warnings: ProblemList): Merged {
  const old = stored ?? { days: new Int32Array(0), closes: new Float64Array(0) };
  const { days, closes, lines } = file;
  const merged = { days: new Int32Array(old.days.length + days.length), closes: new Float64Array(0), length: 0 };
  merged.closes = new Float64Array(merged.days.length);
  let [inserted, updated, unchanged, previousLine] = [0, 0, 0, 0];
  for (let i = 0, j = 0; i < old.days.length || j < days.length; merged.length++) {
    const oldDay = i < old.days.length ? old.days[i]! : Number.POSITIVE_INFINITY;
    const newDay = j < days.length ? days[j]! : Number.POSITIVE_INFINITY;
    const day = Math.min(oldDay, newDay);
    const line = newDay === day ? lines[j]! : 0;
    const close = newDay === day ? closes[j]! : old.closes[i]!;
    if (newDay < oldDay) inserted++;
    else if (newDay === oldDay && close === old.closes[i]) unchanged++;
    else if (newDay === oldDay) updated++;
    merged.days[merged.length] = day;
    merged.closes[merged.length] = close;
    if ((line || previousLine) && merged.length > 0) warnOfJump(merged, file, line || previousLine, warnings);
    if (oldDay === day) i++;
    if (newDay === day) j++;
    previousLine = line;
  }
  if (stored && inserted + updated === 0) return { series: stored, inserted, updated, unchanged };
  const series = { days: merged.days.slice(0, merged.length), closes: merged.closes.slice(0, merged.length) };
  return { series, inserted, updated, unchanged };
}

/** The chunks of the merged series that are not stored like this already. */
export function changedChunks(symbol: string, merged: PriceSeries, stored: PriceSeries | undefined): PriceChunk[] {
  const before = new Map(stored && chunksOf(symbol, stored).map((chunk) => [chunk.year, chunk]));
  return chunksOf(symbol, merged).filter((chunk) => !sameCloses(chunk, before.get(chunk.year)));
}

function sameCloses(a: PriceSeries, b: PriceSeries | undefined): boolean {
  if (a.days.length !== b?.days.length) return false;
  return a.days.every((day, i) => day === b.days[i]) && a.closes.every((close, i) => close === b.closes[i]);
}

interface Growing {
  days: Int32Array;
  closes: Float64Array;
  length: number;
}

/** Looks at the close just put at the end and the one before it. */
function warnOfJump({ days, closes, length }: Growing, file: FileSeries, line: number, warnings: ProblemList): void {
  const [before, after] = [closes[length - 1]!, closes[length]!];
  const move = after / before - 1;
  if (Math.abs(move) <= JUMP_RATIO_MAX) return;
  const from = `${before} on ${dateOf(days[length - 1] as Day)}`;
  const to = `${after} on ${dateOf(days[length] as Day)}`;
  const detail = `${file.symbol} moved by ${(move * 100).toFixed(1)} % from ${from} to ${to}; closes must be split-adjusted`;
  warnings.add({ line, column: file.column, code: 'suspicious_jump', detail });
}
