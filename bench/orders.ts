import { money, ONE, type Scaled, scaled } from '../src/book/amount.js';
import type { NewOrder } from '../src/book/inputs.js';
import type { Limits } from '../src/book/limits.js';
import { RiskBook } from '../src/book/risk-book.js';
import { standardNormals } from './normals.js';
import { print, spread } from './report.js';

/** Order decisions in process: all checks and the what-if VaR at account, desk and firm. */

const OBSERVATIONS = 252;
const SYMBOLS = 200;
const ROUND = 20_000;
const BATCH = 500;
const WARM_ROUNDS = 5;
const ROUNDS = 10;
const START = Date.UTC(2026, 0, 5, 12);

const symbolOf = (i: number) => `S${i}`;
const priceOf = (i: number): Scaled => scaled(String(20 + (i % 180)));

interface BookSize {
  accounts: number;
  positions: number;
  symbols?: number;
}

/** A firm with a desk for every 50 accounts, everything priced, limited at each level and far from its limits. */
function benchBook({ accounts, positions, symbols = SYMBOLS }: BookSize): RiskBook {
  const book = RiskBook.empty();
  const normals = standardNormals(symbols * OBSERVATIONS);
  const returns = new Map(
    Array.from({ length: symbols }, (_, i) => [
      symbolOf(i),
      normals.slice(i * OBSERVATIONS, (i + 1) * OBSERVATIONS).map((z) => 0.01 * z),
    ]),
  );
  for (let i = 0; i < symbols; i++) {
    const symbol = symbolOf(i);
    book.setInstrument(
      {
        symbol,
        currency: 'USD',
        multiplier: ONE,
        tickSize: scaled('0.01'),
        lotSize: ONE,
        adv: scaled('50000000'),
        halted: false,
        allowNegativePrice: false,
      },
      START,
    );
    book.quote({ symbol, price: priceOf(i), bid: priceOf(i), ask: priceOf(i), timestamp: START }, START);
  }
  book.setScenarios({ observationCount: OBSERVATIONS, asOf: START, returns }, START);
  const tree = { accountType: 'MARGIN', currency: 'USD' } as const;
  book.setAccount({ accountId: 'firm', parentId: null, kind: 'FIRM', ...tree }, START);
  book.setLimits({ level: 'FIRM', id: 'firm', limits: totalLimits('1000000000000'), version: 1 }, START);
  for (let a = 0; a < accounts; a++) {
    const desk = `desk${Math.floor(a / 50)}`;
    if (a % 50 === 0) {
      book.setAccount({ accountId: desk, parentId: 'firm', kind: 'DESK', ...tree }, START);
      book.setLimits({ level: 'DESK', id: desk, limits: totalLimits('50000000000'), version: 1 }, START);
    }
    const accountId = `acc${a}`;
    const account = { accountId, parentId: desk, kind: 'ACCOUNT', ...tree } as const;
    book.setAccount({ ...account, equity: money('100000000') }, START);
    book.setLimits({ level: 'ACCOUNT', id: accountId, limits: accountLimits, version: 1 }, START);
    const held = Array.from({ length: positions }, (_, i) => ({
      symbol: symbolOf((a + i * 7) % symbols),
      quantity: scaled(String((i % 2 === 0 ? 1 : -1) * (50 + (i % 100)))),
      averagePrice: null,
    }));
    book.snapshot({ accountId, asOf: START, positions: held }, START);
  }
  return book;
}

const totalLimits = (gross: string): Limits => ({
  maxGrossExposure: money(gross),
  maxNetExposure: money(gross),
  maxVarRatio: ONE / 20n,
});

const accountLimits: Limits = {
  ...totalLimits('1000000000'),
  maxOrderQuantity: scaled('5000'),
  maxOrderNotional: money('1000000'),
  priceCollarRatio: ONE / 10n,
  maxAdvRatio: ONE / 100n,
  maxLongQuantity: scaled('1000000'),
  maxShortQuantity: scaled('1000000'),
  maxPositionRatio: ONE / 5n,
  maxLeverage: 4n * ONE,
  maxDailyLoss: money('1000000'),
  maxDrawdownRatio: ONE / 5n,
  maxOpenOrders: 100_000,
  maxOrdersPerSecond: 1_000_000,
};

function orderOf(round: number, i: number, { accounts, symbols = SYMBOLS }: BookSize): NewOrder {
  const symbol = (i * 13 + Math.floor(i / accounts) * 7) % symbols;
  return {
    action: 'NEW',
    orderId: `O${round}-${i}`,
    accountId: `acc${(i * 17) % accounts}`,
    traderId: null,
    symbol: symbolOf(symbol),
    side: i % 2 === 0 ? 'BUY' : 'SELL',
    quantity: scaled(String(10 + (i % 50))),
    type: 'LIMIT',
    // Buys below sells: nothing trades with itself.
    price: priceOf(symbol) + (i % 2 === 0 ? -ONE : ONE) / 100n,
    timeInForce: 'DAY',
    reduceOnly: false,
    timestamp: START,
    submitter: null,
  };
}

interface Wanted {
  exactVar?: boolean;
  detail?: 'full' | 'nearest';
}

/**
 * Decisions per second of processor time, of rounds of binding orders; every order is cancelled again between the
 * rounds, untimed. Orders are made shortly before they are decided, as those of a batch are.
 */
function decisionsPerSecond(book: RiskBook, size: BookSize, wanted: Wanted): number[] {
  const rates: number[] = [];
  let now = START + 1000;
  for (let round = 0; round < ROUNDS + WARM_ROUNDS; round++) {
    const decided: NewOrder[] = [];
    let spent = 0;
    let accepted = 0;
    for (let from = 0; from < ROUND; from += BATCH) {
      const orders = Array.from({ length: BATCH }, (_, i) => orderOf(round, from + i, size));
      const start = process.cpuUsage();
      for (const order of orders) if (book.decide(order, now, wanted).decision.allowOrder) accepted++;
      spent += microseconds(process.cpuUsage(start));
      decided.push(...orders);
    }
    rates.push(ROUND / (spent / 1e6));
    if (accepted !== ROUND) throw new Error(`${ROUND - accepted} orders were not accepted`);
    now += 1000;
    for (const { orderId, accountId } of decided) {
      book.update({ orderId, accountId, status: 'CANCELLED', timestamp: now }, now);
    }
  }
  return rates.slice(WARM_ROUNDS);
}

/** What a quote costs each holder of its symbol, in µs: the next question brings them up to date, even one of nothing. */
function quoteCosts(book: RiskBook, { accounts, positions }: BookSize): number[] {
  const holders = (accounts * positions) / SYMBOLS;
  return Array.from({ length: 5 * ROUNDS }, (_, round) => {
    const price = priceOf(round) + (BigInt(round % 7) * ONE) / 100n;
    book.quote({ symbol: symbolOf(round), price, bid: price, ask: price, timestamp: START + 1 }, START + 1);
    const start = process.cpuUsage();
    book.check(anyCancel, START + 1);
    return microseconds(process.cpuUsage(start)) / holders;
  });
}

const anyCancel = { action: 'CANCEL', orderId: 'none', accountId: 'acc0', traderId: null, symbol: null } as const;

const microseconds = ({ user, system }: NodeJS.CpuUsage) => user + system;

/** Prints the rows of order decisions. */
export function orderDecisions(): void {
  const size = { accounts: 1000, positions: 40 };
  print('order decisions in process, all checks and VaR at three levels, 1,000 accounts × 40 positions, T = 252');
  const row = (wanted: Wanted) => spread(decisionsPerSecond(benchBook(size), size, wanted));
  print(`  bound first  ${row({ detail: 'nearest' })} /s of one processor, at least 250,000`);
  print(`  always exact ${row({ detail: 'nearest', exactVar: true })} /s, at least 100,000`);
  print(`  every check listed ${row({ detail: 'full' })} /s`);
  for (const positions of [10, 10_000]) {
    const one = { accounts: 1, positions, symbols: 10_000 };
    print(
      `  1 account with ${positions} positions ${spread(decisionsPerSecond(benchBook(one), one, { detail: 'nearest' }))} /s`,
    );
  }
  print(`  a quote      ${spread(quoteCosts(benchBook(size), size))} µs for each holder of its symbol`);
}
