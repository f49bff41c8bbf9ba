import fc from 'fast-check';
import { Amount } from '../../../src/book/amount.js';

/** Every figure beside the bigint that it stands for: narrow ones, such as two doubles cannot hold, and both in one sum. */
const integer = fc.oneof(
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  // Money: many zeros behind.
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((cents) => cents * 10n ** 22n),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -(2n ** 108n), max: 2n ** 108n }),
  fc.bigInt({ min: -(10n ** 69n), max: 10n ** 69n }),
  fc.constantFrom(0n, 2n ** 53n, -(2n ** 53n) - 1n, 2n ** 106n + 1n, 2n ** 200n + 1n),
);
/** What input can be: 15 digits before the point and 8 behind it. */
const scaled = fc.oneof(
  fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  fc.bigInt({ min: -(10n ** 23n), max: 10n ** 23n }),
  fc.constantFrom(0n, 100_000_000n),
);
const parameters = { numRuns: 2_000 };

function expectInteger(amount: Amount, exact: bigint): void {
  // From its doubles, whoever asked before.
  expect(new Amount().setTo(amount).add(new Amount()).exact).toBe(exact);
  expect(amount.exact).toBe(exact);
  expect(amount.near).toBe(Number(exact));
  expect([amount.isZero, amount.isPositive, amount.isNegative]).toEqual([exact === 0n, exact > 0n, exact < 0n]);
}

describe('an amount', () => {
  it('is the integer it is set to', () => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expectInteger(new Amount(a), a);
        expectInteger(new Amount(a).set(b), b);
        expectInteger(new Amount(a).setTo(new Amount(b)), b);
      }),
      parameters,
    );
  });

  it('adds and subtracts exactly, in any order', () => {
    fc.assert(
      fc.property(fc.array(integer, { minLength: 1, maxLength: 12 }), fc.nat(), (terms, from) => {
        const sum = new Amount();
        for (const term of terms) sum.add(new Amount(term));
        expectInteger(
          sum,
          terms.reduce((a, b) => a + b, 0n),
        );
        const rotated = terms.map((_, i) => terms[(i + from) % terms.length]!);
        for (const term of rotated) sum.subtract(new Amount(term));
        expectInteger(sum, 0n);
      }),
      parameters,
    );
  });

  it('multiplies exactly', () => {
    fc.assert(
      fc.property(scaled, scaled, scaled, integer, (a, b, c, more) => {
        const product = new Amount().setProduct(new Amount(a), new Amount(b), new Amount(c));
        expectInteger(product, a * b * c);
        expectInteger(product.add(new Amount(more)), a * b * c + more);
      }),
      parameters,
    );
  });

  it('compares exactly, neighbours too', () => {
    const neighbours = fc.tuple(
      integer,
      fc.oneof(
        integer,
        fc.constantFrom(-1n, 0n, 1n).map((by) => ({ by })),
      ),
    );
    fc.assert(
      fc.property(neighbours, ([a, other]) => {
        const b = typeof other === 'bigint' ? other : a + other.by;
        expect(new Amount(a).equals(new Amount(b))).toBe(a === b);
        expect(new Amount(a).isAbove(new Amount(b))).toBe(a > b);
      }),
      parameters,
    );
  });

  it('has a size', () => {
    fc.assert(
      fc.property(integer, (a) => {
        const amount = new Amount(a);
        expectInteger(amount.absolute(), a < 0n ? -a : a);
        expectInteger(amount, a);
        expectInteger(amount.toAbsolute(), a < 0n ? -a : a);
      }),
      parameters,
    );
  });
});
