import fc from 'fast-check';
import { money, scaled } from '../../../../src/book/amount.js';
import { DAY_MS } from '../../../../src/book/limits.js';
import { canonical } from '../../../../src/decimal/decimal.js';
import { bookLimits, wireLimits } from '../../../../src/risk/limits/book-limits.js';
import { type Limits, limitsInput } from '../../../../src/risk/limits/limits.schema.js';

/** Up to 15 digits before the point and 8 behind it. */
const amount = fc
  .tuple(fc.bigInt(0n, 10n ** 15n - 1n), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([whole, fraction]) => canonical(`${whole}.${String(fraction).padStart(8, '0')}`));
const ratio = fc.integer({ min: 0, max: 100_000_000 }).map((value) => canonical(value / 1e8));
const count = (min: number, max: number) => fc.integer({ min, max });

const symbolFields = {
  approval_order_quantity: amount,
  max_order_quantity: amount,
  max_order_notional: amount,
  price_collar_ratio: ratio,
  max_adv_ratio: ratio,
  max_long_quantity: amount,
  max_short_quantity: amount,
  max_gross_exposure: amount,
  max_net_exposure: amount,
  max_open_orders: count(0, 1_000_000),
  max_position_ratio: ratio,
  max_price_age_seconds: count(1, 31_536_000),
  market_slippage_ratio: ratio,
};
const limits = fc.record(
  {
    ...symbolFields,
    max_leverage: ratio,
    max_var_ratio: ratio,
    max_daily_loss: amount,
    max_drawdown_ratio: ratio,
    max_orders_per_second: count(0, 1_000_000),
    max_duplicates_per_second: count(1, 1_000_000),
    max_history_age_days: count(0, 36_500),
    symbols: fc.dictionary(fc.constantFrom('AAPL', 'BRK/B', '^SPX'), fc.record(symbolFields, { requiredKeys: [] })),
    restricted_symbols: fc.uniqueArray(fc.constantFrom('GE', 'KO', 'XOM')),
  },
  { requiredKeys: [] },
);

describe('limits in the book', () => {
  it('are the same limits: every field of the wire comes back as it was', () => {
    fc.assert(
      fc.property(limits, (generated) => {
        const wire: Limits = limitsInput.parse(generated);
        expect(wireLimits(bookLimits(wire))).toEqual(wire);
      }),
    );
  });

  it('have quantities and ratios × 10⁸, money × 10²⁴ and times in ms', () => {
    const wire: Limits = {
      max_order_quantity: '5000',
      max_order_notional: '0.00000001',
      max_var_ratio: '0.05',
      max_price_age_seconds: 60,
      max_history_age_days: 7,
      symbols: { GE: { max_gross_exposure: '1.5' } },
      restricted_symbols: ['KO'],
    };
    expect(bookLimits(wire)).toEqual({
      maxOrderQuantity: scaled('5000'),
      maxOrderNotional: 10n ** 16n,
      maxVarRatio: 5_000_000n,
      maxPriceAgeMs: 60_000,
      maxHistoryAgeMs: 7 * DAY_MS,
      symbols: { GE: { maxGrossExposure: money('1.5') } },
      restrictedSymbols: ['KO'],
    });
  });

  it('do not even name a field that is not set: it would hide that of the level', () => {
    expect(Object.keys(bookLimits({ max_order_quantity: undefined, symbols: { GE: {} } }))).toEqual(['symbols']);
  });
});
