import fc from 'fast-check';
import { difference, product, rounded, sum } from '../../../src/decimal/arithmetic.js';

describe('arithmetic on decimals', () => {
  it('is exact where doubles are not', () => {
    expect(sum(['0.1', '0.2'])).toBe('0.3');
    expect(difference('0.3', '0.1')).toBe('0.2');
    expect(product(['999999999999999.99999999', '100000000'])).toBe('99999999999999999999999');
  });

  it('takes nothing as the sum of nothing', () => {
    expect([sum([]), product([])]).toEqual(['0', '1']);
  });

  it('rounds half even, and never writes a zero with a sign', () => {
    expect([rounded('0.125', 2), rounded('0.135', 2), rounded('-0.004', 2)]).toEqual(['0.12', '0.14', '0']);
  });

  it('agrees with whole numbers of hundred-millionths', () => {
    const units = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    const text = (value: bigint) => {
      const digits = (value < 0n ? -value : value).toString().padStart(9, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
    };
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(difference(sum([text(a), text(b)]), text(b))).toBe(sum([text(a)]));
        expect(sum([text(a), text(b)])).toBe(sum([text(a + b)]));
      }),
    );
  });
});
