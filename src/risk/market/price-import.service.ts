import { rm, stat } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../jobs/jobs.schema.js';
import { type JobContext, JobFailure, Jobs } from '../../jobs/ports.js';
import { Clock } from '../clock.js';
import { PriceHistory, type PriceImport } from './ports.js';
import type { PriceBook, PriceChunk, PriceSeries } from './price-book.js';
import type { PriceCsv } from './price-csv.js';
import { dateOf, dayAt } from './price-day.js';
import { readPriceFile } from './price-import.reader.js';
import type { PriceImportQuery, PriceImportResult } from './price-import.schema.js';
import { changedChunks, mergeSeries } from './price-import-merge.js';
import { ProblemList } from './price-import-problems.js';
import { PricesService } from './prices.service.js';

/** Expected shares of the time. */
const PHASES = { reading: 75, checking: 5, writing: 20 };
/** Other instances may import between our look at the store and our write; they will not for ever. */
const WRITE_ATTEMPTS_MAX = 5;

/** Imports files of closes as jobs: all of a file or nothing, unless told to skip what is faulty. */
@Injectable()
export class PriceImportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly prices: PricesService,
    private readonly history: PriceHistory,
    private readonly clock: Clock,
  ) {}

  async start(order: PriceImport): Promise<Job> {
    const { size } = await stat(order.path);
    const request = { source: order.source, bytes: size, ...order.options };
    const remove = async () => (order.keepFile ? undefined : rm(order.path, { force: true }));
    try {
      return await this.jobs.start({
        kind: 'price_import',
        id: order.jobId,
        request,
        phases: PHASES,
        run: (context) => this.run(order, size, context),
        cleanUp: remove,
      });
    } catch (error) {
      await remove();
      throw error;
    }
  }

  private async run(order: PriceImport, size: number, context: JobContext): Promise<PriceImportResult> {
    const csv = await readPriceFile(order.path, {
      today: dayAt(this.clock.now().getTime()),
      signal: context.signal,
      onBytes: (done) => context.progress('reading', done, size),
    });
    const all = csv.series;
    for (const [index, series] of all.entries()) {
      series.sort();
      context.progress('checking', index, all.length);
      await context.breathe();
    }
    const { options } = order;
    const faulty = csv.problems.fatal || (csv.problems.count > 0 && options.on_error === 'fail');
    if (!faulty) return this.merge(csv, options, context);
    const result = summary(csv, options, { book: await this.prices.current() });
    if (options.dry_run) return result;
    const count = csv.problems.count === 1 ? '1 error' : `${csv.problems.count} errors`;
    const first = result.errors[0]!;
    throw new JobFailure(
      'validation_failed',
      `${count}, nothing was written; line ${first.line}: ${first.detail}`,
      result,
    );
  }

  private async merge(csv: PriceCsv, options: PriceImportQuery, context: JobContext): Promise<PriceImportResult> {
    for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX; attempt++) {
      const book = await this.prices.current();
      const merged = await mergeAll(csv, book, context);
      const result = summary(csv, options, { book, merged });
      if (options.dry_run || merged.chunks.length === 0) return result;
      result.price_version = book.version + 1;
      const written = await this.history.write({
        baseVersion: book.version,
        chunks: merged.chunks,
        outcome: { jobId: context.jobId, result },
        signal: context.signal,
        onProgress: (done) => context.progress('writing', done, merged.chunks.length),
      });
      if (written === 'disowned')
        throw new JobFailure('interrupted', 'Another instance gave this job up; nothing was written');
      if (written === 'outdated') continue;
      await this.prices.written(book.version, merged.series);
      return result;
    }
    throw new JobFailure(
      'conflict',
      'The price history kept changing meanwhile; nothing was written, start the import again',
    );
  }
}

interface MergedFile {
  /** What became another series. */
  series: Map<string, PriceSeries>;
  chunks: PriceChunk[];
  inserted: number;
  updated: number;
  unchanged: number;
  warnings: ProblemList;
}

async function mergeAll(csv: PriceCsv, book: PriceBook, context: JobContext): Promise<MergedFile> {
  const all: MergedFile = {
    series: new Map(),
    chunks: [],
    inserted: 0,
    updated: 0,
    unchanged: 0,
    warnings: new ProblemList(),
  };
  for (const file of csv.series) {
    if (file.days.length === 0) continue;
    const stored = book.series(file.symbol);
    const { series, inserted, updated, unchanged } = mergeSeries(stored, file, all.warnings);
    all.inserted += inserted;
    all.updated += updated;
    all.unchanged += unchanged;
    if (series !== stored) {
      all.series.set(file.symbol, series);
      for (const chunk of changedChunks(file.symbol, series, stored)) all.chunks.push(chunk);
    }
    await context.breathe();
  }
  return all;
}

function summary(
  csv: PriceCsv,
  options: PriceImportQuery,
  { book, merged }: { book: PriceBook; merged?: MergedFile },
): PriceImportResult {
  const filled = csv.series.filter(({ days }) => days.length > 0);
  const first = Math.min(...filled.map(({ days }) => days[0]!));
  const last = Math.max(...filled.map(({ days }) => days.at(-1)!));
  return {
    format: csv.format,
    dry_run: options.dry_run,
    rows: csv.rows,
    symbols: filled.length,
    first_date: filled.length > 0 ? dateOf(first) : null,
    last_date: filled.length > 0 ? dateOf(last) : null,
    inserted: merged?.inserted ?? 0,
    updated: merged?.updated ?? 0,
    unchanged: merged?.unchanged ?? 0,
    error_count: csv.problems.count,
    errors: csv.problems.list(),
    warning_count: merged?.warnings.count ?? 0,
    warnings: merged?.warnings.list() ?? [],
    price_version: book.version,
  };
}
