import { type Day, dayOf } from './price-day.js';

/** Why a cell or a line of a price file cannot be taken. */
export type PriceProblemCode =
  | 'empty_file'
  | 'not_utf8'
  | 'unclosed_quote'
  | 'misplaced_quote'
  | 'line_too_long'
  | 'missing_column'
  | 'unknown_column'
  | 'duplicate_column'
  | 'too_many_symbols'
  | 'wrong_column_count'
  | 'invalid_symbol'
  | 'invalid_date'
  | 'future_date'
  | 'duplicate_date'
  | 'not_a_number'
  | 'not_positive'
  | 'out_of_range'
  | 'too_precise'
  | 'suspicious_jump';

export interface CellProblem {
  readonly code: PriceProblemCode;
  /** What was expected and what was got. */
  readonly detail: string;
}

export const CLOSE_MIN = 1e-6;
export const CLOSE_MAX = 1e12;
const FIRST_DATE = '1800-01-01';
const FIRST_DAY = dayOf(FIRST_DATE)!;

// No digit can be read by two parts of it, or a long wrong cell would take quadratic time.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Up to this many characters a plain decimal has at most 15 digits, which a double always gives back. */
const CERTAIN_LENGTH_MAX = 16;
const SHOWN_LENGTH_MAX = 60;

/** A close in (0, ∞) that reads back exactly as it was written. */
export function parseClose(text: string): number | CellProblem {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) {
    const hint = /^\d+,\d+$/.test(trimmed) ? ' with a decimal point' : '';
    return { code: 'not_a_number', detail: `expected a number${hint}, got ${shown(text)}` };
  }
  const close = Number(trimmed);
  if (close < CLOSE_MIN || close > CLOSE_MAX) return outOfRange(trimmed, close);
  if (trimmed.length > CERTAIN_LENGTH_MAX && !readsBack(trimmed, close)) {
    return {
      code: 'too_precise',
      detail: `expected at most 15 significant digits, or 17 as programs print a double, got ${shown(text)}`,
    };
  }
  return close;
}

/** 1e-400 is not zero, only too small for a double. */
function outOfRange(text: string, close: number): CellProblem {
  if (close < 0 || significand(text).digits === '') {
    return { code: 'not_positive', detail: `expected a close > 0, got ${shown(text)}` };
  }
  return { code: 'out_of_range', detail: `expected a close from 0.000001 to 1000000000000, got ${shown(text)}` };
}

/** A date written YYYY-MM-DD that exists, from 1800 to `today`. */
export function parseTradingDay(text: string, today: Day): Day | CellProblem {
  const day = dayOf(text) ?? dayOf(text.trim());
  if (day === undefined || day < FIRST_DAY) {
    return {
      code: 'invalid_date',
      detail: `expected a date such as 2009-12-31, ${FIRST_DATE} or later, got ${shown(text)}`,
    };
  }
  if (day > today) return { code: 'future_date', detail: `expected a date up to today (UTC), got ${text.trim()}` };
  return day;
}

export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text);
}

/** Whether the double, printed the shortest way, is the very number in the text. */
function readsBack(text: string, value: number): boolean {
  const written = significand(text);
  const read = significand(String(value));
  return written.digits === read.digits && written.exponent === read.exponent;
}

/** Value = 0.digits × 10^exponent, digits without zeros at either end. */
function significand(text: string): { digits: string; exponent: number } {
  const [mantissa, power = '0'] = text.toLowerCase().split('e') as [string, string?];
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = (whole + fraction).replace(/0+$/, '');
  const digits = all.replace(/^0+/, '');
  return { digits, exponent: digits === '' ? 0 : whole.length - (all.length - digits.length) + Number(power) };
}
