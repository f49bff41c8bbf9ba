import type { Level } from '../book/inputs.js';
import type { Limits } from '../risk/limits/limits.schema.js';

/** Limits of the demo firm: room for ordinary orders in every account, and each limit within reach, to see it explained. */

/** Of the firm; the mandatory ones stand here, so that an account that somebody adds below it may trade at once. */
const FIRM: Limits = {
  approval_order_quantity: '1000',
  max_order_quantity: '5000',
  max_order_notional: '250000',
  price_collar_ratio: '0.1',
  // 3,000 GE, 42,500 AAPL: an order of the demo reaches it in thinly traded symbols alone.
  max_adv_ratio: '0.0005',
  max_gross_exposure: '1500000',
  max_net_exposure: '1250000',
  max_leverage: '1',
  max_var_ratio: '0.02',
  max_daily_loss: '125000',
  max_drawdown_ratio: '0.15',
  max_price_age_seconds: 60,
  // The closes end in 2022; every decision says that they are old.
  max_history_age_days: 36_500,
  // An index has a history, but is not traded.
  restricted_symbols: ['SP500'],
};

const DESK_US: Limits = { max_gross_exposure: '800000', max_var_ratio: '0.02', max_daily_loss: '75000' };

const DESK_VALUE: Limits = {
  max_gross_exposure: '800000',
  max_net_exposure: '600000',
  max_var_ratio: '0.015',
  max_daily_loss: '60000',
  restricted_symbols: ['GE'],
};

/** AAPL is 11 % of its equity, VaR 0.8 %, gross exposure 396,000. */
const DEFAULT: Limits = {
  max_gross_exposure: '600000',
  max_position_ratio: '0.2',
  max_leverage: '1',
  max_var_ratio: '0.015',
  max_daily_loss: '50000',
  max_drawdown_ratio: '0.2',
  max_open_orders: 200,
  max_orders_per_second: 200,
  symbols: { GE: { max_short_quantity: '600' } },
};

/** MSFT and AAPL are 21 % and 20 % of its equity, more than the default of 20 %; VaR 1.5 %, gross exposure 206,000. */
const GROWTH: Limits = {
  max_gross_exposure: '300000',
  max_position_ratio: '0.4',
  max_long_quantity: '2000',
  max_leverage: '0.75',
  max_var_ratio: '0.02',
  max_daily_loss: '25000',
  max_drawdown_ratio: '0.2',
  max_open_orders: 200,
  max_orders_per_second: 200,
};

/** KO is 21 % of its equity, VaR 0.9 %, gross exposure 391,000. */
const INCOME: Limits = {
  max_gross_exposure: '500000',
  max_position_ratio: '0.3',
  max_var_ratio: '0.015',
  max_daily_loss: '37500',
  max_drawdown_ratio: '0.2',
  max_open_orders: 100,
  max_orders_per_second: 100,
};

/** BAC is 24 % of its equity, VaR 0.4 %, gross exposure 175,000, net 19,000. */
const HEDGED: Limits = {
  max_long_quantity: '5000',
  max_short_quantity: '1000',
  max_net_exposure: '50000',
  max_position_ratio: '0.3',
  max_leverage: '0.6',
  max_var_ratio: '0.01',
  max_daily_loss: '20000',
  max_drawdown_ratio: '0.2',
  max_open_orders: 10,
  max_orders_per_second: 5,
  max_duplicates_per_second: 2,
};

export const DEMO_LIMITS: readonly (readonly [level: Level, id: string, limits: Limits])[] = [
  ['FIRM', 'firm_demo', FIRM],
  ['DESK', 'desk_us', DESK_US],
  ['DESK', 'desk_value', DESK_VALUE],
  ['ACCOUNT', 'default', DEFAULT],
  ['ACCOUNT', 'acc_growth', GROWTH],
  ['ACCOUNT', 'acc_income', INCOME],
  ['ACCOUNT', 'acc_hedged', HEDGED],
  ['INSTRUMENT', 'PFE', { max_long_quantity: '5000' }],
  ['TRADER', 'trader_junior', { approval_order_quantity: '50', max_order_quantity: '200', max_open_orders: 10 }],
];

/** Who is said to have set them. */
export const DEMO_ACTOR = 'demo';
