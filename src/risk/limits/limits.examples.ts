/** Traders of their own: what is replayed here limits nobody else. */
const OF_TRADER = { level: 'trader', id: 'trader_example' };
const LIMITS = {
  approval_order_quantity: '500',
  max_order_quantity: '2000',
  max_order_notional: '250000',
  max_open_orders: 20,
  max_orders_per_second: 10,
  symbols: { AAPL: { max_order_quantity: '1000' } },
};
const TIME = '2026-01-05T09:00:00.000Z';
const SET = { version: 1, updated_at: TIME, updated_by: 'risk.officer' };
const HEADERS = { 'x-actor': 'risk.officer' };

export const putLimitsExample = {
  params: OF_TRADER,
  headers: HEADERS,
  body: LIMITS,
  reply: { ...OF_TRADER, ...SET, ...LIMITS },
};

export const getLimitsExample = { params: OF_TRADER, reply: { ...OF_TRADER, ...SET, ...LIMITS } };

export const limitChangesExample = {
  params: OF_TRADER,
  query: { limit: 10 },
  reply: { data: [{ ...SET, before: null, after: LIMITS }], next_cursor: null },
};

/** The nearest of many. */
export const utilisationExample = {
  query: { account_id: 'acc_hedged' },
  reply: {
    data: [
      {
        code: 'CONCENTRATION',
        level: 'ACCOUNT',
        level_id: 'acc_hedged',
        symbol: 'BAC',
        limit: '0.3',
        used: '0.2422575',
        reserved: '0',
        headroom: '0.0577425',
        utilisation: 0.807525,
        unit: 'ratio',
      },
      {
        code: 'GROSS_EXPOSURE',
        level: 'FIRM',
        level_id: 'firm_demo',
        symbol: null,
        limit: '1500000.00',
        used: '1177328.10',
        reserved: '0.00',
        headroom: '322671.90',
        utilisation: 0.7848854,
        unit: 'USD',
      },
    ],
    next_cursor: null,
  },
};
