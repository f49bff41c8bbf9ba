import { type Money, moneyText, ONE, type Scaled, scaledText } from '../../book/amount.js';
import type { CheckResult, Figure, Unit } from '../../book/check-result.js';
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
  const { kind, after, limit, status } = result;
  if (after === null && limit === null) return NOTHING;
  const figures = shown(result, minorUnits);
  // The only limit that may be a floor: of a sell. What passes has room, on whichever side of the price the limit is.
  if (kind.code !== 'PRICE_COLLAR' || figures.headroom === null) return figures;
  const room = figures.headroom.replace('-', '');
  return { ...figures, headroom: status === 'BREACH' ? `-${room}` : room };
}

/** The word for what a figure counts, the currency for money; null where a check measures nothing. */
export function unitOf(unit: Unit, currency: string): string | null {
  if (unit === 'money') return currency;
  if (unit === 'none') return null;
  return unit === 'fraction' ? 'ratio' : unit;
}

/** A quantity or a ratio, without trailing zeros. */
export function scaledFigure(value: Scaled): string {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return scaledText(value);
  let fraction = Math.abs(number % 1e8);
  if (fraction === 0) return String(number / 1e8 + 0);
  let digits = 8;
  for (; fraction % 10 === 0; digits--) fraction /= 10;
  const whole = Math.floor(Math.abs(number) / 1e8);
  return `${number < 0 ? '-' : ''}${whole}.${String(fraction).padStart(digits, '0')}`;
}

/** A price with at least the digits of the minor unit; never rounded. */
export const priceFigure = (price: Scaled, minorUnits: number): string => padded(scaledFigure(price), minorUnits);

/** Money, rounded half even to the minor unit. */
export function moneyFigure(amount: Money, minorUnits: number): string {
  const minor = inMinorUnits(amount, minorUnits);
  return minor === null ? moneyText(amount, minorUnits) : minorText(minor, minorUnits);
}

function shown(result: CheckResult, minorUnits: number): Figures {
  const { kind, before, after, limit, base } = result;
  switch (kind.unit) {
    case 'money':
      return moneyFigures(result, minorUnits);
    case 'ratio':
      return base === null
        ? compared({ before, after, limit }, (value) => scaledFigure(value as Scaled))
        : ratioFigures(result, base);
    case 'units':
      return compared({ before, after, limit }, (value) => scaledFigure(value as Scaled));
    case 'price':
      return compared({ before, after, limit }, (value) => priceFigure(value as Scaled, minorUnits));
    case 'fraction':
      return fractionFigures(result);
    case 'seconds':
    case 'orders':
      return compared({ before, after, limit }, (value) => canonicalNumber(value as number));
    case 'none':
      return NOTHING;
    default:
      return kind.unit satisfies never;
  }
}

type Compared = Pick<CheckResult, 'before' | 'after' | 'limit'>;

/** Figures whose text says all of them: nothing is rounded. */
function compared({ before, after, limit }: Compared, text: (value: Figure) => string): Figures {
  let headroom: string | null = null;
  if (typeof after === 'bigint' && typeof limit === 'bigint') headroom = text(limit - after);
  // Doubles of three digits behind the point: their difference has them too, and noise behind.
  else if (after !== null && limit !== null) headroom = text(Math.round((Number(limit) - Number(after)) * 1000) / 1000);
  return {
    before: before === null ? null : text(before),
    after: after === null ? null : text(after),
    limit: limit === null ? null : text(limit),
    headroom,
  };
}

function moneyFigures({ before, after, limit }: CheckResult, minorUnits: number): Figures {
  const text = (amount: Figure | null) => (amount === null ? null : moneyFigure(amount as Money, minorUnits));
  if (after === null || limit === null)
    return { before: text(before), after: text(after), limit: text(limit), headroom: null };
  const minorAfter = inMinorUnits(after as Money, minorUnits);
  const minorLimit = inMinorUnits(limit as Money, minorUnits);
  if (minorAfter !== null && minorLimit !== null && (minorAfter !== minorLimit || after === limit)) {
    return {
      before: text(before),
      after: minorText(minorAfter, minorUnits),
      limit: minorText(minorLimit, minorUnits),
      headroom: minorText(minorLimit - minorAfter, minorUnits),
    };
  }
  const isTold = after === limit || text(after) !== text(limit);
  const exact = (amount: Money) =>
    isTold ? moneyText(amount, minorUnits) : padded(canonical(`${amount}e-24`), minorUnits);
  const figures = {
    before: before === null ? null : exact(before as Money),
    after: exact(after as Money),
    limit: exact(limit as Money),
  };
  return { ...figures, headroom: padded(difference(figures.limit, figures.after), minorUnits) };
}

/** `before` and `after` ÷ base, as far as there is a positive base. */
function ratioFigures({ before, after, limit }: CheckResult, base: Money): Figures {
  const shownLimit = limit === null ? null : scaledFigure(limit as Scaled);
  if (base <= 0n || after === null) return { ...NOTHING, limit: shownLimit };
  const ratio = (amount: Money, digits: number) => roundedRatio(amount, base, digits);
  let digits = 8;
  let value = ratio(after as Money, digits);
  if (limit !== null && value === limit && (after as Money) * ONE !== (limit as Scaled) * base) {
    while (value === (limit as Scaled) * 10n ** BigInt(digits - 8)) {
      digits += 8;
      value = ratio(after as Money, digits);
    }
  }
  const text = (scaled: bigint) => (digits === 8 ? scaledFigure(scaled) : canonical(`${scaled}e-${digits}`));
  return {
    before: before === null ? null : text(ratio(before as Money, digits)),
    after: text(value),
    limit: shownLimit,
    headroom: limit === null ? null : text((limit as Scaled) * 10n ** BigInt(digits - 8) - value),
  };
}

/** Ratios that are doubles, to eight digits; all of them where that hides a breach. */
function fractionFigures({ before, after, limit }: CheckResult): Figures {
  const scale = (value: Figure | null) =>
    value === null || !(Math.abs(Number(value)) < RATIO_MAX) ? null : Math.round(Number(value) * 1e8);
  const [scaledBefore, scaledAfter, scaledLimit] = [scale(before), scale(after), scale(limit)];
  const text = (scaled: number | null) => (scaled === null ? null : scaledFigure(BigInt(scaled)));
  if (scaledAfter === null || scaledLimit === null) {
    return { before: text(scaledBefore), after: text(scaledAfter), limit: text(scaledLimit), headroom: null };
  }
  if (scaledAfter !== scaledLimit || after === limit) {
    return {
      before: text(scaledBefore),
      after: text(scaledAfter),
      limit: text(scaledLimit),
      headroom: text(scaledLimit - scaledAfter),
    };
  }
  const [exactAfter, exactLimit] = [canonicalNumber(after as number), canonicalNumber(limit as number)];
  return {
    before: before === null ? null : canonicalNumber(before as number),
    after: exactAfter,
    limit: exactLimit,
    headroom: difference(exactLimit, exactAfter),
  };
}

/** Any loss over an equity that is not positive; no real ratio is as large. */
const RATIO_MAX = 1e7;
/** Of ten; a computed one costs as much as a text. */
const POWERS: readonly number[] = Array.from({ length: 25 }, (_, i) => Number(`1e${i}`));

/** Of a figure that is off by at most four roundings: whether this integer is the nearest for sure. */
const isNearest = (integer: number, figure: number): boolean =>
  Math.abs(figure - integer) < 0.5 - Math.abs(figure) * 2 ** -50;

/** Money in minor units, rounded; null where a double cannot say how. BigInt takes ten times as long. */
function inMinorUnits(amount: Money, minorUnits: number): number | null {
  const exact = Number(amount) / POWERS[24 - minorUnits]!;
  const nearest = Math.round(exact);
  return isNearest(nearest, exact) ? nearest : null;
}

function minorText(minor: number, minorUnits: number): string {
  if (minorUnits === 0) return String(minor + 0);
  const unit = POWERS[minorUnits]!;
  const size = Math.abs(minor);
  const whole = Math.floor(size / unit);
  return `${minor < 0 ? '-' : ''}${whole}.${String(size - whole * unit).padStart(minorUnits, '0')}`;
}

/** amount ÷ base × 10^digits, rounded half up in size. */
function roundedRatio(amount: Money, base: Money, digits: number): bigint {
  const near = (Number(amount) / Number(base)) * POWERS[digits]!;
  const nearest = Math.round(near);
  if (isNearest(nearest, near)) return BigInt(nearest);
  const twice = 2n * amount * 10n ** BigInt(digits);
  return (twice + (amount < 0n ? -base : base)) / (2n * base);
}

/** Plain text of a double, without an exponent. */
function canonicalNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? canonical(text) : text;
}

function padded(text: string, fractionDigits: number): string {
  if (fractionDigits === 0) return text;
  const point = text.indexOf('.');
  if (point < 0) return `${text}.${'0'.repeat(fractionDigits)}`;
  return text.padEnd(point + 1 + fractionDigits, '0');
}
