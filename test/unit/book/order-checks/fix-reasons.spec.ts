import { money, ONE, scaled } from '../../../../src/book/amount.js';
import type { NewOrder } from '../../../../src/book/inputs.js';
import type { Limits } from '../../../../src/book/limits.js';
import type { RiskBook } from '../../../../src/book/risk-book.js';
import { aBook, account, holds, instrument, limited, NOON, order, quoted, WIDE } from '../a-book.js';

/** FIX OrdRejReason (tag 103) of each code, as DESIGN-ORDERS lists them. */
const limits =
  (own: Limits) =>
  (book: RiskBook): NewOrder => {
    limited(book, 'acc', own);
    return order('BUY', '100');
  };
const cases: [string, number, (book: RiskBook) => NewOrder][] = [
  ['UNKNOWN_SYMBOL', 1, () => order('BUY', '1', { symbol: 'NONE' })],
  ['TRADING_HALTED', 2, (book) => halted(book, 'HALTED')],
  ['INSTRUMENT_HALTED', 2, (book) => changed(book, { halted: true })],
  ['ADV_LIMIT', 3, limits({ maxAdvRatio: scaled('0.00001') })],
  ['RATE_LIMIT', 3, limits({ maxOrdersPerSecond: 0 })],
  ['OPEN_ORDER_LIMIT', 3, limits({ maxOpenOrders: 0 })],
  ['DUPLICATE_CONTENT', 6, limits({ maxDuplicatesPerSecond: 0 })],
  ['DUPLICATE_ID', 6, (book) => again(book)],
  ['STALE_ORDER', 8, () => order('BUY', '1', { timestamp: 0 })],
  ['INVALID_QTY', 13, () => order('BUY', '0.5')],
  ['UNKNOWN_ACCOUNT', 15, () => order('BUY', '1', { accountId: 'nobody' })],
  ['PRICE_COLLAR', 16, (book) => ({ ...limits({ priceCollarRatio: ONE / 10n })(book), price: scaled('120') })],
  ['INVALID_TICK', 18, () => order('BUY', '1', { price: scaled('99.999') })],
  ['NO_REFERENCE_PRICE', 19, (book) => unquoted(book)],
  ['STALE_PRICE', 19, (book) => stale(book)],
  ['POSITION_LIMIT', 20, limits({ maxLongQuantity: ONE })],
  ['GROSS_EXPOSURE', 20, limits({ maxGrossExposure: money('1') })],
  ['NET_EXPOSURE', 20, limits({ maxNetExposure: money('1') })],
  ['CONCENTRATION', 20, limits({ maxPositionRatio: 1n })],
  ['VAR_LIMIT', 21, limits({ maxVarRatio: 1n })],
  ['DAILY_LOSS', 21, (book) => lost(book, { maxDailyLoss: money('1') })],
  ['DRAWDOWN', 21, (book) => lost(book, { maxDrawdownRatio: 1n })],
  ['RISK_DATA_STALE', 21, limits({ maxHistoryAgeMs: 1 })],
  ['BUYING_POWER', 25, (book) => poor(book)],
  ['LEVERAGE', 25, limits({ maxLeverage: 1n })],
  ['MAX_ORDER_QTY', 26, limits({ maxOrderQuantity: ONE })],
  ['MAX_ORDER_NOTIONAL', 27, limits({ maxOrderNotional: money('1') })],
  ['RESTRICTED', 33, limits({ restrictedSymbols: ['AAPL'] })],
  ['TRADING_REDUCING', 99, (book) => halted(book, 'REDUCING')],
  ['CURRENCY_MISMATCH', 99, (book) => changed(book, { currency: 'EUR' })],
  ['EQUITY_MISSING', 99, (book) => withoutEquity(book)],
  ['LIMITS_MISSING', 99, (book) => withoutLimits(book)],
  ['SELF_TRADE', 99, (book) => crossing(book)],
  ['REDUCE_ONLY_WOULD_INCREASE', 99, () => order('BUY', '1', { reduceOnly: true })],
  ['INVALID_PRICE', 99, () => order('BUY', '1', { price: scaled('-1') })],
];

it.each(cases)('%s is told as %i', (code, fixReason, prepare) => {
  const book = aBook();
  const { reasons } = book.decide(prepare(book), NOON).decision;
  const reason = reasons.find((result) => result.code === code);
  expect(reason).toMatchObject({ status: 'BREACH', kind: { code, fixReason } });
});

function halted(book: RiskBook, state: 'HALTED' | 'REDUCING'): NewOrder {
  book.setTradingState({ level: 'FIRM', id: 'firm', state, reason: 'r', actor: 'eve' }, NOON);
  return order('BUY', '1');
}

function changed(book: RiskBook, changes: Parameters<typeof instrument>[1]): NewOrder {
  book.setInstrument(instrument('AAPL', changes), NOON);
  return order('BUY', '1');
}

function again(book: RiskBook): NewOrder {
  const first = order('BUY', '1');
  book.decide(first, NOON);
  return first;
}

function unquoted(book: RiskBook): NewOrder {
  book.setInstrument(instrument('IBM'), NOON);
  return order('BUY', '1', { symbol: 'IBM' });
}

function stale(book: RiskBook): NewOrder {
  book.setInstrument(instrument('IBM'), NOON);
  quoted(book, 'IBM', '100', NOON - 60_001);
  return order('BUY', '1', { symbol: 'IBM' });
}

function lost(book: RiskBook, own: Limits): NewOrder {
  holds(book, '100');
  limited(book, 'acc', own);
  quoted(book, 'AAPL', '99');
  return order('BUY', '1', { price: scaled('99') });
}

function poor(book: RiskBook): NewOrder {
  book.setAccount(account('acc', { accountType: 'CASH', cash: 0n }), NOON);
  return order('BUY', '1');
}

function withoutEquity(book: RiskBook): NewOrder {
  book.setAccount(account('acc', { equity: null }), NOON);
  return order('BUY', '1');
}

function withoutLimits(book: RiskBook): NewOrder {
  book.setLimits({ level: 'ACCOUNT', id: 'acc', limits: { ...WIDE, maxOrderQuantity: undefined }, version: 2 }, NOON);
  return order('BUY', '1');
}

function crossing(book: RiskBook): NewOrder {
  book.decide(order('SELL', '1'), NOON);
  return order('BUY', '1');
}
