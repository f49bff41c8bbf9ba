import { money, ONE, scaled } from '../../../src/book/amount.js';
import type { CheckResult } from '../../../src/book/check-result.js';
import type { AccountInput, Fill, InstrumentInput, NewOrder, Side } from '../../../src/book/inputs.js';
import { type BookSettings, DAY_MS, type Limits } from '../../../src/book/limits.js';
import type { Outcome } from '../../../src/book/order-intake.js';
import { RiskBook } from '../../../src/book/risk-book.js';

/** A small firm: `firm` over `desk` over `acc` and `acc2`, two instruments in USD, quoted at NOON. */
export const NOON = Date.UTC(2026, 0, 5, 12);
export const OBSERVATIONS = 20;

export const instrument = (symbol: string, changes: Partial<InstrumentInput> = {}): InstrumentInput => ({
  symbol,
  currency: 'USD',
  multiplier: ONE,
  tickSize: scaled('0.01'),
  lotSize: ONE,
  adv: scaled('1000000'),
  halted: false,
  allowNegativePrice: false,
  ...changes,
});

/** Wide enough that nothing is in the way of what a test is about. */
export const WIDE: Limits = {
  approvalOrderQuantity: scaled('1000000'),
  maxOrderQuantity: scaled('1000000'),
  maxOrderNotional: money('1000000000'),
  maxGrossExposure: money('1000000000'),
  maxPositionRatio: 1000n * ONE,
  maxVarRatio: 1000n * ONE,
};

export const account = (accountId: string, changes: Partial<AccountInput> = {}): AccountInput => ({
  accountId,
  parentId: 'desk',
  kind: 'ACCOUNT',
  accountType: 'MARGIN',
  currency: 'USD',
  equity: money('1000000'),
  ...changes,
});

/** Day t of the window falls by t/100 of a percent … so that the k-th worst loss is known by hand. */
const fallingReturns = Float64Array.from({ length: OBSERVATIONS }, (_, t) => -(t + 1) / 1000);

export function aBook(limits: Limits = {}, settings: Partial<BookSettings> = {}): RiskBook {
  const book = RiskBook.empty(settings);
  for (const symbol of ['AAPL', 'MSFT']) {
    book.setInstrument(instrument(symbol), NOON);
    quoted(book, symbol, '100');
  }
  const returns = new Map([
    ['AAPL', fallingReturns],
    ['MSFT', fallingReturns.map((r) => -r)],
  ]);
  book.setScenarios({ observationCount: OBSERVATIONS, asOf: NOON - DAY_MS, returns }, NOON);
  book.setAccount(account('firm', { parentId: null, kind: 'FIRM', equity: null }), NOON);
  book.setAccount(account('desk', { parentId: 'firm', kind: 'DESK', equity: null }), NOON);
  book.setAccount(account('acc'), NOON);
  book.setAccount(account('acc2'), NOON);
  limited(book, 'acc', limits);
  limited(book, 'acc2', {});
  return book;
}

/** Limits of an account, on top of wide ones. */
export function limited(book: RiskBook, id: string, limits: Limits): void {
  book.setLimits({ level: 'ACCOUNT', id, limits: { ...WIDE, ...limits }, version: 1 }, NOON);
}

export function quoted(book: RiskBook, symbol: string, price: string, timestamp = NOON): void {
  const value = scaled(price);
  book.quote({ symbol, price: value, bid: value, ask: value, timestamp }, timestamp);
}

let orders = 0;
export const order = (side: Side, quantity: string, changes: Partial<NewOrder> = {}): NewOrder => ({
  action: 'NEW',
  orderId: `O${++orders}`,
  accountId: 'acc',
  traderId: null,
  symbol: 'AAPL',
  side,
  quantity: scaled(quantity),
  type: 'LIMIT',
  price: scaled('100'),
  timeInForce: 'DAY',
  reduceOnly: false,
  timestamp: null,
  submitter: null,
  ...changes,
});

let fills = 0;
export const fill = (of: NewOrder, quantity: string, changes: Partial<Fill> = {}): Fill => ({
  orderId: of.orderId,
  accountId: of.accountId,
  status: 'PARTIALLY_FILLED',
  execId: `E${++fills}`,
  symbol: of.symbol,
  side: of.side,
  quantity: scaled(quantity),
  price: of.price ?? scaled('100'),
  timestamp: NOON,
  ...changes,
});

export const holds = (book: RiskBook, quantity: string, { symbol = 'AAPL', accountId = 'acc' } = {}): void => {
  const positions = book.records().positions.filter((p) => p.accountId === accountId && p.symbol !== symbol);
  const held = { symbol, quantity: scaled(quantity), averagePrice: scaled('100') };
  book.snapshot({ accountId, asOf: NOON - 1, positions: [...positions, held] }, NOON);
};

/** The one result of a code, at a level where there are more. */
export function resultOf({ decision }: Outcome, code: string, levelId?: string): CheckResult {
  const found = decision.checks!.filter((check) => check.code === code && (!levelId || check.levelId === levelId));
  const result = found.find(({ status }) => status !== 'PASS') ?? found[0];
  if (!result) throw new Error(`${code} was not evaluated: ${decision.checks!.map((check) => check.code).join(' ')}`);
  return result;
}

export const codesOf = ({ decision }: Outcome): string[] => decision.reasons.map(({ code }) => code);
export const reservedOf = (book: RiskBook, accountId = 'acc') =>
  book.utilisation(accountId, NOON).find(({ code, levelId }) => code === 'GROSS_EXPOSURE' && levelId === accountId)!;
