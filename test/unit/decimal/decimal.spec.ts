import fc from 'fast-check';
import { canonical, formatMoney, minorUnits, parseDecimal } from '../../../src/decimal/decimal.js';

const parsedText = (input: number | string) => {
  const parsed = parseDecimal(input);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value;
};

describe('decimals from the wire', () => {
  it.each([
    ['150.00', '150'],
    ['1.5e2', '150'],
    ['1E+2', '100'],
    [150, '150'],
    ['-0.50', '-0.5'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    [' 7 ', '7'],
    ['000123', '123'],
    ['0e99', '0'],
    // Never an exponent: JavaScript itself writes 1e-7 and 1e+21.
    [1e-7, '0.0000001'],
    ['1e14', '100000000000000'],
    ['-0', '0'],
    ['-0.000', '0'],
    [-0, '0'],
  ])('%p is %s', (input, text) => {
    expect(parseDecimal(input)).toEqual({ value: text });
  });

  it.each([
    '',
    ' ',
    'abc',
    '1,000',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e',
    'e5',
    '.',
    '-',
    '+-5',
    '--5',
    '1.2.3',
    '1 2',
    '٣',
    '1e1000',
    '５',
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('%p is no decimal', (input) => {
    expect(parseDecimal(input)).toEqual({ problem: 'expected a finite decimal number' });
  });

  it('has at most 8 digits behind the point', () => {
    expect(parseDecimal('0.00000001')).toEqual({ value: '0.00000001' });
    expect(parseDecimal('0.1234567800')).toEqual({ value: '0.12345678' }); // trailing zeros are no digits
    const problem = { problem: 'expected at most 8 digits behind the point' };
    expect(parseDecimal('0.000000001')).toEqual(problem);
    expect(parseDecimal(0.1 + 0.2)).toEqual(problem); // 0.30000000000000004
    expect(parseDecimal('1e-9')).toEqual(problem);
  });

  it('has at most 15 digits before the point', () => {
    expect(parseDecimal('999999999999999.99999999')).toEqual({ value: '999999999999999.99999999' });
    const problem = { problem: 'expected at most 15 digits before the point' };
    expect(parseDecimal('1000000000000000')).toEqual(problem);
    expect(parseDecimal('-1e15')).toEqual(problem);
    expect(parseDecimal(1e21)).toEqual(problem);
  });

  it('refuses an overlong text without spending time on it', () => {
    // A body may be 1 MiB: with an ambiguous pattern a million digits and a letter took hours.
    const start = performance.now();
    expect(parseDecimal(`${'1'.repeat(1_000_000)}x`)).toEqual({
      problem: 'expected a decimal number of at most 100 characters',
    });
    expect(performance.now() - start).toBeLessThan(500);
  });

  const parts = fc.record({
    sign: fc.constantFrom('', '-', '+'),
    whole: fc.stringMatching(/^\d{1,15}$/),
    fraction: fc.stringMatching(/^\d{0,8}$/),
    shift: fc.integer({ min: -3, max: 3 }),
  });

  it('keeps the number: the canonical text is equal in hundred-millionths and parses to itself', () => {
    fc.assert(
      fc.property(parts, ({ sign, whole, fraction }) => {
        const text = parsedText(`${sign}${whole}.${fraction}`);
        const units = BigInt(whole + fraction.padEnd(8, '0')) * (sign === '-' ? -1n : 1n);
        const [, minus, before, behind = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(text)!;
        expect(BigInt(before! + behind.padEnd(8, '0')) * (minus ? -1n : 1n)).toBe(units);
        expect(text).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
        expect(parsedText(text)).toBe(text);
        expect(canonical(text)).toBe(text);
      }),
    );
  });

  it('reads an exponent as a shift of the point', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 8 }), (digits, places) => {
        expect(parsedText(`${digits}e-${places}`)).toBe(parsedText(shifted(digits, places)));
      }),
    );
  });
});

/** digits·10^−places, written out. */
function shifted(digits: number, places: number): string {
  const text = String(Math.abs(digits)).padStart(places + 1, '0');
  const at = text.length - places;
  return `${digits < 0 ? '-' : ''}${text.slice(0, at)}.${text.slice(at)}`;
}

describe('money', () => {
  it.each([
    // Half even: a tie goes to the even last digit.
    ['0.005', 2, '0.00'],
    ['0.015', 2, '0.02'],
    ['0.025', 2, '0.02'],
    ['-0.015', 2, '-0.02'],
    ['-0.025', 2, '-0.02'],
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['0.0025', 3, '0.002'],
    // No tie: to the nearer.
    ['0.0050000001', 2, '0.01'],
    ['0.0149999999', 2, '0.01'],
    ['38126.5914', 2, '38126.59'],
    ['1000000', 2, '1000000.00'],
    ['1e21', 2, '1000000000000000000000.00'],
  ])('%s with %d digits is %s', (amount, digits, text) => {
    expect(formatMoney(amount, digits)).toBe(text);
  });

  it('has no negative zero', () => {
    expect(formatMoney('-0.004', 2)).toBe('0.00');
    expect(formatMoney(-0, 2)).toBe('0.00');
    expect(formatMoney('-0.4', 0)).toBe('0');
    expect(formatMoney('-0.005', 2)).toBe('0.00');
    expect(canonical(-0)).toBe('0');
  });

  it('rounds any amount as whole-number arithmetic does', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.integer({ min: 0, max: 3 }),
        (units, digits) => {
          // units are 1/10000: dividing by 10^(4 − digits) rounds to `digits` places.
          const divisor = 10n ** BigInt(4 - digits);
          const size = units < 0n ? -units : units;
          const [floor, rest] = [size / divisor, size % divisor];
          const up = rest * 2n > divisor || (rest * 2n === divisor && floor % 2n === 1n);
          const rounded = (floor + (up ? 1n : 0n)) * (units < 0n ? -1n : 1n);
          const text = formatMoney(shifted(Number(units), 4), digits);
          expect(BigInt(text.replace('.', ''))).toBe(rounded);
          expect(text.split('.')[1]?.length ?? 0).toBe(digits);
        },
      ),
    );
  });
});

describe('minor units of a currency', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    // ISO 4217 says two digits, three for the dinar, where ICU says none.
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
  ])('%s has %d digits (ISO 4217, table A.1)', (currency, digits) => {
    expect(minorUnits(currency)).toBe(digits);
  });
});
