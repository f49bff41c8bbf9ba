import type { Config } from '../../../../src/config.js';
import { PriceBook, type PriceSeries } from '../../../../src/risk/market/price-book.js';
import type { PortfolioWindows } from '../../../../src/risk/var/portfolio-windows.service.js';
import type { PortfolioMoment, PortfolioWindow } from '../../../../src/risk/var/var-reply.js';
import { historicalVarRequest } from '../../../../src/risk/var/var-request.schema.js';
import { VarResults } from '../../../../src/risk/var/var-results.service.js';
import { FixedClock } from '../../../support/builders.js';
import { aCache } from '../../cache/a-cache.js';

const request = historicalVarRequest.parse({ positions: [{ symbol: 'AAPL', quantity: '1' }] });
const bookOf = (version: number, close: number) => {
  const series: PriceSeries = { days: Int32Array.of(19_000), closes: Float64Array.of(close) };
  return PriceBook.empty.with(version, new Map([['AAPL', series]]));
};

/** Replies that say what they were computed from. */
function setUp() {
  const store: { moment: PortfolioMoment; isAway: boolean; computed: number; derived: number } = {
    moment: { book: bookOf(1, 100), terms: new Map(), holdings: null },
    isAway: false,
    computed: 0,
    derived: 0,
  };
  const windows: Pick<PortfolioWindows, 'moment' | 'inputs' | 'build'> = {
    moment: async () => {
      if (store.isAway) throw new Error('away');
      return store.moment;
    },
    inputs: async (_, { book, holdings }) => {
      store.derived++;
      const symbols = ['AAPL'];
      return { book, holdings, symbols, lines: [], currency: 'USD', benchmark: undefined };
    },
    build: async (_, { book }) => ({ book }) as PortfolioWindow,
  };
  const { cache, clock } = aCache();
  const config = { risk: { confidenceLevel: 0.95 } } as Config;
  const results = new VarResults(windows as PortfolioWindows, cache, new FixedClock(), config);
  const ask = async () => {
    const text = await results.of({
      method: 'historical',
      request,
      compute: async ({ book }) => {
        store.computed++;
        return { text: '"€"', close: book.lastClose('AAPL')!.close, cache: 'miss' as const, cache_age_ms: 0 };
      },
    });
    return JSON.parse(String(text));
  };
  return { store, ask, cache, clock, results };
}

describe('a result', () => {
  it('is found again as what it was, but for its stamp, and its key is made once', async () => {
    const { store, ask, clock } = setUp();
    expect(await ask()).toEqual({ text: '"€"', close: 100, cache: 'miss', cache_age_ms: 0 });
    const derived = store.derived;
    clock.ms += 7;
    expect(await ask()).toEqual({ text: '"€"', close: 100, cache: 'hit', cache_age_ms: 7 });
    expect([store.computed, store.derived]).toEqual([1, derived]);
  });

  it('is another one after any change that the store tells of, and the same after it was taken back', async () => {
    const { store, ask } = setUp();
    await ask();
    const before = store.moment;
    store.moment = { ...before, book: bookOf(2, 101) };
    expect(await ask()).toMatchObject({ close: 101, cache: 'miss' });
    store.moment = { ...before, terms: new Map([['AAPL', { multiplier: '2', currency: 'USD' }]]) };
    expect(await ask()).toMatchObject({ cache: 'miss' });
    // Another image of the same content, as after a restart.
    store.moment = { ...before, book: bookOf(1, 100) };
    expect(await ask()).toMatchObject({ close: 100, cache: 'hit' });
    expect(store.computed).toBe(3);
  });

  it('is computed again where its key is known and it is not kept any more', async () => {
    const { store, ask, cache } = setUp();
    await ask();
    await cache.deleteNamespace('var_results');
    expect(await ask()).toMatchObject({ close: 100, cache: 'miss' });
    expect(store.computed).toBe(2);
  });

  it('is none while the store cannot be asked, though it is in memory', async () => {
    const { store, ask } = setUp();
    await ask();
    store.isAway = true;
    await expect(ask()).rejects.toThrow('away');
  });

  it('gives way to what is done instead, which is not kept', async () => {
    const { results } = setUp();
    const asJob = { method: 'monte_carlo', request, compute: () => Promise.reject(new Error('not computed')) };
    for (let i = 0; i < 2; i++) {
      expect(await results.of({ ...asJob, instead: () => Promise.resolve({ job_id: i }) })).toEqual({ job_id: i });
    }
  });
});
