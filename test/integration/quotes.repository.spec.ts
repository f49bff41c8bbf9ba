import { InstrumentsRepository } from '../../src/database/instruments.repository.js';
import { QuotesRepository } from '../../src/database/quotes.repository.js';
import { QuotesService } from '../../src/risk/market/quotes.service.js';
import { anInstrument, aQuote, FixedClock } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { liveBookOn } from '../support/live-book.js';

describeOnBothDatabases('quotes', (open) => {
  let store: QuotesRepository;
  let quotes: QuotesService;
  const clock = new FixedClock(new Date('2026-03-02T15:01:00.000Z'));
  const at = (time: string, symbol = 'AAPL', price = '150') =>
    aQuote({ symbol, price, timestamp: `2026-03-02T${time}Z` });

  beforeAll(async () => {
    const instruments = new InstrumentsRepository(open());
    store = new QuotesRepository(open());
    quotes = new QuotesService(store, instruments, clock, (await liveBookOn(open(), clock)).book);
    const symbols = ['AAPL', 'GE', 'KO', ...Array.from({ length: 2_000 }, (_, number) => `Q${number}`)];
    await instruments.put(
      symbols.map((symbol) => anInstrument({ symbol })),
      () => undefined,
    );
  });

  it('are answered with their age', async () => {
    expect(await quotes.take([aQuote({ timestamp: '2026-03-02T16:00:00.250+01:00', bid: '149.990' })])).toEqual({
      accepted: 1,
      rejected: [],
    });
    expect(await quotes.get('AAPL')).toEqual({
      symbol: 'AAPL',
      price: '150',
      bid: '149.99',
      ask: '150.01',
      volume: '1000',
      timestamp: '2026-03-02T15:00:00.250Z',
      source: null,
      age_ms: 59_750,
    });
    await expect(quotes.get('KO')).rejects.toMatchObject({ code: 'quote_not_found' });
  });

  it('are refused one by one, each with its reason, and the sound ones are kept', async () => {
    const taken = await quotes.take([
      at('15:00:02', 'GE', '10'),
      at('15:00:02', 'NOPE'),
      at('15:00:04', 'GE', '12'),
      at('15:00:03', 'GE', '11'),
      at('15:01:06', 'GE', '13'),
      { ...at('15:00:05', 'GE'), bid: '2', ask: '1' },
      at('15:00:05', 'GE', '-1'),
    ]);
    expect(taken.accepted).toBe(2);
    expect(taken.rejected.map(({ index, symbol, code }) => [index, symbol, code])).toEqual([
      [1, 'NOPE', 'unknown_symbol'],
      [3, 'GE', 'stale_quote'],
      [4, 'GE', 'future_quote'],
      [5, 'GE', 'crossed_quote'],
      [6, 'GE', 'price_not_positive'],
    ]);
    expect(await quotes.get('GE')).toMatchObject({ price: '12', timestamp: '2026-03-02T15:00:04.000Z' });
  });

  it('never go back in time, nor are they replaced by one of the same time', async () => {
    await quotes.take([at('15:00:30.500', 'KO', '60')]);
    for (const late of ['15:00:30.500', '15:00:30.499', '14:00:00']) {
      const { accepted, rejected } = await quotes.take([at(late, 'KO', '1')]);
      expect([accepted, rejected[0]?.code]).toEqual([0, 'stale_quote']);
    }
    expect(await quotes.get('KO')).toMatchObject({ price: '60' });
  });

  it('that are made up give way to newer real ones, and replace one only after a minute', async () => {
    const made = (time: string, price: string) => ({ ...at(time, 'Q0', price), source: 'demo' });
    await quotes.take([made('14:00:10', '1')]);
    await quotes.take([made('14:00:11', '2')]);
    expect(await quotes.get('Q0')).toMatchObject({ price: '2', source: 'demo' });
    expect(await quotes.take([at('14:00:10.500', 'Q0', '9')])).toMatchObject({ accepted: 0 });
    expect(await quotes.take([at('14:00:11.500', 'Q0', '9')])).toEqual({ accepted: 1, rejected: [] });
    expect(await quotes.get('Q0')).toMatchObject({ price: '9', source: null });
    const { accepted, rejected } = await quotes.take([made('14:00:12', '3')]);
    expect([accepted, rejected[0]?.code]).toEqual([0, 'stale_quote']);
    expect((await quotes.take([made('14:01:11.500', '4')])).accepted).toBe(0);
    expect(await quotes.get('Q0')).toMatchObject({ price: '9' });
    expect((await quotes.take([made('14:01:11.501', '5')])).accepted).toBe(1);
  });

  it('end with the newest when many batches come at once in any order', async () => {
    const batches = [5, 1, 4, 2, 3].map((second) =>
      Array.from({ length: 2_000 }, (_, number) => at(`15:00:0${second}`, `Q${number}`, `${second}`)),
    );
    await Promise.all(batches.map((batch, turn) => quotes.take(turn % 2 === 0 ? batch : [...batch].reverse())));
    const stored = await store.find(batches[0]!.map(({ symbol }) => symbol));
    expect(stored.size).toBe(2_000);
    expect(new Set([...stored.values()].map(({ price }) => price))).toEqual(new Set(['5']));
  }, 30_000);
});
