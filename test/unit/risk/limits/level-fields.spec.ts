import type { Level } from '../../../../src/book/inputs.js';
import { ignoredFields } from '../../../../src/risk/limits/level-fields.js';
import { type Limits, limitsInput } from '../../../../src/risk/limits/limits.schema.js';

const EVERY_FIELD: Limits = limitsInput.parse({
  approval_order_quantity: 1,
  max_order_quantity: 1,
  max_order_notional: 1,
  price_collar_ratio: 1,
  max_adv_ratio: 1,
  max_long_quantity: 1,
  max_short_quantity: 1,
  max_gross_exposure: 1,
  max_net_exposure: 1,
  max_open_orders: 1,
  max_position_ratio: 1,
  max_price_age_seconds: 1,
  market_slippage_ratio: 1,
  max_leverage: 1,
  max_var_ratio: 1,
  max_daily_loss: 1,
  max_drawdown_ratio: 1,
  max_orders_per_second: 1,
  max_duplicates_per_second: 1,
  max_history_age_days: 1,
  symbols: { 'BRK/B': { max_order_quantity: 1, max_long_quantity: 1 } },
  restricted_symbols: ['GE'],
});

const kept = (level: Level) => {
  const ignored = ignoredFields(level, EVERY_FIELD).map(({ pointer }) => pointer.slice(1));
  return Object.keys(EVERY_FIELD).filter((field) => !ignored.includes(field));
};

describe('limits that a level has', () => {
  it('are all fields for a firm, a desk and an account', () => {
    expect(Object.keys(EVERY_FIELD)).toHaveLength(Object.keys(limitsInput.shape).length);
    for (const level of ['FIRM', 'DESK', 'ACCOUNT'] as const) expect(ignoredFields(level, EVERY_FIELD)).toEqual([]);
  });

  it('are size, rate and open orders for a trader', () => {
    expect(kept('TRADER')).toEqual([
      'approval_order_quantity',
      'max_order_quantity',
      'max_order_notional',
      'max_open_orders',
      'max_orders_per_second',
      'symbols',
    ]);
  });

  it('are sizes alone for a symbol of a trader', () => {
    const problems = ignoredFields('TRADER', { symbols: EVERY_FIELD.symbols });
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/symbols/BRK~1B/max_long_quantity']);
  });

  it('are none that need an equity, a history or other symbols for an instrument', () => {
    expect(ignoredFields('INSTRUMENT', EVERY_FIELD).map(({ pointer }) => pointer)).toEqual([
      '/max_position_ratio',
      '/max_leverage',
      '/max_var_ratio',
      '/max_daily_loss',
      '/max_drawdown_ratio',
      '/max_duplicates_per_second',
      '/max_history_age_days',
      '/symbols',
      '/restricted_symbols',
    ]);
  });

  it('are named to whoever sets another', () => {
    expect(ignoredFields('TRADER', { max_order_quantity: '1', max_leverage: '2' })).toEqual([
      {
        pointer: '/max_leverage',
        code: 'not_at_this_level',
        detail:
          'expected one of approval_order_quantity, max_order_quantity, max_order_notional, max_open_orders, ' +
          'max_orders_per_second, symbols at the level trader, got max_leverage',
      },
    ]);
  });
});
