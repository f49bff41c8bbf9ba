import type { TradingState } from '../../src/book/inputs.js';
import { tradingStateChanges, tradingStates } from '../../src/database/schema.js';
import { TradingStatesRepository } from '../../src/database/trading-states.repository.js';
import type { Target } from '../../src/risk/limits/level.js';
import { nameOf } from '../../src/risk/limits/level.js';
import { describeOnBothDatabases } from '../support/database.js';

describeOnBothDatabases('trading states', (open) => {
  let states: TradingStatesRepository;
  beforeAll(() => {
    states = new TradingStatesRepository(open());
  });

  /** As the book stores them. */
  const store = (target: Target, state: TradingState, latches: string[] = []) =>
    open().run(async (db) => {
      const row = { ...target, state, latches, reason: 'a reason', version: 1 };
      await db.insert(tradingStates).values({ ...row, updatedBy: latches.length > 0 ? null : 'ops' });
      await db.insert(tradingStateChanges).values({ ...row, before: null, actor: 'ops' });
    });

  it('are not there before anybody set them', async () => {
    expect(await states.find({ level: 'FIRM', id: 'nothing' })).toBeUndefined();
  });

  it('are found with who set them and why', async () => {
    await store({ level: 'TRADER', id: 'found' }, 'ACTIVE', []);
    expect(await states.find({ level: 'TRADER', id: 'found' })).toEqual({
      level: 'TRADER',
      id: 'found',
      state: 'ACTIVE',
      latches: [],
      reason: 'a reason',
      version: 1,
      updatedAt: expect.any(Date),
      updatedBy: 'ops',
    });
    expect(await states.find({ level: 'ACCOUNT', id: 'found' })).toBeUndefined();
  });

  it('that are not active or are latched are listed from the firms down, in pages', async () => {
    await store({ level: 'INSTRUMENT', id: 'GE' }, 'HALTED');
    await store({ level: 'ACCOUNT', id: 'b/1' }, 'REDUCING');
    await store({ level: 'ACCOUNT', id: 'B' }, 'ACTIVE', ['DAILY_LOSS']);
    await store({ level: 'ACCOUNT', id: 'fine' }, 'ACTIVE');
    await store({ level: 'FIRM', id: 'z' }, 'HALTED');
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const rows = await states.restricted({ limit: 1, ...(cursor && { cursor }) });
      const [row] = rows;
      cursor = row && rows.length > 1 ? `${nameOf(row.level)}/${row.id}` : undefined;
      if (row) listed.push(`${row.level} ${row.id} ${row.state} ${row.latches}`);
    } while (cursor);
    expect(listed).toEqual([
      'FIRM z HALTED ',
      'ACCOUNT B ACTIVE DAILY_LOSS',
      'ACCOUNT b/1 REDUCING ',
      'INSTRUMENT GE HALTED ',
    ]);
  });

  it('have their changes listed, the newest first, in pages', async () => {
    const target: Target = { level: 'DESK', id: 'audited' };
    await open().run(async (db) => {
      const change = { ...target, latches: [], reason: 'why', actor: 'ops' };
      await db.insert(tradingStateChanges).values({ ...change, version: 1, before: null, state: 'HALTED' });
      await db.insert(tradingStateChanges).values({ ...change, version: 2, before: 'HALTED', state: 'ACTIVE' });
      await db
        .insert(tradingStateChanges)
        .values({ ...change, version: 3, before: 'ACTIVE', state: 'ACTIVE', latches: ['DRAWDOWN'], actor: null });
    });
    const [latest, next] = await states.changes(target, { limit: 1 });
    expect(latest).toEqual({
      changeId: expect.any(Number),
      version: 3,
      before: 'ACTIVE',
      state: 'ACTIVE',
      latches: ['DRAWDOWN'],
      reason: 'why',
      actor: null,
      changedAt: expect.any(Date),
    });
    const rest = await states.changes(target, { limit: 5, cursor: String(latest!.changeId) });
    expect(rest).toEqual([next, expect.objectContaining({ version: 1, before: null, state: 'HALTED' })]);
  });
});
