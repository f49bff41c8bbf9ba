import { readFileSync } from 'node:fs';
import { money, scaled } from '../../../../src/book/amount.js';
import { DAY_MS } from '../../../../src/book/limits.js';
import { RiskBook } from '../../../../src/book/risk-book.js';
import { DEMO_ACCOUNTS, DEMO_CLOSES_URL, DEMO_INSTRUMENTS, DEMO_POSITIONS } from '../../../../src/demo/demo-data.js';
import { DEMO_LIMITS } from '../../../../src/demo/demo-limits.js';
import { bookLimits } from '../../../../src/risk/limits/book-limits.js';
import { bookInstrument } from '../../../../src/risk/market/book-inputs.js';

export const NOW = Date.UTC(2026, 0, 5, 12);
const OBSERVATIONS = 252;

const [header, ...lines] = readFileSync(DEMO_CLOSES_URL, 'utf8').trim().split('\n');
const symbols = header!.split(',').slice(1);
const days = lines.slice(-OBSERVATIONS - 1).map((line) => line.split(','));
const lastDay = Date.parse(days.at(-1)![0]!);
/** The last closes, as text. */
export const LAST = new Map(symbols.map((symbol, i) => [symbol, days.at(-1)![i + 1]!]));

/** The demo firm as its first start loads it, each symbol just quoted at its last close. */
export function aDemoBook(): RiskBook {
  const book = RiskBook.empty();
  for (const instrument of DEMO_INSTRUMENTS) {
    const { symbol } = instrument;
    book.setInstrument(bookInstrument(instrument), NOW);
    book.close({ symbol, price: scaled(LAST.get(symbol)!), timestamp: lastDay }, NOW);
    book.quote({ symbol, price: scaled(LAST.get(symbol)!), bid: null, ask: null, timestamp: NOW }, NOW);
  }
  const returns = new Map(
    symbols.map((symbol, i) => {
      const closes = days.map((cells) => Number(cells[i + 1]));
      return [symbol, Float64Array.from({ length: OBSERVATIONS }, (_, t) => closes[t + 1]! / closes[t]! - 1)];
    }),
  );
  book.setScenarios({ observationCount: OBSERVATIONS, asOf: lastDay + DAY_MS, returns }, NOW);
  for (const [accountId, { kind, parent_id, account_type, currency, equity, cash }] of DEMO_ACCOUNTS) {
    const set = { equity: equity === null ? null : money(equity), cash: cash === null ? null : money(cash) };
    book.setAccount({ accountId, kind, parentId: parent_id, accountType: account_type, currency, ...set }, NOW);
  }
  for (const [accountId, held] of Object.entries(DEMO_POSITIONS)) {
    const positions = held.map(([symbol, quantity, price]) => ({
      symbol,
      quantity: scaled(quantity),
      averagePrice: scaled(price),
    }));
    book.snapshot({ accountId, asOf: NOW, positions }, NOW);
  }
  for (const [level, id, limits] of DEMO_LIMITS) {
    book.setLimits({ level, id, limits: bookLimits(limits), version: 1 }, NOW);
  }
  return book;
}
