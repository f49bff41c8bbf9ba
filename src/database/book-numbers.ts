import type { Money, Scaled } from '../book/amount.js';

/** Integers of the book as the decimals that the database keeps, exactly. */

const MONEY_DECIMALS = 24;
const SCALED_DECIMALS = 8;

export const moneyColumn = (value: Money | null): string | null =>
  value === null ? null : text(value, MONEY_DECIMALS);
export const scaledColumn = (value: Scaled | null): string | null =>
  value === null ? null : text(value, SCALED_DECIMALS);

export function moneyOf(column: string): Money;
export function moneyOf(column: string | null): Money | null;
export function moneyOf(column: string | null): Money | null {
  return column === null ? null : integer(column, MONEY_DECIMALS);
}

export function scaledOf(column: string): Scaled;
export function scaledOf(column: string | null): Scaled | null;
export function scaledOf(column: string | null): Scaled | null {
  return column === null ? null : integer(column, SCALED_DECIMALS);
}

function text(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, -decimals);
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

function integer(column: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = column.split('.');
  const kept = fraction.slice(0, decimals);
  if (/[1-9]/.test(fraction.slice(decimals))) throw new RangeError(`${column} has more than ${decimals} decimals`);
  return BigInt(whole + kept.padEnd(decimals, '0'));
}
