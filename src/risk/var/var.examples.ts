/** One request for each method; the demo store answers them. */

const position = (symbol: string) => ({ symbol, market_value: '125000' });

export const historicalExample = {
  body: {
    positions: ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'].map(position),
    equity: '1000000',
    confidence_level: [0.95, 0.99],
    as_of: '2009-12-31',
    lookback_days: 505,
  },
};

export const parametricExample = {
  body: {
    account_id: 'default',
    confidence_level: 0.99,
    distribution: 'student_t',
    degrees_of_freedom: 'ml',
    time_horizon: 10,
  },
};

export const monteCarloExample = {
  body: {
    account_id: 'firm_demo',
    confidence_level: 0.99,
    simulations: 10_000,
    sampling: 'sobol',
    returns: 'lognormal',
  },
};
