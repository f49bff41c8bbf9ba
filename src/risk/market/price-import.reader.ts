import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Info, type Options, Parser } from 'csv-parse';
import { PriceCsv } from './price-csv.js';
import type { Day } from './price-day.js';
import type { CellProblem } from './price-import-cells.js';

/** Small, so that the event loop is free again every few milliseconds. */
const READ_BYTES = 16 * 1024;
const HEAD_BYTES = 64 * 1024;
const RECORD_BYTES_MAX = 1024 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;

const QUOTE_FAULTS: Record<string, CellProblem> = {
  CSV_QUOTE_NOT_CLOSED: {
    code: 'unclosed_quote',
    detail: 'expected the quote that opens here to be closed, got the end of the file',
  },
  CSV_INVALID_CLOSING_QUOTE: { code: 'misplaced_quote', detail: 'expected a delimiter behind a closing quote' },
  INVALID_OPENING_QUOTE: {
    code: 'misplaced_quote',
    detail: 'expected a quote only around a whole cell, doubled inside',
  },
  CSV_MAX_RECORD_SIZE: { code: 'line_too_long', detail: `expected at most ${RECORD_BYTES_MAX} bytes in a line` },
};

export interface ReadOptions {
  /** The last date that is not in the future. */
  today: Day;
  signal: AbortSignal;
  onBytes(done: number): void;
}

/** Reads a file of closes as a stream, see {@link PriceCsv}. The delimiter is the header's: comma, semicolon or tab. */
export async function readPriceFile(path: string, { today, signal, onBytes }: ReadOptions): Promise<PriceCsv> {
  const csv = new PriceCsv({ today });
  const lines = new RecordLines();
  const options: Options = {
    bom: true,
    delimiter: await delimiterOf(path),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: RECORD_BYTES_MAX,
  };
  const parser = new RecordParser(options, (cells, info) => csv.record(cells, lines.next(cells, info)));
  try {
    await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), utf8Guard(onBytes), parser.resume(), {
      signal,
    });
    csv.end();
  } catch (error) {
    if (error instanceof NotUtf8Error) csv.fail(error.line, { code: 'not_utf8', detail: error.message });
    else if (error instanceof CsvError) failOnQuotes(csv, lines, error);
    else throw error;
  }
  return csv;
}

/**
 * Hands each record over the moment it is parsed, while `info` still speaks of it. The parser's own callback for that
 * makes a copy of `info` for each record and takes twice the time.
 */
class RecordParser extends Parser {
  constructor(
    options: Options,
    private readonly onRecord: (cells: string[], info: Info) => void,
  ) {
    super(options);
  }

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null);
    this.onRecord(record, this.info);
    return true;
  }
}

function failOnQuotes(csv: PriceCsv, lines: RecordLines, error: CsvError): void {
  const fault = QUOTE_FAULTS[error.code];
  if (!fault) throw error;
  csv.fail(lines.beginOfNext(error as unknown as Pick<Info, 'empty_lines'>), fault);
}

/** Knows the line on which each record begins. The parser tells where a record ends, and counts a quoted CRLF twice. */
class RecordLines {
  private lastEnd = 0;
  private lastCounted = 0;
  private lastEmpty = 0;

  next(cells: readonly string[], info: Pick<Info, 'lines' | 'empty_lines'>): number {
    const begin = this.beginOfNext(info);
    const spansLines = info.lines - this.lastCounted - (info.empty_lines - this.lastEmpty) > 1;
    this.lastEnd =
      begin + (spansLines ? cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0) : 0);
    this.lastCounted = info.lines;
    this.lastEmpty = info.empty_lines;
    return begin;
  }

  beginOfNext({ empty_lines }: Pick<Info, 'empty_lines'>): number {
    return this.lastEnd + 1 + (empty_lines - this.lastEmpty);
  }
}

/** The delimiter that the first line has most of. */
async function delimiterOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [header = ''] = buffer.toString('utf8', 0, bytesRead).split(/[\r\n]/, 1);
    const count = (delimiter: string) => header.split(delimiter).length;
    return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
  } finally {
    await file.close();
  }
}

class NotUtf8Error extends Error {
  constructor(readonly line: number) {
    super('expected text in UTF-8, got bytes that are none; save the file as UTF-8');
  }
}

/** Passes bytes on as they are; throws NotUtf8Error at the first line that is not UTF-8. */
function utf8Guard(onBytes: (done: number) => void): Transform {
  let open: Buffer = Buffer.alloc(0);
  let lines = 1;
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const data = open.length > 0 ? Buffer.concat([open, chunk]) : chunk;
      const whole = data.subarray(0, completeLength(data));
      open = data.subarray(whole.length);
      if (!isUtf8(whole)) return done(new NotUtf8Error(lines + linesBeforeFault(whole)));
      for (let at = whole.indexOf(10); at >= 0; at = whole.indexOf(10, at + 1)) lines++;
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
    flush(done) {
      done(open.length > 0 ? new NotUtf8Error(lines) : null);
    },
  });
}

/** Length without a character that is cut off at the end. */
function completeLength(data: Buffer): number {
  for (let back = 1; back <= Math.min(3, data.length); back++) {
    const byte = data[data.length - back]!;
    if (byte < 0x80) return data.length;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? data.length - back : data.length;
  }
  return data.length;
}

function linesBeforeFault(data: Buffer): number {
  let lines = 0;
  for (let start = 0, end = data.indexOf(10); end >= 0; start = end + 1, end = data.indexOf(10, start), lines++) {
    if (!isUtf8(data.subarray(start, end))) break;
  }
  return lines;
}
