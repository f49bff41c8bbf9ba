import fc from 'fast-check';
import { RiskError } from '../../../../src/risk/errors.js';
import { PriceBook } from '../../../../src/risk/market/price-book.js';
import type { ReturnWindow } from '../../../../src/risk/market/return-window.js';
import type { Holdings } from '../../../../src/risk/portfolio/ports.js';
import {
  accountLines,
  coverageOf,
  exposuresAt,
  heldSymbols,
  inlineLines,
  type Line,
} from '../../../../src/risk/var/exposures.js';
import type { InlinePosition } from '../../../../src/risk/var/var-request.schema.js';
import { aSeries, FIRST_DAY, finish } from '../../../support/price-series.js';

/** AAPL closes at 10, 11, 12; GE at 20, 21 and then no more; LATE only on the last day. */
const book = PriceBook.empty.with(
  1,
  new Map([
    ['AAPL', aSeries([10, 11, 12])],
    ['GE', aSeries([20, 21])],
    ['LATE', aSeries([null, null, 5])],
  ]),
);

function exposures(lines: readonly Line[], asOfDay = FIRST_DAY + 2) {
  const symbols = finish(heldSymbols(lines, book));
  const { marketValues, stale } = finish(exposuresAt(lines, { symbols, book, asOfDay }));
  return { values: Object.fromEntries(symbols.map((symbol, i) => [symbol, marketValues[i]])), stale };
}
const inline = (positions: InlinePosition[], asOfDay?: number) =>
  exposures(inlineLines(positions, 'USD', new Map()), asOfDay);

function refusal(work: () => unknown): RiskError {
  try {
    work();
  } catch (error) {
    if (error instanceof RiskError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('the value of a position', () => {
  it.each<[string, InlinePosition, number]>([
    ['quantity × close', { symbol: 'AAPL', quantity: '300' }, 3600], // 300 × 12
    ['a short quantity × close, negative', { symbol: 'AAPL', quantity: '-300' }, -3600],
    ['the volume of a long', { symbol: 'AAPL', direction: 'LONG', volume: '2.5' }, 30],
    ['the volume of a short, negative', { symbol: 'AAPL', direction: 'SHORT', volume: '2.5' }, -30],
    ['quantity × its own price', { symbol: 'AAPL', quantity: '-2', price: '100' }, -200],
    ['its market value as given', { symbol: 'AAPL', market_value: '-125000' }, -125000],
  ])('is %s', (_, position, value) => {
    expect(inline([position]).values).toEqual({ AAPL: value });
  });

  it('uses the close of as_of, not the last one', () => {
    expect(inline([{ symbol: 'AAPL', quantity: '1' }], FIRST_DAY).values).toEqual({ AAPL: 10 });
  });

  it('uses an older close where the day has none, and says which', () => {
    const { values, stale } = inline([
      { symbol: 'GE', quantity: '10' },
      { symbol: 'AAPL', quantity: '1' },
    ]);
    expect(values).toEqual({ AAPL: 12, GE: 210 });
    expect([...stale]).toEqual([['GE', '2020-01-02']]);
  });

  it('needs no close where the value or the price is given', () => {
    const positions: InlinePosition[] = [
      { symbol: 'LATE', market_value: '7' },
      { symbol: 'LATE', quantity: '2', price: '4' },
    ];
    expect(inline(positions, FIRST_DAY)).toEqual({ values: { LATE: 15 }, stale: new Map() });
  });
});

describe('a stored instrument', () => {
  const instruments = new Map([
    ['AAPL', { multiplier: '100', currency: 'USD' }],
    ['GE', { multiplier: '1', currency: 'EUR' }],
    ['LATE', { multiplier: '1', currency: 'JPY' }],
  ]);

  it('gives its multiplier to a quantity, but not to a market value', () => {
    const value = (position: InlinePosition) => exposures(inlineLines([position], 'USD', instruments)).values['AAPL'];
    expect(value({ symbol: 'AAPL', quantity: '-2' })).toBe(-2400); // −2 × 100 × 12
    expect(value({ symbol: 'AAPL', quantity: '2', price: '10' })).toBe(2000);
    expect(value({ symbol: 'AAPL', market_value: '2000' })).toBe(2000);
  });

  it('of another currency is refused, each where it stands: currencies are never added', () => {
    const positions: InlinePosition[] = [
      { symbol: 'AAPL', quantity: '1' },
      { symbol: 'GE', quantity: '1' },
      { symbol: 'LATE', market_value: '1' },
    ];
    const { code, details } = refusal(() => inlineLines(positions, 'USD', instruments));
    expect(code).toBe('currency_mismatch');
    expect(details.errors!.map(({ pointer, detail }) => [pointer, detail])).toEqual([
      ['/positions/1/symbol', 'expected instruments in USD, got GE in EUR'],
      ['/positions/2/symbol', 'expected instruments in USD, got LATE in JPY'],
    ]);
  });
});

describe('several positions of one symbol', () => {
  it('are netted', () => {
    expect(
      inline([
        { symbol: 'AAPL', quantity: '10' }, // +120
        { symbol: 'GE', quantity: '1' }, // +21
        { symbol: 'AAPL', direction: 'SHORT', volume: '4' }, // −48
        { symbol: 'AAPL', market_value: '-72' },
      ]).values,
    ).toEqual({ AAPL: 0, GE: 21 });
  });

  it('and positions of several symbols may be listed in any order: the same exposures to the bit', () => {
    // 0.1 + 0.2 + 0.3 is 0.6000000000000001 in one order and 0.6 in another.
    const position = fc.record({
      symbol: fc.constantFrom('AAPL', 'GE', 'LATE'),
      market_value: fc.integer({ min: -10_000, max: 10_000 }).map((cents) => String(cents / 100)),
    });
    fc.assert(
      fc.property(
        fc.array(position, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (positions, keys) => {
          const shuffled = positions
            .map((one) => [keys.next().value, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
          expect(inline(shuffled).values).toEqual(inline(positions).values);
        },
      ),
    );
  });
});

describe('symbols', () => {
  it('are held once each, ascending', () => {
    const positions = ['GE', 'AAPL', 'GE'].map((symbol) => ({ symbol, quantity: '1' }));
    const lines = inlineLines(positions, 'USD', new Map());
    expect(finish(heldSymbols(lines, book))).toEqual(['AAPL', 'GE']);
  });

  it('without history are refused all at once, each where it stands', () => {
    const positions: InlinePosition[] = [
      { symbol: 'NONE', quantity: '1' },
      { symbol: 'AAPL', quantity: '1' },
      { symbol: 'NADA', market_value: '1' },
      { symbol: 'NONE', quantity: '2' },
    ];
    const { code, message, details } = refusal(() => inline(positions));
    expect(code).toBe('unknown_symbol');
    expect(message).toBe('no price history is stored for NONE, NADA');
    expect(details.members).toEqual({ symbols: ['NONE', 'NADA'] });
    expect(details.errors!.map(({ pointer, detail }) => [pointer, detail])).toEqual([
      ['/positions/0/symbol', 'no price history is stored for NONE'],
      ['/positions/2/symbol', 'no price history is stored for NADA'],
      ['/positions/3/symbol', 'no price history is stored for NONE'],
    ]);
  });

  it('without a close by then are refused all at once', () => {
    const { code, message, details } = refusal(() => inline([{ symbol: 'LATE', quantity: '1' }], FIRST_DAY + 1));
    expect([code, message]).toEqual(['no_price', 'no close on or before 2020-01-02 for LATE']);
    expect(details).toEqual({
      members: { symbols: ['LATE'] },
      errors: [
        { pointer: '/positions/0/symbol', code: 'no_price', detail: 'no close on or before 2020-01-02 for LATE' },
      ],
    });
  });
});

describe('positions of an account', () => {
  const holding = { symbol: 'AAPL', quantity: '-10', multiplier: '100' };
  const mark = { price: '11.5', source: 'LAST', asOf: '2026-03-02T15:00:00.000Z' };
  const holdings = (positions: object[]): Holdings =>
    ({ accountId: 'acc_1', currency: 'USD', equity: null, positionsVersion: '1', positions }) as unknown as Holdings;

  it('are worth quantity × multiplier × live mark', () => {
    const lines = accountLines(holdings([{ ...holding, mark }]), { historical: false });
    expect(exposures(lines).values).toEqual({ AAPL: -11500 }); // −10 × 100 × 11.5
  });

  it('are worth the close where there is no mark, and always in the past', () => {
    const close = accountLines(holdings([{ ...holding, mark: null }]), { historical: false });
    expect(exposures(close).values).toEqual({ AAPL: -12000 });
    const past = accountLines(holdings([{ ...holding, mark }]), { historical: true });
    expect(exposures(past, FIRST_DAY + 1).values).toEqual({ AAPL: -11000 });
  });

  it('without history are refused by symbol, since no field of the request names them', () => {
    const lines = accountLines(holdings([{ ...holding, symbol: 'NONE', mark }]), { historical: false });
    const { code, details } = refusal(() => exposures(lines));
    expect([code, details]).toEqual(['no_price', { members: { symbols: ['NONE'] } }]);
  });
});

describe('coverage', () => {
  const window = (calendarCount: number, ...proxied: [index: number, count: number][]) =>
    ({
      calendarCount,
      proxied: proxied.map(([index, count]) => ({ index, count, beta: 1 })),
    }) as unknown as ReturnWindow;
  const held = (...values: number[]) => ({ symbols: [], marketValues: Float64Array.from(values), stale: new Map() });

  it('is the share of gross exposure × days that rests on real returns', () => {
    // |−300| of gross 400 lacks 50 of 200 returns: 300/400 × 50/200 = 18.75 % is proxied.
    expect(coverageOf(window(200, [0, 50]), held(-300, 100))).toBeCloseTo(0.8125, 15);
    // and the other 20 of 200 as well: 100/400 × 20/200 = 2.5 % more.
    expect(coverageOf(window(200, [0, 50], [1, 20]), held(-300, 100))).toBeCloseTo(0.7875, 15);
  });

  it('is whole without a missing return, and of a book of no exposure', () => {
    expect(coverageOf(window(200), held(-300, 100))).toBe(1);
    expect(coverageOf(window(200, [0, 50]), held(0, 0))).toBe(1);
  });
});
