import fc from 'fast-check';
import { money, ONE, scaled } from '../../../../src/book/amount.js';
import {
  type CheckKind,
  CheckResult,
  type CheckStatus,
  type Figure,
  type Unit,
} from '../../../../src/book/check-result.js';
import { difference, rounded } from '../../../../src/decimal/arithmetic.js';
import { canonical } from '../../../../src/decimal/decimal.js';
import { figuresOf, moneyFigure, priceFigure, scaledFigure, unitOf } from '../../../../src/risk/orders/figures.js';

interface Compared {
  before?: Figure | null;
  after: Figure | null;
  limit: Figure | null;
  base?: bigint;
  status?: CheckStatus;
  code?: string;
}

function result(
  unit: Unit,
  { before = null, after, limit, base, status = 'PASS', code = 'CODE' }: Compared,
): CheckResult {
  const kind: CheckKind = { code, fixReason: 99, unit };
  return new CheckResult(kind, status, 'DESK', 'desk_us', before, after, limit, base ?? null, null);
}
const signOf = (text: string) => Math.sign(Number(text));
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
/** Value of an amount × 10²⁴ as a decimal. */
const exactly = (amount: bigint) => canonical(`${amount}e-24`);

/** Sizes of every order of magnitude, often a hair beside a round number. */
const amount = fc.oneof(
  fc.bigInt(-(10n ** 40n), 10n ** 40n),
  fc.bigInt(-(10n ** 27n), 10n ** 27n),
  fc
    .tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.bigInt(-3n, 3n))
    .map(([cents, hair]) => cents * 5n * 10n ** 21n + hair),
);
const nearTo = (value: bigint) =>
  fc.oneof(
    amount,
    fc.bigInt(-5n, 5n).map((hair) => value + hair),
    fc.constant(value),
  );
const pair = amount.chain((limit) => fc.tuple(nearTo(limit), fc.constant(limit)));

describe('figures of a check', () => {
  it('are money with the minor unit, a headroom that is their difference, and negative in a breach', () => {
    const after = money('805000');
    expect(figuresOf(result('money', { before: money('790000'), after, limit: money('800000') }), 2)).toEqual({
      before: '790000.00',
      after: '805000.00',
      limit: '800000.00',
      headroom: '-5000.00',
    });
  });

  it('never look like the limit that they breach: then they have all their digits', () => {
    const limit = money('800000');
    expect(figuresOf(result('money', { after: limit + 1n, limit }), 2)).toEqual({
      before: null,
      after: '800000.000000000000000000000001',
      limit: '800000.00',
      headroom: '-0.000000000000000000000001',
    });
    // An exposure over the limit by a thousandth of a cent.
    expect(figuresOf(result('money', { after: money('800000.00001'), limit }), 2)).toMatchObject({
      after: '800000.00001',
      headroom: '-0.00001',
    });
    // 0.2000000000000001 of the equity.
    const base = money('1000000');
    const over = { after: money('200000') + 10n ** 14n, limit: ONE / 5n, base };
    expect(figuresOf(result('ratio', over), 2)).toMatchObject({
      after: '0.2000000000000001',
      headroom: '-0.0000000000000001',
    });
    expect(figuresOf(result('fraction', { after: 0.05 + 2 ** -55, limit: 0.05 }), 2)).toMatchObject({
      after: '0.05000000000000003',
      headroom: '-0.00000000000000003',
    });
  });

  it.each([0, 2, 3])('of money to %d digits tell on which side of the limit they are', (digits) => {
    fc.assert(
      fc.property(pair, ([after, limit]) => {
        const figures = figuresOf(result('money', { before: after, after, limit }), digits);
        expect(signOf(figures.headroom!)).toBe(compare(limit, after));
        expect(canonical(figures.headroom!)).toBe(difference(figures.limit!, figures.after!));
        expect(figures.before).toBe(figures.after);
        // At most half a minor unit away from the exact figure.
        const error = difference(figures.after!, exactly(after)).replace('-', '');
        expect(Number(error)).toBeLessThanOrEqual(0.5 * 10 ** -digits);
      }),
      { numRuns: 500 },
    );
  });

  it('of a ratio tell on which side of the limit they are', () => {
    const ratioPair = fc
      .tuple(fc.bigInt(1n, 10n ** 34n), fc.bigInt(0n, 10n ** 10n))
      .chain(([base, limit]) => fc.tuple(nearTo((limit * base) / ONE), fc.constant(limit), fc.constant(base)));
    fc.assert(
      fc.property(ratioPair, ([after, limit, base]) => {
        const figures = figuresOf(result('ratio', { after, limit, base }), 2);
        expect(signOf(figures.headroom!)).toBe(compare(limit * base, after * ONE));
        expect(canonical(figures.headroom!)).toBe(difference(figures.limit!, figures.after!));
      }),
      { numRuns: 500 },
    );
  });

  it('of a ratio of doubles tell on which side of the limit they are, without an exponent', () => {
    const ratio = fc.double({ min: 0, max: 1e6, noNaN: true });
    const near = ratio.chain((limit) =>
      fc.tuple(fc.oneof(ratio, fc.constantFrom(limit, limit * (1 + 2 ** -52))), fc.constant(limit)),
    );
    fc.assert(
      fc.property(near, ([after, limit]) => {
        const figures = figuresOf(result('fraction', { after, limit }), 2);
        expect(signOf(figures.headroom!)).toBe(Math.sign(limit - after));
        for (const text of Object.values(figures)) expect(text ?? '0').toMatch(/^-?\d+(\.\d+)?$/);
      }),
      { numRuns: 500 },
    );
  });

  it('of units and prices are exact', () => {
    // No double has it.
    expect(scaledFigure(10n ** 20n + 1n)).toBe('1000000000000.00000001');
    const size = fc.bigInt(-(10n ** 23n), 10n ** 23n);
    fc.assert(
      fc.property(size, size, (after, limit) => {
        const figures = figuresOf(result('units', { after, limit }), 2);
        expect(scaled(figures.after!)).toBe(after);
        expect(scaled(figures.headroom!)).toBe(limit - after);
        expect(scaled(priceFigure(after, 2))).toBe(after);
        expect(priceFigure(after, 2)).toMatch(/\.\d{2,8}$/);
        expect(figures.after).toBe(canonical(scaledFigure(after)));
      }),
    );
  });

  it('of seconds and orders have no noise of doubles', () => {
    expect(figuresOf(result('seconds', { after: 300.1, limit: 300 }), 2).headroom).toBe('-0.1');
    expect(figuresOf(result('seconds', { after: 0.12, limit: 60 }), 2)).toMatchObject({
      after: '0.12',
      headroom: '59.88',
    });
    expect(figuresOf(result('orders', { before: 10, after: 11, limit: 10 }), 2)).toEqual({
      before: '10',
      after: '11',
      limit: '10',
      headroom: '-1',
    });
  });

  it('are none where there is no positive equity to divide by', () => {
    const nothing = { before: null, after: null, limit: '0.2', headroom: null };
    expect(figuresOf(result('ratio', { before: 1n, after: 1n, limit: ONE / 5n, base: 0n }), 2)).toEqual(nothing);
    expect(figuresOf(result('ratio', { before: 1n, after: 1n, limit: ONE / 5n, base: -5n }), 2)).toEqual(nothing);
    expect(figuresOf(result('fraction', { before: Number.MAX_VALUE, after: Number.MAX_VALUE, limit: 0.2 }), 2)).toEqual(
      nothing,
    );
  });

  it('of a price collar have room inside it: above the floor of a sell, below the ceiling of a buy', () => {
    const collar = (status: CheckStatus, after: string) =>
      figuresOf(result('price', { code: 'PRICE_COLLAR', status, after: scaled(after), limit: scaled('95') }), 2)
        .headroom;
    expect(collar('PASS', '96')).toBe('1.00'); // a sell above its floor
    expect(collar('PASS', '94')).toBe('1.00'); // a buy below its ceiling
    expect(collar('BREACH', '94')).toBe('-1.00'); // a sell below its floor
    expect(collar('BREACH', '96')).toBe('-1.00'); // a buy above its ceiling
    expect(collar('PASS', '95')).toBe('0.00');
  });
});

describe('money', () => {
  it.each([0, 2, 3, 4])('is rounded half even to %d digits, whatever its size', (digits) => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(canonical(moneyFigure(value, digits))).toBe(rounded(exactly(value), digits));
        expect(moneyFigure(value, digits)).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
      }),
      { numRuns: 500 },
    );
  });

  it('is never a negative zero', () => {
    expect([moneyFigure(-1n, 2), moneyFigure(-1n, 0), moneyFigure(0n, 2)]).toEqual(['0.00', '0', '0.00']);
  });
});

it('a unit is the currency for money, a word for what else is counted, and null where nothing is', () => {
  const units: Unit[] = ['money', 'units', 'price', 'ratio', 'fraction', 'orders', 'seconds', 'none'];
  expect(units.map((unit) => unitOf(unit, 'JPY'))).toEqual([
    'JPY',
    'units',
    'price',
    'ratio',
    'ratio',
    'orders',
    'seconds',
    null,
  ]);
});
