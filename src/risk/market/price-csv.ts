import { symbol as symbolSchema } from '../wire.schema.js';
import type { Day } from './price-day.js';
import { dateOf } from './price-day.js';
import { type CellProblem, parseClose, parseTradingDay, shown } from './price-import-cells.js';
import { ProblemList } from './price-import-problems.js';
import { CAPACITY_MIN, FileSeries } from './price-import-series.js';

export const SYMBOLS_MAX = 10_000;

const LONG_COLUMNS = ['date', 'symbol', 'close'] as const;
const HEADER_LINE_HINT = 'expected the header date,AAPL,MSFT,… (wide) or date,symbol,close (long)';

type Layout =
  | { format: 'wide'; date: number; series: (FileSeries | undefined)[] }
  | { format: 'long'; date: number; symbol: number; close: number };

/**
 * Reads a table of closes record by record: wide (`date,AAPL,MSFT,…`; an empty cell is no close) or long
 * (`date,symbol,close`), told apart by its header, columns in any order. Every problem is kept with its line and column;
 * what has none is in `series`.
 */
export class PriceCsv {
  readonly problems = new ProblemList();
  /** Data rows seen, faulty ones included. */
  rows = 0;

  private readonly today: Day;
  private readonly bySymbol = new Map<string, FileSeries>();
  private header: readonly string[] | undefined;
  private layout: Layout | undefined;

  constructor({ today }: { today: Day }) {
    this.today = today;
  }

  get format(): 'wide' | 'long' | null {
    return this.layout?.format ?? null;
  }

  /** Sorted once `sort` was called on each. */
  get series(): readonly FileSeries[] {
    return [...this.bySymbol.values()];
  }

  /** Takes one record that begins on that line of the file; the first is the header. */
  record(cells: readonly string[], line: number): void {
    if (cells.length === 1 && cells[0]!.trim() === '') return;
    if (!this.header) {
      this.header = cells.map(columnName);
      this.layout = this.readHeader(this.header, line);
      return;
    }
    this.rows++;
    if (!this.layout) return;
    if (cells.length !== this.header.length) {
      const detail = `expected ${this.header.length} columns as in the header, got ${cells.length}`;
      this.problems.add({ line, column: null, code: 'wrong_column_count', detail });
      return;
    }
    if (this.layout.format === 'wide') this.wideRow(cells, line, this.layout);
    else this.longRow(cells, line, this.layout);
  }

  /** To be called after the last record. */
  end(): void {
    if (!this.header) {
      this.problems.addFatal({ line: 1, column: null, code: 'empty_file', detail: `${HEADER_LINE_HINT}, got nothing` });
    } else if (this.layout && this.rows === 0) {
      const detail = 'expected at least one row below the header, got none';
      this.problems.addFatal({ line: 1, column: null, code: 'empty_file', detail });
    }
  }

  /** A fault of the file's structure: nothing behind it can be read. */
  fail(line: number, problem: CellProblem): void {
    this.problems.addFatal({ line, column: null, ...problem });
  }

  private readHeader(names: readonly string[], line: number): Layout | undefined {
    const lower = names.map((name) => name.toLowerCase());
    const fault = (column: string, code: CellProblem['code'], detail: string) =>
      this.problems.addFatal({ line, column, code, detail });
    const long = lower.includes('symbol') || lower.includes('close');
    const firstOf = new Map<string, number>();
    for (const [index, name] of names.entries()) {
      const key = long || lower[index] === 'date' ? lower[index]! : name;
      const first = firstOf.get(key) ?? index;
      firstOf.set(key, first);
      if (first < index) fault(name, 'duplicate_column', `column ${index + 1} has the name of column ${first + 1}`);
      else if (long && !LONG_COLUMNS.some((known) => known === key)) {
        fault(name, 'unknown_column', `expected the columns date, symbol and close only, got ${shown(name)}`);
      } else if (!long && key !== 'date' && !symbolSchema.safeParse(name).success) {
        fault(name, 'invalid_symbol', `expected a symbol of letters, digits and ^ . _ : / = @ + -, got ${shown(name)}`);
      }
    }
    for (const needed of long ? LONG_COLUMNS : (['date'] as const)) {
      if (!lower.includes(needed)) fault(needed, 'missing_column', `${HEADER_LINE_HINT}, got no column ${needed}`);
    }
    if (!long && names.length === 1) fault('', 'missing_column', `${HEADER_LINE_HINT}, got no symbol`);
    if (!long && names.length > SYMBOLS_MAX + 1) fault('', 'too_many_symbols', tooMany(names.length - 1));
    if (this.problems.fatal) return undefined;
    const date = lower.indexOf('date');
    if (long) return { format: 'long', date, symbol: lower.indexOf('symbol'), close: lower.indexOf('close') };
    return {
      format: 'wide',
      date,
      series: names.map((name, at) => (at === date ? undefined : this.seriesOf(name, name))),
    };
  }

  private wideRow(cells: readonly string[], line: number, { date, series }: Extract<Layout, { format: 'wide' }>): void {
    const day = this.day(cells[date]!, line, this.header![date]!);
    for (const [index, own] of series.entries()) {
      const cell = cells[index]!;
      if (!own || cell === '' || cell.trim() === '') continue;
      const close = this.close(cell, line, own.column);
      if (day !== undefined && close !== undefined) own.add(day, close, line);
    }
  }

  private longRow(cells: readonly string[], line: number, layout: Extract<Layout, { format: 'long' }>): void {
    const day = this.day(cells[layout.date]!, line, this.header![layout.date]!);
    const close = this.close(cells[layout.close]!, line, this.header![layout.close]!);
    const name = cells[layout.symbol]!.trim();
    let own = this.bySymbol.get(name);
    if (!own) {
      const column = this.header![layout.symbol]!;
      if (!symbolSchema.safeParse(name).success) {
        const detail = `expected a symbol of letters, digits and ^ . _ : / = @ + -, got ${shown(name)}`;
        this.problems.add({ line, column, code: 'invalid_symbol', detail });
        return;
      }
      if (this.bySymbol.size === SYMBOLS_MAX) {
        if (!this.problems.fatal) this.fail(line, { code: 'too_many_symbols', detail: tooMany(SYMBOLS_MAX + 1) });
        return;
      }
      own = this.seriesOf(name, this.header![layout.close]!);
    }
    if (day !== undefined && close !== undefined) own.add(day, close, line);
  }

  private seriesOf(symbol: string, column: string): FileSeries {
    const dateColumn = this.header!.find((name) => name.toLowerCase() === 'date')!;
    // Not all at the same row: the columns of a wide file need more room together.
    const capacity = CAPACITY_MIN + (this.bySymbol.size % CAPACITY_MIN);
    const series = new FileSeries(
      symbol,
      column,
      ({ day, line, firstLine }) => {
        const detail = () => `${symbol} has a close of ${dateOf(day)} on line ${firstLine} already`;
        this.problems.add(() => ({ line, column: dateColumn, code: 'duplicate_date', detail: detail() }));
      },
      capacity,
    );
    this.bySymbol.set(symbol, series);
    return series;
  }

  private day(cell: string, line: number, column: string): Day | undefined {
    const day = parseTradingDay(cell, this.today);
    if (typeof day === 'number') return day;
    this.problems.add({ line, column, ...day });
    return undefined;
  }

  private close(cell: string, line: number, column: string): number | undefined {
    const close = parseClose(cell);
    if (typeof close === 'number') return close;
    this.problems.add({ line, column, ...close });
    return undefined;
  }
}

function tooMany(count: number): string {
  return `expected at most ${SYMBOLS_MAX} symbols in a file, got ${count} or more`;
}

/** Fit to be shown and stored: PostgreSQL has no NUL in its texts. */
function columnName(cell: string): string {
  const name = cell.trim().replace(/\p{C}/gu, '?');
  const characters = [...name];
  return characters.length > 64 ? `${characters.slice(0, 64).join('')}…` : name;
}
