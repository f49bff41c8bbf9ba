import { ONE } from '../../src/book/amount.js';
import type { CloseInput, ScenariosInput } from '../../src/book/inputs.js';
import { DAY_MS } from '../../src/book/limits.js';
import { AccountsRepository } from '../../src/database/accounts.repository.js';
import type { Database } from '../../src/database/database.js';
import { InstrumentsRepository } from '../../src/database/instruments.repository.js';
import { LimitsRepository } from '../../src/database/limits.repository.js';
import { QuotesRepository } from '../../src/database/quotes.repository.js';
import type { BookHistory } from '../../src/risk/orders/ports.js';
import { anAccount, anInstrument, aQuote } from './builders.js';

/** Noon of the tests that set the clock. */
export const NOON = Date.UTC(2026, 2, 2, 12);
export const SYMBOLS = ['AAPL', 'MSFT', 'XOM'] as const;
const SCENARIOS = 252;

const anything = () => undefined;

/** A firm over a desk over two accounts in the store, limits wide enough for ordinary orders, three symbols at 100. */
export async function storeTradingFirm(database: Database): Promise<void> {
  const accounts = new AccountsRepository(database);
  await new InstrumentsRepository(database).put(
    SYMBOLS.map((symbol) => anInstrument({ symbol, adv: '1000000' })),
    anything,
  );
  await accounts.put('firm', anAccount({ kind: 'FIRM' }), anything);
  await accounts.put('desk', anAccount({ kind: 'DESK', parent_id: 'firm' }), anything);
  for (const id of ['acc', 'acc2']) {
    const wanted = anAccount({ parent_id: 'desk', account_type: 'MARGIN', equity: '1000000', cash: '1000000' });
    await accounts.put(id, wanted, anything);
  }
  await new LimitsRepository(database).put(
    { level: 'FIRM', id: 'firm' },
    {
      limits: {
        max_order_quantity: '5000',
        max_order_notional: '400000',
        max_gross_exposure: '1500000',
        max_position_ratio: '0.5',
        max_orders_per_second: 100,
      },
      actor: 'test',
    },
    anything,
  );
  const timestamp = new Date(NOON - 1_000).toISOString();
  const quotes = SYMBOLS.map((symbol) => aQuote({ symbol, price: '100', bid: '100', ask: '100', timestamp }));
  await new QuotesRepository(database).offer(quotes);
}

/** A year of returns, up to yesterday. */
export function history(now = NOON): BookHistory {
  const timestamp = Math.floor(now / DAY_MS) * DAY_MS - DAY_MS;
  const closes = SYMBOLS.map((symbol): CloseInput => ({ symbol, price: 100n * ONE, timestamp }));
  const returns = new Map(
    SYMBOLS.map((symbol, s) => [
      symbol,
      Float64Array.from({ length: SCENARIOS }, (_, t) => 0.02 * Math.sin(1.7 * t * (s + 1) + s)),
    ]),
  );
  const scenarios: ScenariosInput = { observationCount: SCENARIOS, asOf: timestamp, returns };
  return { closes, scenarios };
}
