import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { PriceCsv } from '../../../../src/risk/market/price-csv.js';
import { dateOf, dayOf } from '../../../../src/risk/market/price-day.js';
import { readPriceFile } from '../../../../src/risk/market/price-import.reader.js';

const TODAY = dayOf('2026-01-02')!;

describe('reading a file of closes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'price-csv-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(content: string | Buffer): Promise<PriceCsv> {
    const path = join(folder, 'prices.csv');
    writeFileSync(path, content);
    const csv = await readPriceFile(path, {
      today: TODAY,
      signal: new AbortController().signal,
      onBytes: () => undefined,
    });
    for (const series of csv.series) series.sort();
    return csv;
  }

  /** Symbol → `date close@line` in the order of the dates. */
  function closesOf(csv: PriceCsv): Record<string, string[]> {
    return Object.fromEntries(
      csv.series.map(({ symbol, days, closes, lines }) => [
        symbol,
        Array.from(days, (day, i) => `${dateOf(day)} ${closes[i]}@${lines[i]}`),
      ]),
    );
  }

  async function problemsOf(content: string | Buffer): Promise<string[]> {
    const csv = await read(content);
    return csv.problems.list().map(({ line, column, code }) => `${line} ${column ?? '-'} ${code}`);
  }

  describe('layouts', () => {
    it('reads the wide one, an empty cell being no close that day', async () => {
      const csv = await read('date,AAPL,MSFT\n2020-01-02,75.1,\n2020-01-03,74.4,158.62\n');
      expect(csv.format).toBe('wide');
      expect(csv.rows).toBe(2);
      expect(csv.problems.count).toBe(0);
      expect(closesOf(csv)).toEqual({
        AAPL: ['2020-01-02 75.1@2', '2020-01-03 74.4@3'],
        MSFT: ['2020-01-03 158.62@3'],
      });
    });

    it('reads the long one', async () => {
      const csv = await read('date,symbol,close\n2020-01-02,AAPL,75.1\n2020-01-02,MSFT,160.62\n');
      expect(csv.format).toBe('long');
      expect(closesOf(csv)).toEqual({ AAPL: ['2020-01-02 75.1@2'], MSFT: ['2020-01-02 160.62@3'] });
    });

    it.each([
      ['any order of columns and any case of their names', 'CLOSE,Symbol,dAtE\n75.1,AAPL,2020-01-02\n'],
      ['the date behind the closes', 'AAPL,Date\n75.1,2020-01-02\n'],
      ['a byte order mark', '\ufeffdate,AAPL\n2020-01-02,75.1\n'],
      ['CRLF', 'date,AAPL\r\n2020-01-02,75.1\r\n'],
      ['no line end at the end', 'date,AAPL\n2020-01-02,75.1'],
      ['quoted cells', '"date","AAPL"\n"2020-01-02","75.1"\n'],
      ['semicolons', 'date;AAPL\n2020-01-02;75.1\n'],
      ['tabs', 'date\tsymbol\tclose\n2020-01-02\tAAPL\t75.1\n'],
      ['spaces around cells', 'date , AAPL\n 2020-01-02, 75.1 \n'],
      ['an exponent', 'date,AAPL\n2020-01-02,7.51e1\n'],
      ['trailing zeros', 'date,AAPL\n2020-01-02,75.10000000000000000000\n'],
    ])('accepts %s', async (_what, content) => {
      const csv = await read(content);
      expect(csv.problems.list()).toEqual([]);
      expect(closesOf(csv)).toEqual({ AAPL: ['2020-01-02 75.1@2'] });
    });

    it('accepts a double as pandas prints it, with 17 significant digits', async () => {
      const csv = await read('date,AAPL\n2020-01-02,150.43423461914062\n');
      expect(csv.problems.list()).toEqual([]);
      expect(String(csv.series[0]!.closes[0])).toBe('150.43423461914062');
    });
  });

  describe('errors', () => {
    const wide = (cell: string) => `date,AAPL,MSFT\n2020-01-02,1,1\n2020-01-03,${cell},1\n`;
    it.each([
      ['text instead of a number', wide('abc'), '3 AAPL not_a_number'],
      ['NaN', wide('NaN'), '3 AAPL not_a_number'],
      ['n/a', wide('n/a'), '3 AAPL not_a_number'],
      ['Infinity', wide('Infinity'), '3 AAPL not_a_number'],
      ['a hexadecimal number', wide('0x10'), '3 AAPL not_a_number'],
      ['a thousands separator', wide('"1,234.5"'), '3 AAPL not_a_number'],
      ['zero', wide('0.00'), '3 AAPL not_positive'],
      ['a negative close', wide('-1'), '3 AAPL not_positive'],
      ['1e400', wide('1e400'), '3 AAPL out_of_range'],
      ['1e-400, which a double cannot tell from zero', wide('1e-400'), '3 AAPL out_of_range'],
      ['a close below 0.000001', wide('0.0000009'), '3 AAPL out_of_range'],
      ['more digits than a double keeps', wide('1.00000000000000000001'), '3 AAPL too_precise'],
      ['another date format', 'date,A\n02.01.2020,1\n', '2 date invalid_date'],
      ['a day that does not exist', 'date,A\n2019-02-29,1\n', '2 date invalid_date'],
      ['a date with a time', 'date,A\n2020-01-02T00:00:00,1\n', '2 date invalid_date'],
      ['a date before 1800', 'date,A\n1799-12-31,1\n', '2 date invalid_date'],
      ['tomorrow', 'date,A\n2026-01-02,1\n2026-01-03,1\n', '3 date future_date'],
      ['a date twice', 'date,A\n2020-01-02,1\n2020-01-03,1\n2020-01-02,1\n', '4 date duplicate_date'],
      [
        'a date twice for one of the symbols',
        'date,symbol,close\n2020-01-02,A,1\n2020-01-02,B,1\n2020-01-02,A,1\n',
        '4 date duplicate_date',
      ],
      ['too few cells', 'date,A,B\n2020-01-02,1\n', '2 - wrong_column_count'],
      ['too many cells', 'date,A\n2020-01-02,1,2\n', '2 - wrong_column_count'],
      ['no date column', 'day,A\n2020-01-02,1\n', '1 date missing_column'],
      ['no close column', 'date,symbol,price\n2020-01-02,A,1\n', '1 price unknown_column', '1 close missing_column'],
      [
        'a column too many in the long layout',
        'date,symbol,close,volume\n2020-01-02,A,1,5\n',
        '1 volume unknown_column',
      ],
      ['a symbol twice', 'date,A,B,A\n2020-01-02,1,1,1\n', '1 A duplicate_column'],
      ['the date twice', 'date,A,Date\n2020-01-02,1,2020-01-02\n', '1 Date duplicate_column'],
      ['a column name that is no symbol', 'date,A B\n2020-01-02,1\n', '1 A B invalid_symbol'],
      ['a column without name', 'date,A,\n2020-01-02,1,1\n', '1  invalid_symbol'],
      ['a symbol that is none', 'date,symbol,close\n2020-01-02,A B,1\n', '2 symbol invalid_symbol'],
      ['a long row without close', 'date,symbol,close\n2020-01-02,A,\n', '2 close not_a_number'],
      ['no byte', '', '1 - empty_file'],
      ['a header alone', 'date,A\n', '1 - empty_file'],
      ['a date column alone', 'date\n2020-01-02\n', '1  missing_column'],
      ['a quote that stays open', 'date,A\n2020-01-02,1\n\n2020-01-03,"1\n2020-01-04,1\n', '4 - unclosed_quote'],
      ['a quote inside a cell', 'date,A\n2020-01-02,1"2\n', '2 - misplaced_quote'],
      ['something behind a closing quote', 'date,A\n2020-01-02,"1"2\n', '2 - misplaced_quote'],
      ['a line of more than a megabyte', `date,A\n2020-01-02,${'1'.repeat(2 ** 20 + 10)}\n`, '2 - line_too_long'],
    ])('names line and column of %s', async (_what, content, ...expected) => {
      expect(await problemsOf(content)).toEqual(expected);
    });

    it('counts lines as a text editor does: quoted line breaks and blank lines too', async () => {
      const csv = 'date,A\r\n"2020-01-02\r\n",1\r\n\r\n  \r\n"2020-01-03",x\r\n"2020\n\n-01",1\r\ny,1\r\n';
      expect(await problemsOf(csv)).toEqual(['6 A not_a_number', '7 date invalid_date', '10 date invalid_date']);
    });

    it('knows text that is not UTF-8 by its line, wherever the chunks of the stream end', async () => {
      const good = `date,A\n${'2020-01-02,ü\n'.repeat(5000)}`;
      const bad = Buffer.concat([Buffer.from(good), Buffer.from('2020-01-03,\xfc\n', 'latin1'), Buffer.from(good)]);
      const csv = await read(bad);
      expect(csv.problems.list().filter(({ code }) => code === 'not_utf8')).toEqual([]); // beyond the first 1000
      expect(csv.problems.fatal).toBe(true);
      expect(await problemsOf(Buffer.from('date,A\n2020-01-02,1\n2020-01-03,\xfc\n', 'latin1'))).toEqual([
        '3 - not_utf8',
      ]);
      expect(await problemsOf(Buffer.from('date,A\n2020-01-02,1\n2020-01-03,\xc3', 'latin1'))).toEqual([
        '3 - not_utf8',
      ]);
      expect(await problemsOf(Buffer.from('\ufeffdate,A\n2020-01-02,1\n', 'utf16le'))).toEqual(['1 - not_utf8']);
    });

    it('reports every faulty cell, and tells what was expected and got', async () => {
      const csv = await read('date,A,B\nx,0,n/a\n2020-01-02,"1,5",2\n');
      expect(csv.problems.list()).toEqual([
        {
          line: 2,
          column: 'date',
          code: 'invalid_date',
          detail: 'expected a date such as 2009-12-31, 1800-01-01 or later, got "x"',
        },
        { line: 2, column: 'A', code: 'not_positive', detail: 'expected a close > 0, got "0"' },
        { line: 2, column: 'B', code: 'not_a_number', detail: 'expected a number, got "n/a"' },
        { line: 3, column: 'A', code: 'not_a_number', detail: 'expected a number with a decimal point, got "1,5"' },
      ]);
      expect(closesOf(csv)).toEqual({ A: [], B: ['2020-01-02 2@3'] });
    });

    it('keeps the first 1000 and counts them all', async () => {
      const csv = await read(`date,A\n${'2020-01-02,x\n'.repeat(1500)}`);
      expect(csv.problems.count).toBe(1500);
      expect(csv.problems.list()).toHaveLength(1000);
      expect(csv.problems.list().at(-1)!.line).toBe(1001);
    });

    it('names the line of the first of two equal dates, and keeps that one', async () => {
      const csv = await read('date,A\n2020-01-03,1\n2020-01-02,2\n2020-01-03,3\n2020-01-03,4\n');
      expect(csv.problems.list().map(({ line, detail }) => `${line}: ${detail}`)).toEqual([
        '4: A has a close of 2020-01-03 on line 2 already',
        '5: A has a close of 2020-01-03 on line 2 already',
      ]);
      expect(closesOf(csv)).toEqual({ A: ['2020-01-02 2@3', '2020-01-03 1@2'] });
    });

    it('finds repeated dates however often they come, in bounded memory', async () => {
      const csv = await read(`date,symbol,close\n${'2020-01-02,A,1\n2020-01-01,A,2\n'.repeat(70_000)}`);
      expect(csv.problems.count).toBe(139_998);
      expect(csv.series[0]!.days).toHaveLength(2);
      expect(csv.problems.list()[0]).toMatchObject({ line: 4, detail: expect.stringContaining('on line 2 already') });
    });

    it('stops when it is aborted', async () => {
      const path = join(folder, 'aborted.csv');
      writeFileSync(path, `date,A\n${'2020-01-02,x\n'.repeat(50_000)}`);
      const abort = new AbortController();
      const reading = readPriceFile(path, {
        today: TODAY,
        signal: abort.signal,
        onBytes: (done) => done > 100_000 && abort.abort(),
      });
      await expect(reading).rejects.toThrow('aborted');
    });
  });

  describe('properties', () => {
    const close = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    const day = fc.integer({ min: dayOf('1800-01-01')!, max: TODAY });
    const table = fc.uniqueArray(fc.record({ day, symbol: fc.constantFrom('A', 'B.X', '^GSPC'), close }), {
      minLength: 1,
      maxLength: 60,
      selector: (row) => `${row.symbol}${row.day}`,
    });
    const longRow = (row: { day: number; symbol: string; close: number }) =>
      `${dateOf(row.day)},${row.symbol},${row.close}`;
    const withoutLines = (csv: PriceCsv) =>
      new Map(
        [...csv.series]
          .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
          .map(({ symbol, days, closes }) => [symbol, [[...days], [...closes]]]),
      );

    it('gives the same series for any order of the rows, and the very doubles that were written', async () => {
      await fc.assert(
        fc.asyncProperty(table, fc.nat(), async (rows, seed) => {
          const shuffled = rows
            .map((row, i) => ({ row, key: ((i + 1) * 7919 * (seed + 1)) % 104_729 }))
            .sort((a, b) => a.key - b.key);
          const a = await read(`date,symbol,close\n${rows.map(longRow).join('\n')}`);
          const b = await read(`date,symbol,close\n${shuffled.map(({ row }) => longRow(row)).join('\n')}`);
          expect(a.problems.list()).toEqual([]);
          expect(withoutLines(b)).toEqual(withoutLines(a));
          for (const { symbol, days, closes } of a.series) {
            const expected = rows.filter((row) => row.symbol === symbol).sort((x, y) => x.day - y.day);
            expect([...days]).toEqual(expected.map((row) => row.day));
            expect([...closes]).toEqual(expected.map((row) => row.close));
          }
        }),
        { numRuns: 60 },
      );
    });
  });
});
