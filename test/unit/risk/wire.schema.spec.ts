import { z } from 'zod';
import { fieldProblems } from '../../../src/risk/field-problems.js';
import {
  accountId,
  currency,
  date,
  decimal,
  decimalText,
  listOf,
  page,
  symbol,
  timestamp,
} from '../../../src/risk/wire.schema.js';

const read = (schema: z.ZodType, input: unknown) => {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? parsed.data
    : fieldProblems(parsed.error, input).map(({ pointer, code, detail }) => [pointer, code, detail]);
};

describe('decimals', () => {
  it('come in as number or text and are canonical text inside', () => {
    expect(read(decimal(), 150)).toBe('150');
    expect(read(decimal(), '150.00')).toBe('150');
    expect(read(decimal(), '-0.00')).toBe('0');
  });

  it.each([
    [decimal({ gt: 0 }), -5, 'too_small', 'expected a number > 0, got -5'],
    [decimal({ gt: 0 }), '0', 'too_small', 'expected a number > 0, got "0"'],
    [decimal({ gte: 0 }), '-0.00000001', 'too_small', 'expected a number >= 0, got "-0.00000001"'],
    [decimal(), true, 'invalid_value', 'expected a decimal number, got true'],
    [decimal(), ['1'], 'invalid_value', 'expected a decimal number, got an array of 1'],
    [decimal(), '1,5', 'invalid_value', 'expected a finite decimal number, got "1,5"'],
    [
      decimal({ gt: 0 }),
      '0.123456789',
      'invalid_value',
      'expected at most 8 digits behind the point, got "0.123456789"',
    ],
    [decimal({ gt: 0 }), 1e15, 'invalid_value', 'expected at most 15 digits before the point, got 1000000000000000'],
  ])('are refused with one problem (%#)', (schema, input, code, detail) => {
    expect(read(schema, input)).toEqual([['', code, detail]]);
  });

  it('take the bound itself only where it is included', () => {
    expect(read(decimal({ gte: 0 }), '0')).toBe('0');
    expect(read(decimal({ gt: 0 }), '0.00000001')).toBe('0.00000001');
    expect(read(decimal({ gt: 0, gte: 0 }), '-1')).toHaveLength(1);
  });

  it('go out as plain text, longer than what may come in', () => {
    expect(decimalText.safeParse('-123456789012345678901234.1234567890').success).toBe(true);
    for (const text of ['1e5', '.5', '5.', '', '+1', 'NaN']) expect(decimalText.safeParse(text).success).toBe(false);
  });
});

describe('symbols and ids', () => {
  it.each(['AAPL', 'BRK.B', 'BRK/B', '^GSPC', 'EURUSD=X', 'ES=F', '7203.T', 'BTC-USD', 'a', 'A'.repeat(32)])(
    '%s is a symbol',
    (text) => {
      expect(read(symbol, text)).toBe(text);
    },
  );

  it.each(['', ' ', 'AA PL', '.A', '-A', 'Ä', 'AAPL\n', 'A,B', 'A"B'])('%p is none, with one problem', (text) => {
    expect(read(symbol, text)).toEqual([['', 'invalid_format', expect.stringContaining('expected a symbol')]]);
  });

  it('have a longest length', () => {
    expect(read(symbol, 'A'.repeat(33))).toEqual([['', 'too_big', expect.stringContaining('at most 32 characters')]]);
    expect(read(accountId, 'a'.repeat(64))).toBe('a'.repeat(64));
    expect(read(accountId, 'a'.repeat(65))).toEqual([
      ['', 'too_big', expect.stringContaining('at most 64 characters')],
    ]);
  });

  it.each(['', '_a', '/a', 'a b', 'a\u0000'])('%p is no account id', (text) => {
    expect(read(accountId, text)).toEqual([['', 'invalid_format', expect.stringContaining('expected an id')]]);
  });
});

describe('currencies, dates and times', () => {
  it.each(['usd', 'US', 'USDT', '', '840'])('%p is no currency', (text) => {
    expect(read(currency, text)).toEqual([
      ['', 'invalid_format', `expected an ISO 4217 code such as USD, got ${JSON.stringify(text)}`],
    ]);
  });

  it.each(['2009-12-31', '2008-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
    expect(read(date, text)).toBe(text);
  });

  it.each([
    '2009-02-29', // no leap year
    '1900-02-29', // a century is one only every 400 years
    '2009-04-31',
    '2009-13-01',
    '2009-1-1',
    '31.12.2009',
    '2009-12-31T00:00:00Z',
    '20091231',
    '',
    // The calendar has no year 0; the window would have ignored it and answered with today's data.
    '0000-01-01',
  ])('%p is no date, with one problem', (text) => {
    expect(read(date, text)).toEqual([
      ['', expect.any(String), `expected a date such as 2009-12-31, got ${JSON.stringify(text)}`],
    ]);
  });

  it('take a time with its offset, to the nanosecond', () => {
    for (const text of ['2009-12-31T16:00:00Z', '2009-12-31T16:00:00+02:00', '2009-12-31T16:00:00.123456789Z']) {
      expect(read(timestamp, text)).toBe(text);
    }
  });

  it.each(['2009-12-31T16:00:00', '2009-12-31', '2009-02-29T16:00:00Z', '2009-12-31T25:00:00Z', '1262275200', ''])(
    '%p is no time',
    (text) => {
      expect(read(timestamp, text)).toEqual([
        ['', 'invalid_format', `expected a time such as 2009-12-31T16:00:00Z, got ${JSON.stringify(text)}`],
      ]);
    },
  );
});

describe('lists', () => {
  const query = z.strictObject(page);

  it('have 50 items unless asked for up to 500', () => {
    expect(read(query, {})).toEqual({ limit: 50 });
    expect(read(query, { limit: '500', cursor: 'acc_9' })).toEqual({ limit: 500, cursor: 'acc_9' });
  });

  it.each([
    ['0', 'too_small', 'expected a number >= 1, got "0"'],
    ['501', 'too_big', 'expected a number <= 500, got "501"'],
    ['2.5', 'invalid_type', 'expected an integer, got "2.5"'],
    ['many', 'invalid_type', 'expected a number, got "many"'],
    ['', 'too_small', 'expected a number >= 1, got ""'],
  ])('refuse limit=%s', (limit, code, detail) => {
    expect(read(query, { limit })).toEqual([['/limit', code, detail]]);
  });

  it('refuse a parameter that nobody asked for', () => {
    expect(read(query, { page: '2' })).toEqual([['/page', 'unknown_field', 'expected no field of this name, got "2"']]);
  });

  it('are answered as data with the next cursor', () => {
    const schema = listOf(z.string());
    expect(schema.safeParse({ data: ['a'], next_cursor: null }).success).toBe(true);
    expect(schema.safeParse({ data: ['a'] }).success).toBe(false);
    expect(schema.safeParse({ data: ['a'], next_cursor: 'a', total: 1 }).success).toBe(false);
  });
});
