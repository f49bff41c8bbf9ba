import type { Instrument } from '../risk/market/instruments.schema.js';
import type { AccountInput } from '../risk/portfolio/accounts.schema.js';

/** A small firm to try the service on. Closes are real (assets/demo/closes.csv); everything else here is made up. */

const stock = (symbol: string, sector: string, adv: string): Instrument => ({
  symbol,
  asset_class: 'EQUITY',
  currency: 'USD',
  sector,
  multiplier: '1',
  tick_size: '0.001',
  lot_size: '1',
  adv,
  halted: false,
  allow_negative_price: false,
});

export const DEMO_INSTRUMENTS: readonly Instrument[] = [
  stock('AAPL', 'TECH', '85000000'),
  stock('BAC', 'FINANCIALS', '40000000'),
  stock('GE', 'INDUSTRIALS', '6000000'),
  stock('JPM', 'FINANCIALS', '11000000'),
  stock('KO', 'CONSUMER_STAPLES', '14000000'),
  stock('MSFT', 'TECH', '30000000'),
  stock('PFE', 'HEALTH_CARE', '22000000'),
  stock('WMT', 'CONSUMER_STAPLES', '6500000'),
  stock('XOM', 'ENERGY', '19000000'),
  { ...stock('SP500', 'INDEX', '1'), asset_class: 'INDEX', adv: null },
];

const account = (kind: AccountInput['kind'], parent: string | null, equity: string | null): AccountInput => ({
  kind,
  parent_id: parent,
  account_type: 'MARGIN',
  currency: 'USD',
  equity,
  cash: equity,
});

/** Parents before their children. */
export const DEMO_ACCOUNTS: readonly (readonly [id: string, input: AccountInput])[] = [
  ['firm_demo', account('FIRM', null, null)],
  ['desk_us', account('DESK', 'firm_demo', null)],
  ['desk_value', account('DESK', 'firm_demo', null)],
  ['default', account('ACCOUNT', 'desk_us', '1000000')],
  ['acc_growth', account('ACCOUNT', 'desk_us', '500000')],
  ['acc_income', account('ACCOUNT', 'desk_value', '750000')],
  ['acc_hedged', account('ACCOUNT', 'desk_value', '400000')],
];

/** Signed quantity and average price. */
export const DEMO_POSITIONS: Readonly<
  Record<string, readonly (readonly [symbol: string, quantity: string, price: string])[]>
> = {
  default: [
    ['AAPL', '900', '98.2'],
    ['JPM', '700', '118.4'],
    ['KO', '1200', '55.1'],
    ['XOM', '800', '71.35'],
    ['GE', '-500', '70.2'],
  ],
  acc_growth: [
    ['AAPL', '800', '121.5'],
    ['MSFT', '450', '251.7'],
  ],
  acc_income: [
    ['KO', '2500', '57.8'],
    ['PFE', '2200', '41.6'],
    ['WMT', '900', '133.9'],
  ],
  acc_hedged: [
    ['BAC', '3000', '34.1'],
    ['JPM', '-600', '125.2'],
  ],
};

/** Closes of the symbols above and their dates: 2007-01-03 to 2022-12-28. */
export const DEMO_CLOSES_URL = new URL('../../assets/demo/closes.csv', import.meta.url);
export const DEMO_JOB_ID = 'job_demo';
