import { Big } from 'big.js';
import { canonical } from './decimal.js';

/** Exact arithmetic on decimals given as text; results are canonical text. */

export function sum(terms: readonly string[]): string {
  return canonical(terms.reduce((total, term) => total.plus(term), new Big(0)));
}

export function product(factors: readonly string[]): string {
  return canonical(factors.reduce((total, factor) => total.times(factor), new Big(1)));
}

export function difference(minuend: string, subtrahend: string): string {
  return canonical(new Big(minuend).minus(subtrahend));
}

/** Rounded half even to at most `fractionDigits` digits behind the point. */
export function rounded(value: string, fractionDigits: number): string {
  return canonical(new Big(value).round(fractionDigits, Big.roundHalfEven));
}
