import { scaled } from '../../../../src/book/amount.js';
import { RiskError } from '../../../../src/risk/errors.js';
import type { Target } from '../../../../src/risk/limits/level.js';
import { Levels } from '../../../../src/risk/limits/levels.service.js';
import { LimitsService } from '../../../../src/risk/limits/limits.service.js';
import {
  LimitStore,
  type StoredLimits,
  type StoredTradingState,
  TradingStateStore,
} from '../../../../src/risk/limits/ports.js';
import { TradingStatesService } from '../../../../src/risk/limits/trading-states.service.js';
import { UtilisationService } from '../../../../src/risk/limits/utilisation.service.js';
import type { Instruments } from '../../../../src/risk/market/ports.js';
import type { LiveBook } from '../../../../src/risk/orders/ports.js';
import type { Accounts } from '../../../../src/risk/portfolio/ports.js';
import { aBook, holds, NOON, order } from '../../book/a-book.js';
import { FakeLiveBook } from './a-live-book.js';

const KINDS: Record<string, string> = { firm: 'FIRM', desk: 'DESK', acc: 'ACCOUNT', acc2: 'ACCOUNT' };

class FakeLimits extends LimitStore {
  stored: StoredLimits | undefined;

  override async find() {
    return this.stored;
  }

  override async put(
    _: Target,
    { limits, actor }: Parameters<LimitStore['put']>[1],
    check: (version: number) => void,
  ): Promise<StoredLimits> {
    const version = this.stored?.version ?? 0;
    check(version);
    this.stored = { version: version + 1, limits, updatedAt: new Date(NOON), updatedBy: actor };
    return this.stored;
  }

  override async changes() {
    return [7, 5, 3].map((changeId) => ({
      changeId,
      version: changeId - 2,
      before: null,
      after: {},
      actor: 'ops',
      changedAt: new Date(NOON),
    }));
  }
}

class FakeStates extends TradingStateStore {
  stored: StoredTradingState[] = [];

  override async find({ level, id }: Target) {
    return this.stored.find((state) => state.level === level && state.id === id);
  }

  override async restricted() {
    return this.stored;
  }

  override async changes() {
    return [];
  }
}

function aDesk() {
  const book = aBook();
  const live = new FakeLiveBook(book, NOON);
  const accounts = { find: async (id: string) => KINDS[id] && { kind: KINDS[id] } } as unknown as Accounts;
  const instruments = {
    find: async ([symbol]: string[]) => new Map(symbol === 'AAPL' ? [[symbol, {}]] : []),
  } as unknown as Instruments;
  const levels = new Levels(accounts, instruments);
  const port = live as unknown as LiveBook;
  const [limits, states] = [new FakeLimits(), new FakeStates()];
  return {
    book,
    live,
    limits,
    states,
    limitsService: new LimitsService(limits, levels, port),
    statesService: new TradingStatesService(states, levels, port),
    utilisation: new UtilisationService(port),
  };
}

const ACC: Target = { level: 'ACCOUNT', id: 'acc' };
const by = (versionSeen?: number) => ({ actor: 'ops', versionSeen });
const MISSING: [string, Target][] = [
  ['account_not_found', { level: 'ACCOUNT', id: 'none' }],
  ['account_not_found', { level: 'ACCOUNT', id: 'desk' }],
  ['account_not_found', { level: 'FIRM', id: 'acc' }],
  ['instrument_not_found', { level: 'INSTRUMENT', id: 'NONE' }],
];

describe('putting limits', () => {
  it('stores them and limits the next order', async () => {
    const { limitsService, book } = aDesk();
    const limits = { max_order_quantity: '50', max_order_notional: '1000000', max_gross_exposure: '1000000' };
    expect(await limitsService.put(ACC, limits, by())).toEqual({
      level: 'account',
      id: 'acc',
      version: 1,
      ...limits,
      updated_at: '2026-01-05T12:00:00.000Z',
      updated_by: 'ops',
    });
    const { decision } = book.decide(order('BUY', '51'), NOON);
    expect(decision.reasons.map(({ code, limit }) => [code, limit])).toContainEqual(['MAX_ORDER_QTY', scaled('50')]);
    expect(decision.inputs.limitsVersion).toBe(1);
  });

  it('replaces only the version that was seen, and then changes nothing', async () => {
    const { limitsService, live } = aDesk();
    await limitsService.put(ACC, {}, by(0));
    await expect(limitsService.put(ACC, {}, by(0))).rejects.toMatchObject({
      code: 'version_conflict',
      details: { members: { version: 1 } },
    });
    expect(live.log).toEqual(['change']);
  });

  it('refuses a limit that the level would ignore, before anything is stored', async () => {
    const { limitsService, limits } = aDesk();
    const put = limitsService.put({ level: 'TRADER', id: 't' }, { max_leverage: '2', max_var_ratio: '1' }, by());
    await expect(put).rejects.toMatchObject({ code: 'validation_failed', message: '2 fields are wrong' });
    expect(limits.stored).toBeUndefined();
  });

  it.each(MISSING)('is refused as %s: %j', async (code, target) => {
    const { limitsService, live } = aDesk();
    for (const call of [limitsService.put(target, {}, by()), limitsService.get(target)]) {
      await expect(call).rejects.toMatchObject({ code });
    }
    await expect(limitsService.changes(target, { limit: 1 })).rejects.toMatchObject({ code });
    expect(live.log).toEqual([]);
  });
});

describe('looking at limits', () => {
  it('shows version 0 and none where nothing was ever set', async () => {
    expect(await aDesk().limitsService.get({ level: 'TRADER', id: 't' })).toEqual({
      level: 'trader',
      id: 't',
      version: 0,
      updated_at: null,
      updated_by: null,
    });
  });

  it('pages through their changes by the number of a change', async () => {
    const { data, next_cursor } = await aDesk().limitsService.changes(ACC, { limit: 2 });
    expect([data.map(({ version }) => version), next_cursor]).toEqual([[5, 3], '5']);
  });

  it('shows the utilisation of the path of an account in its currency', async () => {
    const { utilisation, book } = aDesk();
    holds(book, '100');
    const { data } = await utilisation.ofPath({ account_id: 'acc' });
    expect(data.find(({ code }) => code === 'GROSS_EXPOSURE')).toEqual({
      code: 'GROSS_EXPOSURE',
      level: 'ACCOUNT',
      level_id: 'acc',
      symbol: null,
      limit: '1000000000.00',
      used: '10000.00', // 100 × 100
      reserved: '0.00',
      headroom: '999990000.00',
      utilisation: 0.00001,
      unit: 'USD',
    });
    await expect(utilisation.ofPath({ account_id: 'none' })).rejects.toMatchObject({ code: 'account_not_found' });
  });

  it('has no number for the use of a ratio without positive equity', async () => {
    const { utilisation, book } = aDesk();
    holds(book, '100');
    book.setAccount({ ...book.account('acc')!, equity: 0n }, NOON);
    const { data } = await utilisation.ofPath({ account_id: 'acc' });
    expect(data[0]).toMatchObject({
      code: 'CONCENTRATION',
      used: null,
      headroom: null,
      utilisation: null,
      unit: 'ratio',
    });
  });
});

describe('the kill switch', () => {
  const HALT = { state: 'HALTED', reason: 'fat finger' } as const;
  const stateOf = (book: ReturnType<typeof aBook>) => book.tradingStates('ACCOUNT', 'acc')[0]!.state;

  it('is in the book in the same turn of the event loop, and kept there', async () => {
    const { statesService, book, live } = aDesk();
    const call = statesService.put(ACC, HALT, by());
    expect(stateOf(book)).toBe('HALTED');
    expect(await call).toMatchObject({ state: 'HALTED', effective: { state: 'HALTED', source: { id: 'acc' } } });
    expect(live.log).toEqual(['commit, kept']);
  });

  it('holds even where it cannot be stored', async () => {
    const { statesService, book, live } = aDesk();
    live.storeFails = new RiskError('dependency_unavailable', 'the database is away');
    await expect(statesService.put(ACC, HALT, by())).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(stateOf(book)).toBe('HALTED');
  });

  it('asks nothing of the store before it acts', async () => {
    const { statesService, states, book } = aDesk();
    states.find = () => Promise.reject(new RiskError('dependency_unavailable', 'the database is away'));
    await expect(statesService.put(ACC, HALT, by())).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(stateOf(book)).toBe('HALTED');
  });

  it('waits for the store where a version is to be compared', async () => {
    const { statesService, live, book } = aDesk();
    await expect(statesService.put(ACC, HALT, by(4))).rejects.toMatchObject({ code: 'version_conflict' });
    expect([stateOf(book), live.log]).toEqual(['ACTIVE', []]);
    await statesService.put(ACC, HALT, by(0));
    expect([stateOf(book), live.log]).toEqual(['HALTED', ['change']]);
  });

  it.each(MISSING)('is refused as %s: %j', async (code, target) => {
    const { statesService, live } = aDesk();
    for (const version of [undefined, 0]) {
      await expect(statesService.put(target, HALT, by(version))).rejects.toMatchObject({ code });
    }
    await expect(statesService.get(target)).rejects.toMatchObject({ code });
    expect(live.log).toEqual([]);
  });

  it('lists what is not active as the book has it, without what was deleted', async () => {
    const { statesService, states, book } = aDesk();
    const stored = {
      state: 'HALTED',
      latches: [],
      reason: 'r',
      version: 1,
      updatedAt: new Date(NOON),
      updatedBy: 'ops',
    };
    states.stored = [
      { level: 'FIRM', id: 'firm', ...stored },
      { level: 'DESK', id: 'gone', ...stored },
    ] as StoredTradingState[];
    book.setTradingState({ level: 'FIRM', id: 'firm', state: 'REDUCING', reason: 'r', actor: 'ops' }, NOON);
    const { data, next_cursor } = await statesService.restricted({ limit: 10 });
    expect([data.map(({ id, state }) => [id, state]), next_cursor]).toEqual([[['firm', 'REDUCING']], null]);
    expect((await statesService.restricted({ limit: 1 })).next_cursor).toBe('firm/firm');
  });
});
