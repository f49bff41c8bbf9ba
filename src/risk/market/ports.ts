import type { Job } from '../../jobs/jobs.schema.js';
import type { HeldInstrument } from './instrument-rules.js';
import type { Instrument, InstrumentQuery } from './instruments.schema.js';
import type { Mark } from './mark.js';
import type { PriceBook, PriceChunk } from './price-book.js';
import type { PriceImportQuery } from './price-import.schema.js';
import type { OfferedQuote } from './quote-rules.js';
import type { Quote } from './quotes.schema.js';

/** Marks of symbols (see `markOf`); a symbol without one has no entry. */
export abstract class Marks {
  abstract of(symbols: readonly string[]): Promise<ReadonlyMap<string, Mark>>;
}

/** Instruments of the store. */
export abstract class Instruments {
  /** Those of the symbols that exist. */
  abstract find(symbols: readonly string[]): Promise<ReadonlyMap<string, Instrument>>;
  /** Ascending by symbol, after `cursor`; one more than `limit` where there are more. */
  abstract list(query: InstrumentQuery): Promise<Instrument[]>;
  /**
   * Creates or replaces all of them or none. `check` sees those that are held and stored in another currency, while
   * that cannot change, and throws to refuse.
   */
  abstract put(
    instruments: readonly Instrument[],
    check: (held: readonly HeldInstrument[]) => void,
  ): Promise<{ created: number; updated: number }>;
}

/** The latest quote of each symbol in the store. */
export abstract class Quotes {
  abstract find(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>>;
  /** Stores each quote unless one of its time or newer is there. At most one quote for a symbol. */
  abstract offer(quotes: readonly Quote[]): Promise<OfferedQuote[]>;
}

/** Closes to be stored in one piece, together with the end of the job that brings them. */
export interface PriceWrite {
  /** The version they were merged with; the write makes it one higher. */
  baseVersion: number;
  chunks: readonly PriceChunk[];
  outcome: { jobId: string; result: Record<string, unknown> };
  /** Aborted: nothing is written. */
  signal: AbortSignal;
  onProgress(chunksDone: number): void;
}

/** What an instrument says of a position beside its prices. */
export type Terms = Pick<Instrument, 'multiplier' | 'currency'>;

/** The price history of the store. Its version rises with every import that changes something. */
export abstract class PriceHistory {
  /** The version, and what those of the symbols that are instruments say, in one statement: of one moment. */
  abstract moment(
    symbols: readonly string[],
  ): Promise<{ readonly version: number; readonly terms: ReadonlyMap<string, Terms> }>;
  /** The chunks written after that version, as they stand at the version returned. */
  abstract load(sinceVersion: number): Promise<{ version: number; chunks: PriceChunk[] }>;
  /** `outdated`: the store is not at the base version (any more). `disowned`: the job is over. Nothing is written then. */
  abstract write(write: PriceWrite): Promise<'written' | 'outdated' | 'disowned'>;
}

/** What positions are measured by, as the store has it. */
export interface MarketMoment {
  /** The price history, which does not change while it is used. */
  readonly book: PriceBook;
  /** Of the symbols asked for that are instruments, and maybe of others. */
  readonly terms: ReadonlyMap<string, Terms>;
}

/** The price history in memory. */
export abstract class Prices {
  /** The book at the version of the store, which is asked for it. */
  abstract current(): Promise<PriceBook>;
  /** The same, and the terms of these symbols with the same question. */
  abstract moment(symbols: readonly string[]): Promise<MarketMoment>;
  /** Calls the listener with each later version that this instance sees. */
  abstract onChange(listener: (book: PriceBook) => void): void;
}

export interface PriceImport {
  path: string;
  /** Where the file came from, in words. */
  source: string;
  options: PriceImportQuery;
  jobId?: string;
  /** The file is removed when the job ends, unless this is set. */
  keepFile?: boolean;
}

/** Imports of files of closes. */
export abstract class PriceImports {
  /** Queues the import of a file on disk as a job. */
  abstract start(order: PriceImport): Promise<Job>;
}
