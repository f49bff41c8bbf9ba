/**
 * Numbers of the book are integers, so that sums are exact and equal is equal. A quantity, price or ratio is its value
 * × 10⁸. Money is quantity × price × multiplier, × 10²⁴, so that no product is ever rounded.
 */
export type Scaled = bigint;
export type Money = bigint;

const DECIMALS = 8;
export const ONE: Scaled = 100_000_000n;
/** Scale of money over that of a quantity or price. */
export const MONEY_PER_SCALED = ONE * ONE;
const MONEY_DECIMALS = 24;

/** From a canonical decimal with at most eight decimals. */
export function scaled(decimal: string): Scaled {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** An amount of money given as a decimal. */
export const money = (decimal: string): Money => scaled(decimal) * MONEY_PER_SCALED;

/** What `quantity` is worth at `price`; signed like the quantity. */
export const worth = (quantity: Scaled, price: Scaled, multiplier: Scaled): Money => quantity * price * multiplier;

/** `amount` × `ratio`, rounded down to the scale of money: a limit never becomes looser. */
export const share = (amount: Money, ratio: Scaled): Money => floorDiv(amount * ratio, ONE);

/** The double nearest to an amount of money, in the currency. */
export const moneyNumber = (amount: Money): number => Number(amount) / 1e24;
export const scaledNumber = (value: Scaled): number => Number(value) / 1e8;

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * A figure of the book: the exact integer, and the double nearest to it for whoever only asks whether it is far from a
 * limit. The double is a function of the integer alone, so that a restored book has the same.
 */
export class Amount {
  private double = Number.NaN;

  constructor(private integer: bigint = 0n) {}

  get exact(): bigint {
    return this.integer;
  }

  /** Off by at most one part in 2⁵³. */
  get near(): number {
    // Converting costs as much as adding, so it waits until somebody asks.
    if (Number.isNaN(this.double)) this.double = Number(this.integer);
    return this.double;
  }

  set(exact: bigint): void {
    this.integer = exact;
    this.double = Number.NaN;
  }

  add(difference: bigint): void {
    this.set(this.integer + difference);
  }
}

export const NOTHING = new Amount();

/** Rounded towards minus infinity. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** The canonical decimal: no trailing zeros. */
export const scaledText = (value: Scaled): string => decimalText(value, DECIMALS).replace(/\.?0+$/, '');

/** Money with the decimals of its currency, rounded half to even, for people. */
export function moneyText(amount: Money, minorUnits: number): string {
  const unit = 10n ** BigInt(MONEY_DECIMALS - minorUnits);
  const down = floorDiv(amount, unit);
  const twice = 2n * (amount - down * unit);
  const up = twice > unit || (twice === unit && down % 2n !== 0n);
  return decimalText(up ? down + 1n : down, minorUnits);
}

function decimalText(value: bigint, decimals: number): string {
  const digits = absolute(value)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = value < 0n ? '-' : '';
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}
