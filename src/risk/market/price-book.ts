import { type Day, yearOf } from './price-day.js';

/** Closes of one symbol: days ascending, closes in parallel, all > 0. Shared by everyone who reads it: never written. */
export interface PriceSeries {
  readonly days: Int32Array;
  readonly closes: Float64Array;
}

/** The closes of one symbol in one calendar year: the unit of storage. */
export interface PriceChunk extends PriceSeries {
  readonly symbol: string;
  readonly year: number;
}

/** What a symbol's history covers. */
export interface PriceCoverage {
  readonly symbol: string;
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly count: number;
  /** Days between its first and last on which another symbol has a close and it has none. */
  readonly gaps: number;
}

/**
 * The price history in memory, an image of the store at one version. It never changes: a later version is a new book
 * that shares the series that stayed the same, so a computation can hold on to its book.
 */
export class PriceBook {
  static readonly empty = new PriceBook(0, new Map());

  private names: readonly string[] | undefined;
  private days: Int32Array | undefined;

  private constructor(
    /** 0 is the empty store. */
    readonly version: number,
    private readonly bySymbol: ReadonlyMap<string, PriceSeries>,
  ) {}

  /** Ascending by code unit, as the database orders them. */
  symbols(): readonly string[] {
    this.names ??= [...this.bySymbol.keys()].sort();
    return this.names;
  }

  series(symbol: string): PriceSeries | undefined {
    return this.bySymbol.get(symbol);
  }

  lastClose(symbol: string): { day: Day; close: number } | undefined {
    const series = this.bySymbol.get(symbol);
    return series && { day: series.days.at(-1)!, close: series.closes.at(-1)! };
  }

  /** Every day on which any symbol has a close, ascending. */
  calendar(): Int32Array {
    this.days ??= unionOfDays([...this.bySymbol.values()]);
    return this.days;
  }

  coverage(symbol: string): PriceCoverage | undefined {
    const days = this.bySymbol.get(symbol)?.days;
    if (!days) return undefined;
    const [firstDay, lastDay] = [days[0]!, days.at(-1)!];
    const between = lowerBound(this.calendar(), lastDay) - lowerBound(this.calendar(), firstDay) + 1;
    return { symbol, firstDay, lastDay, count: days.length, gaps: between - days.length };
  }

  /** The book after these chunks replaced theirs. */
  apply(version: number, chunks: readonly PriceChunk[]): PriceBook {
    const bySymbol = new Map<string, PriceChunk[]>();
    for (const chunk of chunks) {
      const own = bySymbol.get(chunk.symbol);
      if (own) own.push(chunk);
      else bySymbol.set(chunk.symbol, [chunk]);
    }
    const changed = [...bySymbol].map(([symbol, own]) => [symbol, withChunks(this.series(symbol), own)] as const);
    return this.with(version, new Map(changed));
  }

  /** The book after these series replaced theirs. */
  with(version: number, changed: ReadonlyMap<string, PriceSeries>): PriceBook {
    return new PriceBook(version, new Map([...this.bySymbol, ...changed]));
  }
}

/** Index of the first day that is not before `day`. */
export function lowerBound(days: Int32Array, day: Day): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The series cut at the turns of the years; views, not copies. */
export function chunksOf(symbol: string, { days, closes }: PriceSeries): PriceChunk[] {
  const chunks: PriceChunk[] = [];
  for (let start = 0; start < days.length; ) {
    const year = yearOf(days[start]!);
    const end = lowerBound(days, firstDayOf(year + 1));
    chunks.push({ symbol, year, days: days.subarray(start, end), closes: closes.subarray(start, end) });
    start = end;
  }
  return chunks;
}

function firstDayOf(year: number): Day {
  return Date.UTC(year, 0, 1) / 86_400_000;
}

function withChunks(stored: PriceSeries | undefined, chunks: readonly PriceChunk[]): PriceSeries {
  const years = new Set(chunks.map((chunk) => chunk.year));
  const kept = stored ? chunksOf('', stored).filter((chunk) => !years.has(chunk.year)) : [];
  const ordered = [...kept, ...chunks].sort((a, b) => a.year - b.year);
  const length = ordered.reduce((sum, chunk) => sum + chunk.days.length, 0);
  const series = { days: new Int32Array(length), closes: new Float64Array(length) };
  let at = 0;
  for (const chunk of ordered) {
    series.days.set(chunk.days, at);
    series.closes.set(chunk.closes, at);
    at += chunk.days.length;
  }
  return series;
}

function unionOfDays(all: readonly PriceSeries[]): Int32Array {
  const first = all.reduce((least, { days }) => Math.min(least, days[0]!), Number.POSITIVE_INFINITY);
  const last = all.reduce((most, { days }) => Math.max(most, days.at(-1)!), Number.NEGATIVE_INFINITY);
  const traded = new Uint8Array(all.length > 0 ? last - first + 1 : 0);
  for (const { days } of all) for (let i = 0; i < days.length; i++) traded[days[i]! - first] = 1;
  const union = new Int32Array(traded.reduce((sum, flag) => sum + flag, 0));
  for (let offset = 0, at = 0; offset < traded.length; offset++) if (traded[offset]) union[at++] = first + offset;
  return union;
}
