import { larger } from '../../../src/book/amount.js';
import type { BookRecords } from '../../../src/book/records.js';

type Side = 'BUY' | 'SELL';
interface Holding {
  accountId: string;
  symbol: string;
  position: bigint;
  averagePrice: bigint | null;
  quantity: Record<Side, bigint>;
  money: Record<Side, bigint>;
}

const size = (value: bigint) => (value < 0n ? -value : value);
const most = (...values: bigint[]) => values.reduce((a, b) => larger(a, b));

/** Worst cases by their definitions, from raw positions, working orders and quotes: none of the book's own sums. */
export function worstCases({ positions, working, executions, symbols }: BookRecords) {
  const holdings = new Map<string, Holding>();
  const at = (accountId: string, symbol: string): Holding => {
    const key = `${accountId} ${symbol}`;
    let holding = holdings.get(key);
    if (!holding) {
      holding = {
        accountId,
        symbol,
        position: 0n,
        averagePrice: null,
        quantity: { BUY: 0n, SELL: 0n },
        money: { BUY: 0n, SELL: 0n },
      };
      holdings.set(key, holding);
    }
    return holding;
  };
  for (const { accountId, symbol, quantity: position, averagePrice } of positions) {
    Object.assign(at(accountId, symbol), { position, averagePrice });
  }
  const filled = new Map(executions.map((done) => [`${done.accountId} ${done.orderId}`, done.filled]));
  const known = new Map(symbols.map((record) => [record.symbol, record]));
  for (const { order, terms, amends } of working) {
    const all = [terms, ...amends];
    const done = filled.get(`${order.accountId} ${order.orderId}`) ?? 0n;
    const open = most(most(...all.map(({ quantity }) => quantity)) - done, 0n);
    const holding = at(order.accountId, order.symbol);
    holding.quantity[order.side] += open;
    const { multiplier } = known.get(order.symbol)!.instrument!;
    holding.money[order.side] += open * most(...all.map(({ lock }) => lock)) * multiplier;
  }
  const value = ({ symbol, position, averagePrice }: Holding): bigint => {
    const { quote, instrument } = known.get(symbol)!;
    // The tests quote the last trade inside bid and ask: it is the mark; without one a position is worth its cost.
    return position * (quote?.price ?? averagePrice ?? 0n) * instrument!.multiplier;
  };
  const of = (ids: readonly string[]) => [...holdings.values()].filter(({ accountId }) => ids.includes(accountId));
  const sum = (ids: readonly string[], figure: (holding: Holding) => bigint) =>
    of(ids).reduce((total, holding) => total + figure(holding), 0n);
  return {
    worst: (ids: readonly string[], symbol: string) => ({
      long: sum(ids, (h) => (h.symbol === symbol ? most(h.position + h.quantity.BUY, 0n) : 0n)),
      short: sum(ids, (h) => (h.symbol === symbol ? most(h.quantity.SELL - h.position, 0n) : 0n)),
    }),
    gross: (ids: readonly string[]) =>
      sum(ids, (h) => most(size(value(h) + h.money.BUY), size(value(h) - h.money.SELL))),
    net: (ids: readonly string[]) =>
      most(size(sum(ids, (h) => value(h) + h.money.BUY)), size(sum(ids, (h) => value(h) - h.money.SELL))),
  };
}
