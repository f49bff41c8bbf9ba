import { Clock } from '../../src/risk/clock.js';
import { type Instrument, instrumentsInput } from '../../src/risk/market/instruments.schema.js';
import { type MarketMoment, Prices } from '../../src/risk/market/ports.js';
import { PriceBook } from '../../src/risk/market/price-book.js';
import { dayOf } from '../../src/risk/market/price-day.js';
import type { Quote } from '../../src/risk/market/quotes.schema.js';
import type { AccountNode, Family } from '../../src/risk/portfolio/account-tree.js';
import { type AccountInput, accountInput } from '../../src/risk/portfolio/accounts.schema.js';
import type { PositionsBefore, StoredPosition } from '../../src/risk/portfolio/positions-rules.js';

/** The account body as it is after parsing, defaults applied. */
export function anAccount(fields: Partial<AccountInput> = {}): AccountInput {
  return accountInput.parse({ kind: 'ACCOUNT', currency: 'USD', ...fields });
}

export function anInstrument(fields: Partial<Instrument> = {}): Instrument {
  return instrumentsInput.parse({ instruments: [{ symbol: 'AAPL', currency: 'USD', ...fields }] }).instruments[0]!;
}

export function aQuote(fields: Partial<Quote> = {}): Quote {
  return {
    symbol: 'AAPL',
    price: '150',
    bid: '149.99',
    ask: '150.01',
    volume: '1000',
    timestamp: '2026-03-02T15:00:00.000Z',
    source: null,
    ...fields,
  };
}

export function aPosition(fields: Partial<StoredPosition> = {}): StoredPosition {
  return { symbol: 'AAPL', quantity: '100', averagePrice: null, ...fields };
}

/** An account in USD without positions, that knows AAPL and GE as instruments in USD. */
export function positionsBefore(fields: Partial<PositionsBefore> = {}): PositionsBefore {
  return {
    accountId: 'acc_1',
    kind: 'ACCOUNT',
    currency: 'USD',
    version: 0,
    asOf: null,
    instrumentCurrencies: new Map([
      ['AAPL', 'USD'],
      ['GE', 'USD'],
    ]),
    ...fields,
  };
}

export function aNode(fields: Partial<AccountNode> = {}): AccountNode {
  return { accountId: 'acc_1', parentId: null, kind: 'ACCOUNT', currency: 'USD', ...fields };
}

/** What a store that holds `nodes` says of an account that asks for a parent. */
export function familyIn(nodes: readonly AccountNode[], wanted: AccountNode, positionCount = 0): Family {
  const byId = new Map(nodes.map((node) => [node.accountId, node]));
  const ancestors: AccountNode[] = [];
  for (let at = byId.get(wanted.parentId ?? ''); at; at = byId.get(at.parentId ?? '')) ancestors.push(at);
  const below = (accountId: string): AccountNode[] =>
    nodes.filter((node) => node.parentId === accountId).flatMap((node) => [node, ...below(node.accountId)]);
  return { self: byId.get(wanted.accountId), ancestors, descendants: below(wanted.accountId), positionCount };
}

/** A clock that stands until it is set. */
export class FixedClock extends Clock {
  constructor(public time = new Date('2026-03-02T15:00:00.000Z')) {
    super();
  }

  now(): Date {
    return this.time;
  }
}

/** A price history of one close per symbol. */
export class KnownCloses extends Prices {
  private readonly book: PriceBook;

  constructor(closes: Readonly<Record<string, readonly [date: string, close: number]>> = {}) {
    super();
    const series = Object.entries(closes).map(
      ([symbol, [date, close]]) =>
        [symbol, { days: Int32Array.of(dayOf(date)!), closes: Float64Array.of(close) }] as const,
    );
    this.book = PriceBook.empty.with(1, new Map(series));
  }

  current(): Promise<PriceBook> {
    return Promise.resolve(this.book);
  }

  moment(): Promise<MarketMoment> {
    return Promise.resolve({ book: this.book, terms: new Map() });
  }

  onChange(): void {
    // They never change.
  }
}
