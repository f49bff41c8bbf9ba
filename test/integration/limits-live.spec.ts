import { AccountsRepository } from '../../src/database/accounts.repository.js';
import { InstrumentsRepository } from '../../src/database/instruments.repository.js';
import { LimitsRepository } from '../../src/database/limits.repository.js';
import { TradingStatesRepository } from '../../src/database/trading-states.repository.js';
import type { Target } from '../../src/risk/limits/level.js';
import { Levels } from '../../src/risk/limits/levels.service.js';
import { LimitsService } from '../../src/risk/limits/limits.service.js';
import { TradingStatesService } from '../../src/risk/limits/trading-states.service.js';
import { UtilisationService } from '../../src/risk/limits/utilisation.service.js';
import { anAccount, anInstrument, FixedClock } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { liveBookOn } from '../support/live-book.js';

const anything = () => undefined;
const by = (versionSeen?: number) => ({ actor: 'ops', versionSeen });
const FIRM: Target = { level: 'FIRM', id: 'firm' };
const ACC: Target = { level: 'ACCOUNT', id: 'acc' };
const HALT = { state: 'HALTED', reason: 'fat finger' } as const;

describeOnBothDatabases('limits and trading states of the live book', (open) => {
  let limits: LimitsService;
  let states: TradingStatesService;
  let utilisation: UtilisationService;
  let live: Awaited<ReturnType<typeof liveBookOn>> | undefined;
  /** As after a restart: everything the book knows comes from the store. */
  let restart: () => Promise<void>;

  beforeAll(async () => {
    const [accounts, instruments] = [new AccountsRepository(open()), new InstrumentsRepository(open())];
    await instruments.put([anInstrument()], anything);
    await accounts.put('firm', anAccount({ kind: 'FIRM' }), anything);
    await accounts.put('acc', anAccount({ parent_id: 'firm', equity: '1000' }), anything);
    const levels = new Levels(accounts, instruments);
    restart = async () => {
      const epoch = live?.ownership.epoch ?? null;
      live?.book.onApplicationShutdown();
      live = await liveBookOn(open(), new FixedClock());
      // The lease lasts longer than the test: the next process is the same owner.
      live.ownership.epoch = epoch;
      await live.open();
      const { book } = live;
      limits = new LimitsService(new LimitsRepository(open()), levels, book);
      states = new TradingStatesService(new TradingStatesRepository(open()), levels, book);
      utilisation = new UtilisationService(book);
    };
    await restart();
  });
  afterAll(() => live?.book.onApplicationShutdown());

  const used = async () => {
    const { data } = await utilisation.ofPath({ account_id: 'acc' });
    return data.map(({ code, level_id, limit }) => `${code} ${level_id} ${limit}`);
  };

  it('are in force at once, and after a restart', async () => {
    await limits.put(FIRM, { max_gross_exposure: '500.5' }, by());
    await limits.put(ACC, { max_open_orders: 3, max_daily_loss: '10' }, by(0));
    const expected = ['GROSS_EXPOSURE firm 500.50', 'OPEN_ORDER_LIMIT acc 3', 'DAILY_LOSS acc 10.00'];
    expect(await used()).toEqual(expect.arrayContaining(expected));
    await restart();
    expect(await used()).toEqual(expect.arrayContaining(expected));
    await limits.put(ACC, {}, by(1));
    expect(await used()).not.toContain('OPEN_ORDER_LIMIT acc 3');
    const { data } = await limits.changes(ACC, { limit: 10 });
    expect(data.map(({ version, after }) => [version, after])).toEqual([
      [2, {}],
      [1, { max_open_orders: 3, max_daily_loss: '10' }],
    ]);
  });

  it('stay as they were where a change is refused', async () => {
    const before = await limits.get(FIRM);
    await expect(limits.put(FIRM, {}, by(before.version + 1))).rejects.toMatchObject({ code: 'version_conflict' });
    await expect(limits.put({ level: 'DESK', id: 'firm' }, {}, by())).rejects.toMatchObject({
      code: 'account_not_found',
    });
    expect(await limits.get(FIRM)).toEqual(before);
    expect(await used()).toContain('GROSS_EXPOSURE firm 500.50');
  });

  it('halt everything below, survive a restart, and are cleared again', async () => {
    expect(await states.put(FIRM, HALT, by())).toMatchObject({
      level: 'firm',
      state: 'HALTED',
      reason: 'fat finger',
      version: 1,
      updated_by: 'ops',
    });
    const halted = {
      state: 'ACTIVE',
      version: 0,
      effective: { state: 'HALTED', source: { level: 'firm', id: 'firm' } },
    };
    expect(await states.get(ACC)).toMatchObject(halted);
    await restart();
    expect(await states.get(ACC)).toMatchObject(halted);
    expect((await states.restricted({ limit: 10 })).data.map(({ id }) => id)).toEqual(['firm']);
    await states.put(FIRM, { state: 'ACTIVE', reason: 'found' }, by(1));
    expect(await states.restricted({ limit: 10 })).toEqual({ data: [], next_cursor: null });
    expect((await states.get(ACC)).effective).toEqual({ state: 'ACTIVE', source: { level: 'account', id: 'acc' } });
    const { data } = await states.changes(FIRM, { limit: 10 });
    expect(data.map(({ version, before, state, reason }) => [version, before, state, reason])).toEqual([
      [2, 'HALTED', 'ACTIVE', 'found'],
      [1, null, 'HALTED', 'fat finger'],
    ]);
  });

  it('let one of those win who set a state from the same version', async () => {
    const trader: Target = { level: 'TRADER', id: 'raced' };
    const raced = await Promise.allSettled(Array.from({ length: 5 }, () => states.put(trader, HALT, by(0))));
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await states.get(trader)).toMatchObject({ version: 1, state: 'HALTED' });
  });

  it('hold for an instrument, and only for one that exists', async () => {
    const apple: Target = { level: 'INSTRUMENT', id: 'AAPL' };
    expect(await states.put(apple, HALT, by())).toMatchObject({ effective: { source: { level: 'instrument' } } });
    expect(await limits.put(apple, { max_long_quantity: '5' }, by())).toMatchObject({ version: 1 });
    const none: Target = { level: 'INSTRUMENT', id: 'NONE' };
    for (const call of [states.put(none, HALT, by()), states.put(none, HALT, by(0)), limits.put(none, {}, by())]) {
      await expect(call).rejects.toMatchObject({ code: 'instrument_not_found' });
    }
    expect((await states.restricted({ limit: 10 })).data.map(({ id }) => id)).toEqual(['raced', 'AAPL']);
  });
});
