import { Big } from 'big.js';

/** Digits behind the point that money, prices and quantities may have. */
export const FRACTION_DIGITS_MAX = 8;
/** Digits before the point that money, prices and quantities may have. */
const INTEGER_DIGITS_MAX = 15;

// No digit can be read by two parts of it, or a long wrong text would take quadratic time.
const PLAIN_DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const TEXT_LENGTH_MAX = 100;
/** How nearly every decimal is written; it keeps to the limits of digits. */
const USUAL_DECIMAL = /^-?(0|[1-9]\d{0,14})(\.\d{1,8})?$/;

/**
 * Canonical text of a decimal (`150.00` and `1.5e2` are `150`; never an exponent), or the reason why it is none:
 * not a finite number, more than 8 digits behind the point, more than 15 before it, or an overlong text.
 */
export function parseDecimal(input: number | string): { value: string } | { problem: string } {
  const text = typeof input === 'number' ? String(input) : input.trim();
  // Exact arithmetic takes ten times as long, which thousands of positions in a request would feel.
  if (USUAL_DECIMAL.test(text)) return { value: withoutTrailingZeros(text) };
  if (text.length > TEXT_LENGTH_MAX)
    return { problem: `expected a decimal number of at most ${TEXT_LENGTH_MAX} characters` };
  if (!PLAIN_DECIMAL.test(text)) return { problem: 'expected a finite decimal number' };
  const number = new Big(text.replace(/^\+/, ''));
  if (number.c.length - number.e - 1 > FRACTION_DIGITS_MAX) {
    return { problem: `expected at most ${FRACTION_DIGITS_MAX} digits behind the point` };
  }
  if (number.e >= INTEGER_DIGITS_MAX)
    return { problem: `expected at most ${INTEGER_DIGITS_MAX} digits before the point` };
  return { value: canonical(number) };
}

function withoutTrailingZeros(text: string): string {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

/** Plain text without trailing zeros; negative zero is `0`. */
export function canonical(value: Big | number | string): string {
  const number = new Big(value);
  return number.eq(0) ? '0' : number.toFixed();
}

/** Money as text, rounded half even to `minorUnits` digits; negative zero becomes zero. */
export function formatMoney(value: Big | number | string, minorUnits: number): string {
  const text = new Big(value).toFixed(minorUnits, Big.roundHalfEven);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

/** ISO 4217, table A.1: the currencies whose minor unit is not a hundredth. Intl has other digits (HUF 0, IQD 0). */
const MINOR_UNITS = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([digits, currencies]) => currencies.split(' ').map((currency) => [currency, Number(digits)])),
);

/** Digits behind the point of a currency's minor unit (ISO 4217): USD 2, JPY 0, KWD 3. */
export function minorUnits(currency: string): number {
  return MINOR_UNITS.get(currency) ?? 2;
}
