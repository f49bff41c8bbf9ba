import { Amount, type Money, moneyText, ONE, type Scaled, scaledText } from '../../book/amount.js';
import type { CheckResult, Unit } from '../../book/check-result.js';
import { difference } from '../../decimal/arithmetic.js';
import { canonical } from '../../decimal/decimal.js';

/**
 * Numbers of the book as decimal text: money has the digits of its currency's minor unit, a ratio at most eight. Only
 * where a figure would look like the limit that it is not do both have as many digits as it takes to tell them apart.
 */
export interface Figures {
  readonly before: string | null;
  readonly after: string | null;
  readonly limit: string | null;
  /** limit − after, as they are shown; less than zero exactly in a breach. */
  readonly headroom: string | null;
}

const NOTHING: Figures = { before: null, after: null, limit: null, headroom: null };

/** What a check compared; a figure that does not exist is null. `minorUnits` are digits behind the point. */
export function figuresOf(result: CheckResult, minorUnits: number): Figures {
  const { kind, measured, status } = result;
  if (measured.after === null && measured.limit === null) return NOTHING;
  const figures = shown(result, minorUnits);
  // The only limit that may be a floor: of a sell. What passes has room, on whichever side of the price the limit is.
  if (kind.code !== 'PRICE_COLLAR' || figures.headroom === null) return figures;
  const room = figures.headroom.replace('-', '');
  const headroom = status === 'BREACH' ? `-${room}` : room;
  return { before: figures.before, after: figures.after, limit: figures.limit, headroom };
}

/** The word for what a figure counts, the currency for money; null where a check measures nothing. */
export function unitOf(unit: Unit, currency: string): string | null {
  if (unit === 'money') return currency;
  if (unit === 'none') return null;
  return unit === 'fraction' ? 'ratio' : unit;
}

/** A quantity or a ratio, without trailing zeros. */
export const scaledFigure = (value: Scaled): string => scaledAmount(new Amount(value));

function scaledAmount(value: Amount): string {
  const { near } = value;
  return Number.isSafeInteger(near) ? eightDigitText(near) : scaledText(value.exact);
}

/** A price with at least the digits of the minor unit; never rounded. */
export const priceFigure = (price: Scaled, minorUnits: number): string => padded(scaledFigure(price), minorUnits);

/** Money, rounded half even to the minor unit. */
export const moneyFigure = (money: Money, minorUnits: number): string => moneyAmount(new Amount(money), minorUnits);

function moneyAmount(amount: Amount, minorUnits: number): string {
  const minor = inMinorUnits(amount, minorUnits);
  return minor === null ? moneyText(amount.exact, minorUnits) : minorText(minor, minorUnits);
}

function shown({ kind, measured }: CheckResult, minorUnits: number): Figures {
  switch (kind.unit) {
    case 'money':
      return moneyFigures(measured as Amounts, minorUnits);
    case 'ratio':
      return measured.base === null ? scaledFigures(measured as Amounts, 0) : ratioFigures(measured as Ratio);
    case 'units':
      return scaledFigures(measured as Amounts, 0);
    case 'price':
      return scaledFigures(measured as Amounts, minorUnits);
    case 'fraction':
      return fractionFigures(measured as Numbers);
    case 'seconds':
    case 'orders':
      return numberFigures(measured as Numbers);
    case 'none':
      return NOTHING;
    default:
      return kind.unit satisfies never;
  }
}

/** What the checks of a unit compare. */
interface Compared<F> {
  readonly before: F | null;
  readonly after: F | null;
  readonly limit: F | null;
}
type Amounts = Compared<Amount>;
type Numbers = Compared<number>;
type Ratio = Amounts & { readonly base: Amount };

/** Integers × 10⁸, with at least so many digits behind the point: their text says all of them, nothing is rounded. */
function scaledFigures({ before, after, limit }: Amounts, digits: number): Figures {
  const text = (value: Amount) => padded(scaledAmount(value), digits);
  const shownBefore = before === null ? null : text(before);
  if (after === null || limit === null) {
    const [shownAfter, shownLimit] = [after && text(after), limit && text(limit)];
    return { before: shownBefore, after: shownAfter, limit: shownLimit, headroom: null };
  }
  const headroom = limit.near - after.near;
  // Sums of two of these are exact too.
  const isExact = Math.abs(after.near) < 2 ** 52 && Math.abs(limit.near) < 2 ** 52;
  return {
    before: shownBefore,
    after: text(after),
    limit: text(limit),
    headroom: isExact ? padded(eightDigitText(headroom), digits) : priceFigure(limit.exact - after.exact, digits),
  };
}

/** Doubles of at most three digits behind the point: their difference has them too, and noise behind. */
function numberFigures({ before, after, limit }: Numbers): Figures {
  const text = (value: number | null) => (value === null ? null : canonicalNumber(value));
  const headroom = after !== null && limit !== null ? thousandths(limit - after) / 1000 : null;
  return { before: text(before), after: text(after), limit: text(limit), headroom: text(headroom) };
}

const thousandths = (value: number): number => Math.round(value * 1000);

function moneyFigures({ before, after, limit }: Amounts, minorUnits: number): Figures {
  const shownBefore = before === null ? null : moneyAmount(before, minorUnits);
  const text = (amount: Amount | null) => (amount === null ? null : moneyAmount(amount, minorUnits));
  if (after === null || limit === null) {
    return { before: shownBefore, after: text(after), limit: text(limit), headroom: null };
  }
  const minorAfter = inMinorUnits(after, minorUnits);
  const minorLimit = inMinorUnits(limit, minorUnits);
  if (minorAfter !== null && minorLimit !== null && (minorAfter !== minorLimit || after.equals(limit))) {
    return {
      before: shownBefore,
      after: minorText(minorAfter, minorUnits),
      limit: minorText(minorLimit, minorUnits),
      headroom: minorText(minorLimit - minorAfter, minorUnits),
    };
  }
  const isTold = after.equals(limit) || text(after) !== text(limit);
  const exact = (amount: Amount) =>
    isTold ? moneyText(amount.exact, minorUnits) : padded(canonical(`${amount.exact}e-24`), minorUnits);
  const figures = { before: before && exact(before), after: exact(after), limit: exact(limit) };
  return { ...figures, headroom: padded(difference(figures.limit, figures.after), minorUnits) };
}

/** `before` and `after` ÷ base, as far as there is a positive base. */
function ratioFigures(ratio: Ratio): Figures {
  const { before, after, limit, base } = ratio;
  if (!base.isPositive || after === null) return { ...NOTHING, limit: limit && scaledAmount(limit) };
  const nearAfter = nearestRatio(after, base);
  const nearBefore = before && nearestRatio(before, base);
  if (nearAfter === null || (before !== null && nearBefore === null)) return exactRatioFigures(ratio);
  const shownBefore = nearBefore === null ? null : eightDigitText(nearBefore);
  const shownAfter = eightDigitText(nearAfter);
  if (limit === null) return { before: shownBefore, after: shownAfter, limit: null, headroom: null };
  const { near: nearLimit } = limit;
  const isTold = nearAfter !== nearLimit || after.exact * ONE === limit.exact * base.exact;
  if (!isTold || !Number.isSafeInteger(nearLimit)) return exactRatioFigures(ratio);
  return {
    before: shownBefore,
    after: shownAfter,
    limit: eightDigitText(nearLimit),
    headroom: eightDigitText(nearLimit - nearAfter),
  };
}

/** With eight digits, or as many more as it takes to tell `after` from the limit. */
function exactRatioFigures(ratio: Ratio): Figures {
  const [after, base] = [ratio.after!.exact, ratio.base.exact];
  const before = ratio.before === null ? null : ratio.before.exact;
  const limit = ratio.limit === null ? null : ratio.limit.exact;
  let digits = 8;
  let value = roundedRatio(after, base, digits);
  if (limit !== null && value === limit && after * ONE !== limit * base) {
    while (value === limit * 10n ** BigInt(digits - 8)) {
      digits += 8;
      value = roundedRatio(after, base, digits);
    }
  }
  const text = (scaled: bigint) => (digits === 8 ? scaledFigure(scaled) : canonical(`${scaled}e-${digits}`));
  return {
    before: before === null ? null : text(roundedRatio(before, base, digits)),
    after: text(value),
    limit: limit === null ? null : scaledFigure(limit),
    headroom: limit === null ? null : text(limit * 10n ** BigInt(digits - 8) - value),
  };
}

/** Ratios that are doubles, to eight digits; all of them where that hides a breach. */
function fractionFigures({ before, after, limit }: Numbers): Figures {
  const shownBefore = before === null ? null : fractionText(before);
  const shownAfter = after === null ? null : fractionText(after);
  const shownLimit = limit === null ? null : fractionText(limit);
  if (shownAfter === null || shownLimit === null) {
    return { before: shownBefore, after: shownAfter, limit: shownLimit, headroom: null };
  }
  if (shownAfter !== shownLimit || after === limit) {
    const near = [limit!, after!].map((value) => Math.round(value * 1e8)) as [number, number];
    const headroom = near.every(Number.isSafeInteger)
      ? eightDigitText(near[0] - near[1])
      : difference(shownLimit, shownAfter);
    return { before: shownBefore, after: shownAfter, limit: shownLimit, headroom };
  }
  const [exactAfter, exactLimit] = [canonicalNumber(after!), canonicalNumber(limit!)];
  return {
    before: before === null ? null : canonicalNumber(before),
    after: exactAfter,
    limit: exactLimit,
    headroom: difference(exactLimit, exactAfter),
  };
}

/** With eight digits, of what is too large for that as many as the double has; null for any loss over no equity. */
function fractionText(value: number): string | null {
  const integer = Math.round(value * 1e8);
  if (Number.isSafeInteger(integer)) return eightDigitText(integer);
  return Math.abs(value) < Number.MAX_VALUE ? canonicalNumber(value) : null;
}

/** Of ten; a computed one costs as much as a text. */
const POWERS: readonly number[] = Array.from({ length: 25 }, (_, i) => Number(`1e${i}`));

/** Of a figure that is off by at most four roundings: whether this integer is the nearest for sure. */
const isNearest = (integer: number, figure: number): boolean =>
  Math.abs(figure - integer) < 0.5 - Math.abs(figure) * 2 ** -50;

/** Money in minor units, rounded; null where a double cannot say how. BigInt takes ten times as long. */
function inMinorUnits({ near }: Amount, minorUnits: number): number | null {
  const figure = near / POWERS[24 - minorUnits]!;
  const nearest = Math.round(figure);
  return isNearest(nearest, figure) ? nearest : null;
}

/** As hundred millionths they are exact. */
const THOUSANDTHS_MAX = 2 ** 53 / 1e5;

const BILLION = 1e9;

/** Text of an integer from 0 to 2⁵³. In two parts, because beyond 2³¹ the engine takes the long way of all doubles. */
function integerText(integer: number): string {
  if (integer < BILLION) return String(integer | 0);
  const billions = Math.floor(integer / BILLION);
  return billions + String(BILLION + (integer - billions * BILLION)).slice(1);
}

/** Text of hundred millionths, without trailing zeros. */
function eightDigitText(integer: number): string {
  const size = Math.abs(integer);
  const whole = Math.floor(size / 1e8);
  const fraction = size - whole * 1e8;
  let text = integerText(whole);
  if (fraction > 0) {
    // As an integer of 32 bits: the remainder of a double takes ten times as long.
    let digits = (1e8 + fraction) | 0;
    while (digits % 10 === 0) digits = (digits / 10) | 0;
    text += `.${String(digits).slice(1)}`;
  }
  return integer < 0 ? `-${text}` : text;
}

/** `.00` to `.99`, and likewise of other minor units: making them anew costs as much as the digits before them. */
const FRACTIONS = Array.from({ length: 5 }, (_, minorUnits) =>
  Array.from({ length: POWERS[minorUnits]! }, (_, i) => `.${String(i).padStart(minorUnits, '0')}`),
);

function minorText(minor: number, minorUnits: number): string {
  const unit = POWERS[minorUnits]!;
  const size = Math.abs(minor);
  const whole = Math.floor(size / unit);
  const text =
    minorUnits === 0 ? integerText(whole) : integerText(whole) + FRACTIONS[minorUnits]![size - whole * unit]!;
  return minor < 0 ? `-${text}` : text;
}

/** amount ÷ base × 10⁸, rounded; null where a double cannot say how. */
function nearestRatio(amount: Amount, base: Amount): number | null {
  const figure = (amount.near / base.near) * 1e8;
  const nearest = Math.round(figure);
  return isNearest(nearest, figure) ? nearest : null;
}

/** amount ÷ base × 10^digits, rounded half up in size. */
function roundedRatio(amount: Money, base: Money, digits: number): bigint {
  const twice = 2n * amount * 10n ** BigInt(digits);
  return (twice + (amount < 0n ? -base : base)) / (2n * base);
}

/** Plain text of a double, without an exponent. */
function canonicalNumber(value: number): string {
  // The shortest text of a fraction is what the engine takes longest for.
  const near = thousandths(value);
  if (near / 1000 === value && Math.abs(near) < THOUSANDTHS_MAX) return eightDigitText(near * 1e5);
  const text = String(value);
  return text.includes('e') ? canonical(text) : text;
}

function padded(text: string, fractionDigits: number): string {
  if (fractionDigits === 0) return text;
  const point = text.indexOf('.');
  if (point < 0) return `${text}.${'0'.repeat(fractionDigits)}`;
  return text.padEnd(point + 1 + fractionDigits, '0');
}
