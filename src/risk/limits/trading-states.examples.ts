/** A trader of his own: what is replayed here stops nobody else. */
const OF_TRADER = { level: 'trader', id: 'trader_on_leave' };
const INPUT = { state: 'HALTED', reason: 'On leave until 2 February' };
const SET = { version: 1, updated_at: '2026-01-05T09:00:00.000Z', updated_by: 'risk.officer' };
const REPLY = {
  ...OF_TRADER,
  ...INPUT,
  latches: [],
  ...SET,
  effective: { state: 'HALTED', source: OF_TRADER },
};

export const putTradingStateExample = {
  params: OF_TRADER,
  headers: { 'x-actor': 'risk.officer' },
  body: INPUT,
  reply: REPLY,
};

export const getTradingStateExample = { params: OF_TRADER, reply: REPLY };

export const listTradingStatesExample = {
  query: { cursor: 'trader/trader_of_before', limit: 10 },
  reply: { data: [REPLY], next_cursor: null },
};

export const tradingStateChangesExample = {
  params: OF_TRADER,
  query: { limit: 10 },
  reply: { data: [{ ...SET, before: null, ...INPUT, latches: [] }], next_cursor: null },
};
