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
 * A figure of the book: an exact integer that changes in place. It is the sum of two doubles, `high`, the nearest to it,
 * and `low`, what is left: 106 bits, which the money of a firm seldom takes, and a fraction of the time of a bigint. An
 * integer that takes more has no `low` and is kept as a bigint. Both doubles are functions of the integer alone, so that
 * a restored book has the same.
 *
 * Sources: T. J. Dekker, A floating-point technique for extending the available precision (1971); D. E. Knuth, The Art
 * of Computer Programming, volume 2, 4.2.2, theorem B (the rounding error of a sum is a double).
 */
export class Amount {
  private high = 0;
  private low = 0;
  /** The integer itself, once somebody asked for it; always where two doubles cannot hold it. */
  private integer: bigint | null = null;

  constructor(exact: bigint = 0n) {
    if (exact !== 0n) this.set(exact);
  }

  get exact(): bigint {
    if (this.integer === null) {
      this.integer = this.low === 0 ? BigInt(this.high) : BigInt(this.high) + BigInt(this.low);
    }
    return this.integer;
  }

  /** Off by at most one part in 2⁵³. */
  get near(): number {
    return this.high;
  }

  get isZero(): boolean {
    return this.high === 0;
  }

  get isPositive(): boolean {
    return this.high > 0;
  }

  get isNegative(): boolean {
    return this.high < 0;
  }

  set(exact: bigint): this {
    this.integer = exact;
    this.high = Number(exact);
    this.low = 0;
    if (Math.abs(this.high) <= Number.MAX_SAFE_INTEGER) return this;
    const rest = exact - BigInt(this.high);
    const low = Number(rest);
    this.low = BigInt(low) === rest ? low : Number.NaN;
    return this;
  }

  setTo(other: Amount): this {
    this.high = other.high;
    this.low = other.low;
    this.integer = other.integer;
    return this;
  }

  setProduct(a: Amount, b: Amount, c: Amount): this {
    // Of a sum of two doubles, and of NaN, the low is not zero.
    const isExact = a.low === 0 && b.low === 0 && c.low === 0;
    if (!(isExact && this.putProduct(a.high, b.high, c.high))) this.set(a.exact * b.exact * c.exact);
    return this;
  }

  add(other: Amount): this {
    if (!this.putSum(this.high, this.low, other.high, other.low)) this.set(this.exact + other.exact);
    return this;
  }

  subtract(other: Amount): this {
    if (!this.putSum(this.high, this.low, -other.high, -other.low)) this.set(this.exact - other.exact);
    return this;
  }

  toAbsolute(): this {
    if (this.high >= 0) return this;
    if (this.hasNoLow) return this.set(-this.exact);
    this.high = -this.high;
    this.low = 0 - this.low;
    this.integer = null;
    return this;
  }

  /** Itself, or another one. */
  absolute(): Amount {
    return this.high < 0 ? new Amount().setTo(this).toAbsolute() : this;
  }

  equals(other: Amount): boolean {
    return this.high === other.high && (this.low === other.low || (this.hasNoLow && this.exact === other.exact));
  }

  isAbove(other: Amount): boolean {
    if (this.high !== other.high) return this.high > other.high;
    return this.hasNoLow || other.hasNoLow ? this.exact > other.exact : this.low > other.low;
  }

  private get hasNoLow(): boolean {
    return Number.isNaN(this.low);
  }

  /** a + b + c + d, where b and d are what a and c leave; false, and unchanged, where two doubles cannot hold it. */
  private putSum(a: number, b: number, c: number, d: number): boolean {
    const highs = a + c;
    const highError = sumError(a, c, highs);
    const lows = b + d;
    const rest = highError + lows;
    // Of NaN too: there was no low.
    if (sumError(b, d, lows) !== 0 || sumError(highError, lows, rest) !== 0) return false;
    this.high = highs + rest;
    this.low = sumError(highs, rest, this.high);
    this.integer = null;
    return true;
  }

  private putProduct(a: number, b: number, c: number): boolean {
    const first = a * b;
    const left = productError(a, b, first);
    const high = first * c;
    const low = productError(first, c, high);
    if (left !== 0) return this.putSum(high, low, left * c, productError(left, c, left * c));
    // Of -0 as well.
    this.high = high + 0;
    this.low = low;
    this.integer = null;
    return true;
  }
}

/** What rounding took from sum = a + b. */
function sumError(a: number, b: number, sum: number): number {
  const added = sum - a;
  return a - (sum - added) + (b - added);
}

/** What rounding took from product = a × b. */
function productError(a: number, b: number, product: number): number {
  const [aHigh, bHigh] = [upperHalf(a), upperHalf(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The upper 26 bits. */
function upperHalf(value: number): number {
  const shifted = 134_217_729 * value;
  return shifted - (shifted - value);
}

/**
 * The rounding of a comparison in doubles, relative to its figures, many times over: each is off by one part in 2⁵³, and
 * no formula that is compared so adds or multiplies more than six of them.
 */
export const ROUNDING = 2 ** -48;

/** What nothing changes. */
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
