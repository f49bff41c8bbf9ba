import { Injectable } from '@nestjs/common';
import { Cached } from '../../cache/cached.decorator.js';
import { Cache, type WarmUpOptions, type WarmUpOutcome } from '../../cache/ports.js';
import { residentColumns } from '../../quant/resident-columns.js';
import { inSlices } from '../in-slices.js';
import { type ReturnWindow, returnWindow } from '../market/return-window.js';
import { type WantedWindow, windowKey } from './content-key.js';

/**
 * Returns over this many numbers are placed where SIMD kernels run and a thread reads without a copy; for fewer it costs
 * more than it saves. They are not cached, which would be another copy.
 */
const SHARED_FROM = 100_000;
const TTL_SECONDS = 3_600;
const keyOf = (wanted: WantedWindow) => `return_windows:${windowKey(wanted)}`;

/** The returns of a window, from the cache where they were made before. */
@Injectable()
export class ReturnWindows {
  constructor(private readonly cache: Cache) {}

  /** Throws `insufficient_data`. */
  of(wanted: WantedWindow): Promise<ReturnWindow> {
    return returnsMax(wanted) < SHARED_FROM ? this.small(wanted) : this.build(wanted);
  }

  /** Makes those that are not there. */
  warm(all: readonly WantedWindow[], options: WarmUpOptions): Promise<WarmUpOutcome> {
    const small = all.filter((wanted) => returnsMax(wanted) < SHARED_FROM);
    const byKey = new Map(small.map((wanted) => [keyOf(wanted), wanted]));
    const load = (key: string) => this.build(byKey.get(key)!);
    return this.cache.warmup([...byKey.keys()], load, { ttl: TTL_SECONDS, ...options });
  }

  @Cached({ ttl: TTL_SECONDS, key: keyOf })
  private small(wanted: WantedWindow): Promise<ReturnWindow> {
    return this.build(wanted);
  }

  private build(wanted: WantedWindow): Promise<ReturnWindow> {
    return inSlices(returnWindow({ ...wanted, allocate: columnsOf(wanted.symbols.length) }));
  }
}

/** More than the window can hold. */
function returnsMax({ symbols, series, startDay, endDay, lookbackDays, warmUpDays }: WantedWindow): number {
  const lastDay = Math.max(...series.map(({ days }) => days.at(-1) ?? 0));
  const days = startDay === undefined ? lookbackDays : Math.max(0, (endDay ?? lastDay) - startDay);
  return symbols.length * (days + warmUpDays + 1);
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
