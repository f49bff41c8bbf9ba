import type { Terms } from '../../../../src/risk/market/ports.js';
import { PriceBook, type PriceSeries } from '../../../../src/risk/market/price-book.js';
import type { Holdings } from '../../../../src/risk/portfolio/ports.js';
import { type Question, questionText, resultKey, windowKey } from '../../../../src/risk/var/content-key.js';
import { historicalVarRequest } from '../../../../src/risk/var/var-request.schema.js';
import { finish } from '../../../support/price-series.js';

const series = (...closes: number[]): PriceSeries => ({
  days: Int32Array.from(closes, (_, i) => 19_000 + i),
  closes: Float64Array.from(closes),
});
const bookOf = (version: number, ...closes: number[]) =>
  PriceBook.empty.with(version, new Map([['AAPL', series(...closes)]]));
const held = (fields: Partial<Holdings> = {}): Holdings => ({
  accountId: 'acc_1',
  currency: 'USD',
  equity: '1000',
  positions: [{ symbol: 'AAPL', quantity: '1', multiplier: '1', mark: { price: '1', asOf: '2026-01-05T00:00:00Z' } }],
  positionsVersion: 'v1',
  ...fields,
});

interface Change {
  book?: PriceBook;
  holdings?: Holdings | null;
  terms?: ReadonlyMap<string, Terms>;
  request?: object;
  method?: string;
  settings?: Partial<Question['settings']>;
  benchmark?: PriceSeries;
}

function keyOf({ book = bookOf(1, 1, 2, 3), holdings = held(), terms = new Map(), ...change }: Change = {}): string {
  const request = historicalVarRequest.parse({ account_id: 'acc_1', ...change.request });
  const moment = { book, holdings, terms };
  const settings = { confidenceLevel: 0.95, today: 20_000, serviceVersion: '1', ...change.settings };
  const question = questionText({ method: change.method ?? 'historical', request, moment, settings });
  return finish(resultKey(question, { book, symbols: ['AAPL'], benchmark: change.benchmark }));
}

describe('the key of a result', () => {
  it('holds the marks of now, but for a day that is past', () => {
    const [position] = held().positions;
    const quoted = held({ positions: [{ ...position!, mark: { price: '2', asOf: '2026-01-05T00:00:01Z' } }] });
    expect(keyOf({ holdings: quoted })).not.toBe(keyOf());
    const request = { as_of: '2022-01-05' };
    expect(keyOf({ holdings: quoted, request })).toBe(keyOf({ request }));
    const more = held({ positions: [{ ...position!, quantity: '2' }] });
    expect(keyOf({ holdings: more, request })).not.toBe(keyOf({ request }));
  });

  const [position] = held().positions;

  it.each<[string, Change]>([
    ['other closes of the same version, as another database has them', { book: bookOf(1, 1, 2, 4) }],
    ['another version of the closes', { book: bookOf(2, 1, 2, 3) }],
    ['another quantity', { holdings: held({ positions: [{ ...position!, quantity: '2' }] }) }],
    [
      'another mark',
      { holdings: held({ positions: [{ ...position!, mark: { price: '2', asOf: position!.mark!.asOf } }] }) },
    ],
    ['another equity', { holdings: held({ equity: '1001' }) }],
    ['another account of the same positions', { holdings: held({ accountId: 'acc_2' }) }],
    ['another parameter', { request: { lookback_days: 100 } }],
    ['another method', { method: 'parametric' }],
    ['another default confidence', { settings: { confidenceLevel: 0.99 } }],
    ['another version of the service', { settings: { serviceVersion: '2' } }],
    ['another day, where the window ends with the last close', { settings: { today: 20_001 } }],
    ['a benchmark', { benchmark: series(1, 2, 3) }],
  ])('is another one for %s', (_, change) => {
    expect(keyOf(change)).not.toBe(keyOf());
  });

  it('holds what the instruments of its own positions say, and of no others', () => {
    const request = { account_id: undefined, positions: [{ symbol: 'AAPL', quantity: '1' }] };
    const keyAt = (terms: Record<string, Terms>) =>
      keyOf({ holdings: null, request, terms: new Map(Object.entries(terms)) });
    const [one, two] = [
      { multiplier: '1', currency: 'USD' },
      { multiplier: '2', currency: 'USD' },
    ];
    expect(keyAt({ AAPL: one, GE: two })).toBe(keyAt({ AAPL: one }));
    const others: Record<string, Terms>[] = [{}, { AAPL: two }, { AAPL: { ...one, currency: 'EUR' } }];
    expect(new Set([{ AAPL: one }, ...others].map(keyAt)).size).toBe(4);
  });

  it('is the same for the same, and on another day where the request says of when it is', () => {
    expect(keyOf({ book: bookOf(1, 1, 2, 3), holdings: held() })).toBe(keyOf());
    const request = { as_of: '2022-01-10' };
    expect(keyOf({ request, settings: { today: 20_001 } })).toBe(keyOf({ request }));
  });
});

it('the key of a window tells apart what lies in it and what it is asked for', () => {
  const wanted = { symbols: ['AAPL'], series: [series(1, 2, 3)], lookbackDays: 252, warmUpDays: 0 };
  const key = windowKey(wanted);
  expect(windowKey({ ...wanted, series: [series(1, 2, 3)] })).toBe(key);
  for (const other of [
    { series: [series(1, 2, 4)] },
    { symbols: ['GE'] },
    { lookbackDays: 251 },
    { warmUpDays: 1 },
    { endDay: 19_001 },
    { startDay: 19_001 },
    { benchmark: series(1, 2, 3) },
  ]) {
    expect(windowKey({ ...wanted, ...other })).not.toBe(key);
  }
});
