import { scaled } from '../../../../src/book/amount.js';
import type { NewOrder, Side } from '../../../../src/book/inputs.js';
import type { RiskBook } from '../../../../src/book/risk-book.js';
import { DEMO_LIMITS } from '../../../../src/demo/demo-limits.js';
import { ignoredFields } from '../../../../src/risk/limits/level-fields.js';
import { limitsInput } from '../../../../src/risk/limits/limits.schema.js';
import { aDemoBook, LAST, NOW } from './a-demo-book.js';

let orders = 0;
const order = (
  accountId: string,
  side: Side,
  quantity: number,
  symbol: string,
  changes: Partial<NewOrder> = {},
): NewOrder => ({
  action: 'NEW',
  orderId: `O${++orders}`,
  accountId,
  traderId: null,
  symbol,
  side,
  quantity: scaled(String(quantity)),
  type: 'LIMIT',
  price: scaled(LAST.get(symbol)!),
  timeInForce: 'DAY',
  reduceOnly: false,
  timestamp: null,
  submitter: null,
  ...changes,
});

/** Code and level of each reason against an order, warnings left out. */
function refusals(book: RiskBook, wanted: NewOrder, now = NOW): string[] {
  const { decision } = book.decide(wanted, now);
  const hard = decision.reasons.filter(({ status }) => status === 'BREACH');
  return hard.map(({ code, levelId }) => `${code} ${levelId}`);
}

const quoted = (book: RiskBook, symbol: string, price: string) =>
  book.quote({ symbol, price: scaled(price), bid: null, ask: null, timestamp: NOW }, NOW);

describe('the limits of the demo firm', () => {
  it.each(DEMO_LIMITS)('can be put as they stand: %s %s', (level, _id, limits) => {
    expect(limitsInput.parse(limits)).toEqual(limits);
    expect(ignoredFields(level, limits)).toEqual([]);
  });

  it.each(['default', 'acc_growth'])('let an order of 10 or 100 AAPL in %s out at once', (account) => {
    for (const quantity of [10, 100]) {
      for (const side of ['BUY', 'SELL'] as const) {
        const { decision } = aDemoBook().decide(order(account, side, quantity, 'AAPL'), NOW);
        // It says that the history behind the VaR is old, and nothing else.
        expect([decision.decision, decision.warnings]).toEqual(['ACCEPT_WITH_WARNING', ['RISK_DATA_OLD']]);
      }
    }
  });

  it('are kept by what the accounts hold, with a sixth of each to spare', () => {
    const book = aDemoBook();
    for (const account of ['default', 'acc_growth', 'acc_income', 'acc_hedged']) {
      const rows = book.utilisation(account, NOW);
      expect(rows.length).toBeGreaterThan(10);
      const near = rows.filter(({ utilisation }) => utilisation > 5 / 6);
      expect(near.map(({ code, levelId, utilisation }) => `${code} ${levelId} ${utilisation}`)).toEqual([]);
    }
  });

  it.each([
    ['MAX_ORDER_QTY firm_demo', order('default', 'BUY', 5_001, 'BAC')],
    ['MAX_ORDER_NOTIONAL firm_demo', order('default', 'BUY', 2_000, 'AAPL')], // 2,000 × 125.674 = 251,348
    ['PRICE_COLLAR firm_demo', order('default', 'BUY', 10, 'AAPL', { price: scaled('138.5') })], // > 125.674 × 1.1
    ['ADV_LIMIT firm_demo', order('default', 'BUY', 3_001, 'GE')], // 6,000,000 × 0.0005 = 3,000
    ['RESTRICTED firm_demo', order('default', 'BUY', 1, 'SP500')],
    ['RESTRICTED desk_value', order('acc_income', 'BUY', 10, 'GE')],
    ['GROSS_EXPOSURE desk_us', order('default', 'BUY', 1_600, 'AAPL')], // 601,768 + 201,078
    ['GROSS_EXPOSURE acc_growth', order('acc_growth', 'BUY', 760, 'AAPL')], // 205,585 + 95,512
    ['NET_EXPOSURE acc_hedged', order('acc_hedged', 'BUY', 1_000, 'BAC')], // 19,158 + 32,301
    ['LEVERAGE acc_hedged', order('acc_hedged', 'BUY', 620, 'XOM')], // (174,648 + 66,109) ÷ 400,000
    ['CONCENTRATION default', order('default', 'BUY', 700, 'AAPL')], // (113,107 + 87,972) ÷ 1,000,000
    ['VAR_LIMIT acc_growth', order('acc_growth', 'BUY', 700, 'AAPL')],
    ['POSITION_LIMIT acc_growth', order('acc_growth', 'BUY', 1_201, 'AAPL')], // 800 are held
    ['POSITION_LIMIT acc_hedged', order('acc_hedged', 'SELL', 401, 'JPM')], // 600 are sold short
    ['POSITION_LIMIT default', order('default', 'SELL', 101, 'GE')], // its own 600 of GE, 500 are sold short
    ['POSITION_LIMIT PFE', order('default', 'BUY', 2_801, 'PFE')], // 2,200 are held by others
    ['MAX_ORDER_QTY trader_junior', order('default', 'BUY', 201, 'PFE', { traderId: 'trader_junior' })],
  ])('explain what goes beyond them: %s', (refusal, wanted) => {
    expect(refusals(aDemoBook(), wanted)).toContain(refusal);
  });

  it('hold an order of more than 1,000 units for an approval', () => {
    expect(aDemoBook().decide(order('default', 'BUY', 1_200, 'PFE'), NOW).decision.decision).toBe('PENDING_APPROVAL');
  });

  it('count orders of a second, equal orders and open orders', () => {
    const book = aDemoBook();
    const equal = () => order('acc_hedged', 'BUY', 1, 'KO');
    for (const _ of [1, 2]) expect(refusals(book, equal())).toEqual([]);
    expect(refusals(book, equal())).toEqual(['DUPLICATE_CONTENT acc_hedged']);
    for (const quantity of [2, 3]) expect(refusals(book, order('acc_hedged', 'BUY', quantity, 'KO'))).toEqual([]);
    expect(refusals(book, order('acc_hedged', 'BUY', 4, 'KO'))).toEqual(['RATE_LIMIT acc_hedged']);
    // Four are open; six more are as many as may be.
    for (let n = 1; n <= 6; n++)
      expect(refusals(book, order('acc_hedged', 'BUY', n, 'KO'), NOW + 2_000 * n)).toEqual([]);
    expect(refusals(book, order('acc_hedged', 'BUY', 9, 'KO'), NOW + 20_000)).toEqual(['OPEN_ORDER_LIMIT acc_hedged']);
  });

  it('want quotes of the last minute', () => {
    expect(refusals(aDemoBook(), order('default', 'BUY', 10, 'AAPL'), NOW + 60_000)).toEqual([]);
    const late = refusals(aDemoBook(), order('default', 'BUY', 10, 'AAPL'), NOW + 60_001);
    expect(late).toEqual(['STALE_PRICE firm_demo']);
  });

  it('latch an account that loses too much on a day, and one far below its peak', () => {
    const book = aDemoBook();
    quoted(book, 'AAPL', '90'); // 800 × 35.674 = 28,539 > 25,000
    const buy = order('acc_growth', 'BUY', 1, 'MSFT');
    expect(refusals(book, buy)).toEqual(['TRADING_REDUCING acc_growth', 'DAILY_LOSS acc_growth']);
    quoted(book, 'AAPL', '40');
    quoted(book, 'MSFT', '150'); // 68,539 + 37,545 = 106,084 > 20 % of 500,000
    expect(refusals(book, order('acc_growth', 'BUY', 1, 'KO'))).toContain('DRAWDOWN acc_growth');
    expect(book.tradingStates('ACCOUNT', 'acc_growth')[0]).toMatchObject({
      state: 'ACTIVE',
      latches: ['DAILY_LOSS', 'DRAWDOWN'],
      tradingState: 'REDUCING',
    });
  });
});
