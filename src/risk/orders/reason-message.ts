import type { CheckResult } from '../../book/check-result.js';
import type { Level } from '../../book/inputs.js';
import type { Figures } from './figures.js';

/** What a message may say: the result, its figures as they are shown, and whom or what it concerns. */
interface Facts extends Figures {
  /** Such as `desk desk_us`. */
  readonly scope: string;
  /** Of a figure, with a space before it; nothing for a ratio. */
  readonly unit: string;
  /** Of the order. */
  readonly symbol: string;
  readonly detail: string | null;
  readonly soft: boolean;
}

type Message = (facts: Facts) => string;

const withDetail = (text: string, detail: string | null) => (detail === null ? text : `${text}: ${detail}`);
const wouldBe =
  (what: string): Message =>
  ({ scope, after, limit, unit }) =>
    `${what} of ${scope} would be ${after}${unit}, limit ${limit}`;
/** Without positive equity there is no ratio, and no limit is kept. */
const ratioWouldBe =
  (what: string, ofWhat = ''): Message =>
  ({ scope, after, limit }) =>
    after === null
      ? `${what} of ${scope} cannot be within its limit ${limit}: its equity is not above 0`
      : `${what} of ${scope} would be ${after}${ofWhat}, limit ${limit}`;

const DAY_S = 86_400;

/** Seconds as a person says them. */
const timeText = (seconds: string | null): string =>
  Number(seconds) >= 2 * DAY_S ? `${Math.floor(Number(seconds) / DAY_S)} days` : `${seconds} seconds`;

/** One message for each code, in the words of the people who read it. */
const MESSAGES: Readonly<Record<string, Message>> = {
  DUPLICATE_ID: ({ detail }) => withDetail('the order id is used already', detail),
  ORDER_INVALID: ({ detail }) => withDetail('the order is not valid', detail),
  STALE_ORDER: ({ after, limit }) => `the order was sent ${timeText(after)} ago, limit ${timeText(limit)}`,
  UNKNOWN_ACCOUNT: ({ scope, detail }) => withDetail(`${scope} cannot trade`, detail),
  UNKNOWN_SYMBOL: ({ scope }) => `${scope} is not known`,
  CURRENCY_MISMATCH: ({ detail }) => withDetail('the currencies differ', detail),
  LIMITS_MISSING: ({ scope, detail }) => withDetail(`${scope} lacks limits that it must have`, detail),
  TRADING_HALTED: ({ scope }) => `${scope} is halted: only cancels pass`,
  TRADING_REDUCING: ({ scope, detail }) => withDetail(`${scope} takes only orders that reduce`, detail),
  RESTRICTED: ({ scope, symbol }) => `the symbol ${symbol} is on the restricted list of ${scope}`,
  INSTRUMENT_HALTED: ({ scope }) => `${scope} is halted by its exchange`,
  INVALID_QTY: ({ after, detail }) => withDetail(`the quantity ${after} is not valid`, detail),
  INVALID_PRICE: ({ scope, detail }) => withDetail(`the price is not valid for ${scope}`, detail),
  INVALID_TICK: ({ symbol, detail }) => withDetail(`the price is not in whole ticks of ${symbol}`, detail),
  NO_REFERENCE_PRICE: ({ scope, detail }) => withDetail(`${scope} lacks a price to measure the order by`, detail),
  STALE_PRICE: ({ symbol, after, limit }) =>
    `the latest quote of ${symbol} is ${timeText(after)} old, limit ${timeText(limit)}`,
  MAX_ORDER_QTY: ({ scope, after, limit, soft }) =>
    soft
      ? `the order quantity ${after} needs an approval: ${scope} lets ${limit} pass without one`
      : `the order quantity is ${after}, limit of ${scope} ${limit}`,
  MAX_ORDER_NOTIONAL: ({ scope, after, limit, unit }) =>
    `the order notional is ${after}${unit}, limit of ${scope} ${limit}`,
  ADV_LIMIT: ({ scope, symbol, after, limit }) =>
    `the order quantity is ${after}, share of the average daily volume of ${symbol} that ${scope} allows ${limit}` +
    (limit === '0' ? ': that volume is not known, or no share of it is allowed' : ''),
  PRICE_COLLAR: ({ scope, after, limit }) =>
    `the order price ${after} is ${Number(after) > Number(limit) ? 'above' : 'below'} the collar of ${scope}, limit ${limit}`,
  RATE_LIMIT: wouldBe('the number of orders within a second'),
  DUPLICATE_CONTENT: wouldBe('the number of orders with this content within a second'),
  OPEN_ORDER_LIMIT: wouldBe('the number of open orders'),
  SELF_TRADE: ({ scope, detail }) => withDetail(`the order may trade with another one of ${scope}`, detail),
  REDUCE_ONLY_WOULD_INCREASE: ({ after }) => `the order is reduce_only and would open ${after} units`,
  EQUITY_MISSING: ({ scope, detail }) => withDetail(`the equity of ${scope} is not known`, detail),
  POSITION_LIMIT: ({ scope, symbol, after, limit }) =>
    `the worst position in ${symbol} of ${scope} would be ${after} units, limit ${limit}`,
  GROSS_EXPOSURE: wouldBe('gross exposure'),
  NET_EXPOSURE: wouldBe('net exposure'),
  CONCENTRATION: ({ scope, symbol, after, limit }) =>
    after === null
      ? `${scope} cannot hold any part of its equity in ${symbol}, limit ${limit}: its equity is not above 0`
      : `${scope} would hold ${after} of its equity in ${symbol}, limit ${limit}`,
  BUYING_POWER: ({ scope, after, limit, unit, detail }) => {
    if (detail !== null) return `the buying power of ${scope} is not known: ${detail}`;
    if (unit === ' units') return `${scope} would be short ${after} units; a cash account sells what it holds`;
    return `working buys of ${scope} would be ${after}${unit}, its cash ${limit}`;
  },
  LEVERAGE: ratioWouldBe('leverage'),
  DAILY_LOSS: ({ scope, after, limit, unit }) =>
    `${scope} has lost ${after}${unit} since the start of the session, limit ${limit}`,
  DRAWDOWN: ({ scope, after, limit }) => `the drawdown of ${scope} is ${after ?? 'all'} of its peak, limit ${limit}`,
  RISK_DATA_STALE: ({ scope, after, limit, detail }) => {
    const text = `the value at risk of ${scope} cannot be known`;
    if (detail !== null) return `${text}: ${detail}`;
    return after === null
      ? `${text}: there is no price history`
      : `${text}: the price history is ${timeText(after)} old, limit ${timeText(limit)}`;
  },
  RISK_DATA_OLD: ({ detail }) => withDetail('the value at risk stands on old prices', detail),
  VAR_LIMIT: ratioWouldBe('value at risk', ' of equity'),
  RULE_ERROR: ({ detail }) => `a check failed (${detail?.split(':')[0]}), and what is not checked does not pass`,
  APPROVAL_EXPIRED: () => 'nobody approved the order in time',
  APPROVAL_REFUSED: ({ detail }) => withDetail('the approval was refused', detail),
  APPROVAL_WITHDRAWN: ({ detail }) => withDetail('no approval is needed any more', detail),
};

const LEVELS: Record<Level, string> = {
  FIRM: 'firm',
  DESK: 'desk',
  ACCOUNT: 'account',
  TRADER: 'trader',
  INSTRUMENT: 'instrument',
};

/** A level with its id in words, such as `desk desk_us`. */
export const scopeText = (level: Level, id: string): string => `${LEVELS[level]} ${id}`;

export const MESSAGE_CODES: ReadonlySet<string> = new Set(Object.keys(MESSAGES));

/** Why a check did not pass, in plain words; `unit` is that of the figures as they are shown, `symbol` the order's. */
export function messageOf(
  result: CheckResult,
  figures: Figures,
  { unit, symbol }: { unit: string | null; symbol: string | null },
): string {
  const { code, level, levelId, detail, kind } = result;
  const { before, after, limit, headroom } = figures;
  return MESSAGES[code]!({
    before,
    after,
    limit,
    headroom,
    scope: level === null || levelId === null ? 'the order' : scopeText(level, levelId),
    unit: unit === null || unit === 'ratio' || unit === 'orders' ? '' : ` ${unit}`,
    symbol: symbol ?? 'the symbol',
    detail,
    soft: kind.soft === true,
  });
}
