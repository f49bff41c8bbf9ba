import { AccountsRepository } from '../../src/database/accounts.repository.js';
import { InstrumentsRepository } from '../../src/database/instruments.repository.js';
import { PositionsRepository } from '../../src/database/positions.repository.js';
import { QuotesRepository } from '../../src/database/quotes.repository.js';
import { InstrumentsService } from '../../src/risk/market/instruments.service.js';
import { MarksService } from '../../src/risk/market/marks.service.js';
import { AccountsService } from '../../src/risk/portfolio/accounts.service.js';
import { PortfoliosService } from '../../src/risk/portfolio/portfolios.service.js';
import { positionsInput } from '../../src/risk/portfolio/positions.schema.js';
import { PositionsService } from '../../src/risk/portfolio/positions.service.js';
import { anAccount, anInstrument, aQuote, FixedClock, KnownCloses } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { liveBookOn } from '../support/live-book.js';

describeOnBothDatabases('positions', (open) => {
  let accounts: AccountsService;
  let instruments: InstrumentsService;
  let quotes: QuotesRepository;
  let positions: PositionsService;
  let portfolios: PortfoliosService;
  const clock = new FixedClock();

  beforeAll(async () => {
    const stored = { instruments: new InstrumentsRepository(open()), positions: new PositionsRepository(open()) };
    quotes = new QuotesRepository(open());
    const closes = new KnownCloses({ GE: ['2026-02-27', 90.5] });
    const marks = new MarksService(quotes, closes);
    const { book, ...live } = await liveBookOn(open(), clock);
    await live.open();
    accounts = new AccountsService(new AccountsRepository(open()), book);
    instruments = new InstrumentsService(stored.instruments, book);
    positions = new PositionsService(stored.positions, stored.instruments, marks, clock, book);
    portfolios = new PortfoliosService(stored.positions, closes);
    await instruments.putMany({
      instruments: [
        anInstrument({ symbol: 'AAPL' }),
        anInstrument({ symbol: 'GE', multiplier: '10' }),
        anInstrument({ symbol: 'XOM' }),
        anInstrument({ symbol: 'SAP', currency: 'EUR' }),
      ],
    });
    await quotes.offer([aQuote({ symbol: 'AAPL', price: '150' })]);
  });

  const replace = (accountId: string, list: readonly object[], asOf?: string, version?: number) =>
    positions.replace(accountId, positionsInput.parse({ positions: list, ...(asOf && { as_of: asOf }) }), version);

  it('are replaced as a whole and answered with their value at the mark', async () => {
    await accounts.put('acc', anAccount());
    expect(await positions.get('acc')).toMatchObject({ version: 0, as_of: null, positions: [] });
    const first = await replace('acc', [
      { symbol: 'XOM', quantity: '0.00000001' },
      { symbol: 'GE', direction: 'SHORT', volume: 3, average_price: '100.00' },
      { symbol: 'AAPL', quantity: '100', average_price: '149' },
    ]);
    expect(first).toMatchObject({ account_id: 'acc', currency: 'USD', version: 1, as_of: clock.now().toISOString() });
    expect(first.positions).toMatchObject([
      { symbol: 'AAPL', market_value: '15000.00', unrealized_pnl: '100.00', mark_as_of: '2026-03-02T15:00:00.000Z' },
      { symbol: 'GE', quantity: '-3', market_value: '-2715.00', unrealized_pnl: '285.00', mark: '90.5' }, // −3 × 90.5 × 10
      { symbol: 'XOM', quantity: '0.00000001', average_price: null, market_value: null, mark: null },
    ]);
    expect(await positions.get('acc')).toEqual(first);
    const second = await replace('acc', [{ symbol: 'AAPL', quantity: '-1' }]);
    expect(second).toMatchObject({ version: 2, positions: [{ symbol: 'AAPL', direction: 'SHORT', volume: '1' }] });
    expect(await replace('acc', [])).toMatchObject({ version: 3, positions: [] });
  });

  it('stay as they were when a list is refused', async () => {
    await accounts.put('firm', anAccount({ kind: 'FIRM' }));
    await accounts.put('kept', anAccount());
    const before = await replace('kept', [{ symbol: 'AAPL', quantity: 1 }], '2026-03-02T10:00:00Z');
    const one = [{ symbol: 'AAPL', quantity: 2 }];
    const refusals: [Promise<unknown>, string][] = [
      [replace('kept', [{ symbol: 'NOPE', quantity: 1 }]), 'unknown_symbol'],
      [replace('kept', [{ symbol: 'SAP', quantity: 1 }]), 'currency_mismatch'],
      [replace('kept', one, '2026-03-02T09:59:59Z'), 'conflict'],
      [replace('kept', one, undefined, 7), 'version_conflict'],
      [replace('firm', one), 'conflict'],
      [positions.get('firm'), 'conflict'],
      [replace('nobody', one), 'account_not_found'],
      [positions.get('nobody'), 'account_not_found'],
    ];
    for (const [call, code] of refusals) await expect(call).rejects.toMatchObject({ code });
    expect(await positions.get('kept')).toEqual(before);
  });

  it('are replaced by exactly one of two clients that saw the same version', async () => {
    await accounts.put('raced', anAccount());
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((quantity) => replace('raced', [{ symbol: 'AAPL', quantity }], undefined, 0)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await positions.get('raced')).version).toBe(1);
  });

  it('keep their currency while the instrument changes its own at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const symbol = `FX${round}`;
      await instruments.put(symbol, anInstrument({ symbol }));
      await accounts.put(`fx_${round}`, anAccount());
      const outcomes = await Promise.allSettled([
        replace(`fx_${round}`, [{ symbol, quantity: 1 }]),
        instruments.put(symbol, anInstrument({ symbol, currency: 'EUR' })),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('may be 10,000', async () => {
    await accounts.put('big', anAccount());
    const many = Array.from({ length: 10_000 }, (_, at) => anInstrument({ symbol: `S${at}` }));
    expect(await instruments.putMany({ instruments: many })).toEqual({ created: 10_000, updated: 0 });
    const list = many.map(({ symbol }) => ({ symbol, quantity: '1.5' }));
    expect((await replace('big', list)).positions).toHaveLength(10_000);
    expect((await replace('big', list)).version).toBe(2);
  }, 30_000);

  it('do not deadlock with changes of their account', async () => {
    await accounts.put('busy', anAccount());
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? replace('busy', [{ symbol: 'AAPL', quantity: 1 }])
          : accounts.put('busy', anAccount({ equity: `${at}` })),
      ),
    );
    expect((await positions.get('busy')).version).toBe(10);
  });

  describe('of a desk or firm', () => {
    beforeAll(async () => {
      await accounts.put('f', anAccount({ kind: 'FIRM' }));
      await accounts.put('f.d', anAccount({ kind: 'DESK', parent_id: 'f' }));
      await accounts.put('f.d.a', anAccount({ parent_id: 'f.d', equity: '1000.10' }));
      await accounts.put('f.d.b', anAccount({ parent_id: 'f.d', equity: '0.20' }));
      await accounts.put('f.c', anAccount({ parent_id: 'f', equity: '5' }));
      await replace('f.d.a', [
        { symbol: 'AAPL', quantity: '10.5' },
        { symbol: 'GE', quantity: 7 },
        { symbol: 'XOM', quantity: 1 },
      ]);
      await replace('f.d.b', [
        { symbol: 'AAPL', quantity: '-0.25' },
        { symbol: 'GE', quantity: -7 },
      ]);
      await replace('f.c', [{ symbol: 'AAPL', quantity: 100 }]);
    });

    it('are summed over everything below, and what nets to zero is left out', async () => {
      expect(await portfolios.holdings('f.d')).toMatchObject({
        accountId: 'f.d',
        currency: 'USD',
        equity: '1000.3',
        positions: [
          {
            symbol: 'AAPL',
            quantity: '10.25',
            multiplier: '1',
            mark: { price: '150', asOf: '2026-03-02T15:00:00.000Z' },
          },
          { symbol: 'XOM', quantity: '1', multiplier: '1', mark: null },
        ],
      });
      expect((await portfolios.holdings('f')).positions[0]).toMatchObject({ symbol: 'AAPL', quantity: '110.25' });
      expect((await portfolios.holdings('f')).equity).toBe('1005.3');
    });

    it('of an account are its own', async () => {
      const { positions, equity } = await portfolios.holdings('f.d.b');
      expect(equity).toBe('0.2');
      expect(positions.map(({ symbol, quantity, multiplier }) => [symbol, quantity, multiplier])).toEqual([
        ['AAPL', '-0.25', '1'],
        ['GE', '-7', '10'],
      ]);
    });

    it('have another version with every change below, and only then', async () => {
      const versions = async () =>
        Promise.all(['f', 'f.d', 'f.c'].map(async (id) => (await portfolios.holdings(id)).positionsVersion));
      const [firm, desk, other] = await versions();
      await replace('f.d.a', [{ symbol: 'AAPL', quantity: '10.5' }]);
      const [firmAfter, deskAfter, otherAfter] = await versions();
      expect([firmAfter === firm, deskAfter === desk, otherAfter === other]).toEqual([false, false, true]);
      await accounts.put('f.d.b', anAccount({ parent_id: 'f', equity: '0.20' }));
      const [, deskWithout] = await versions();
      expect(deskWithout).not.toBe(deskAfter);
      await accounts.delete('f.c');
      await accounts.put('f.c', anAccount({ parent_id: 'f' }));
      await replace('f.c', [{ symbol: 'AAPL', quantity: 1 }]);
      expect((await versions())[2]).not.toBe(other);
    });

    it('of an unknown account are a refusal', async () => {
      await expect(portfolios.holdings('nobody')).rejects.toMatchObject({ code: 'account_not_found' });
    });
  });
});
