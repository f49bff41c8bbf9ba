import type { TradingState } from '../../../../src/book/inputs.js';
import type { ScopeState } from '../../../../src/book/trading-states.js';
import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { effectiveState } from '../../../../src/risk/limits/effective-state.js';
import { tradingStateReplyOf } from '../../../../src/risk/limits/trading-state-reply.js';
import { tradingStateInput } from '../../../../src/risk/limits/trading-states.schema.js';
import { aBook, NOON } from '../../book/a-book.js';

const set = (book: ReturnType<typeof aBook>, level: ScopeState['level'], id: string, state: TradingState) =>
  book.setTradingState({ level, id, state, reason: 'a test', actor: 'tester' }, NOON);
const effectOn = (book: ReturnType<typeof aBook>, level: ScopeState['level'], id: string) => {
  const { tradingState, id: source } = effectiveState(book.tradingStates(level, id));
  return [tradingState, source];
};

describe('the effective trading state', () => {
  it('is that of the account itself where nothing is set', () => {
    expect(effectOn(aBook(), 'ACCOUNT', 'acc')).toEqual(['ACTIVE', 'acc']);
  });

  it('is the strictest of the path, with where it comes from', () => {
    const book = aBook();
    set(book, 'FIRM', 'firm', 'REDUCING');
    expect(effectOn(book, 'ACCOUNT', 'acc')).toEqual(['REDUCING', 'firm']);
    set(book, 'DESK', 'desk', 'HALTED');
    expect(effectOn(book, 'ACCOUNT', 'acc')).toEqual(['HALTED', 'desk']);
    expect(effectOn(book, 'FIRM', 'firm')).toEqual(['REDUCING', 'firm']);
    set(book, 'ACCOUNT', 'acc', 'HALTED'); // equally strict: the nearest is named
    expect(effectOn(book, 'ACCOUNT', 'acc')).toEqual(['HALTED', 'acc']);
    expect(effectOn(book, 'ACCOUNT', 'acc2')).toEqual(['HALTED', 'desk']);
  });

  it('is REDUCING for what a loss has latched, until it is set ACTIVE', () => {
    const book = aBook({ maxDailyLoss: 0n });
    book.snapshot(
      { accountId: 'acc', asOf: NOON, positions: [{ symbol: 'AAPL', quantity: 10n ** 10n, averagePrice: null }] },
      NOON,
    );
    book.quote({ symbol: 'AAPL', price: 99n * 10n ** 8n, bid: null, ask: null, timestamp: NOON + 1 }, NOON + 1);
    book.tick(NOON + 1);
    const [own] = book.tradingStates('ACCOUNT', 'acc');
    expect(own).toEqual({
      level: 'ACCOUNT',
      id: 'acc',
      state: 'ACTIVE',
      latches: ['DAILY_LOSS'],
      tradingState: 'REDUCING',
    });
    expect(effectOn(book, 'ACCOUNT', 'acc')).toEqual(['REDUCING', 'acc']);
  });

  it('of a trader or instrument is its own', () => {
    const book = aBook();
    set(book, 'FIRM', 'firm', 'HALTED');
    set(book, 'INSTRUMENT', 'AAPL', 'REDUCING');
    expect(effectOn(book, 'INSTRUMENT', 'AAPL')).toEqual(['REDUCING', 'AAPL']);
    expect(effectOn(book, 'TRADER', 'nobody')).toEqual(['ACTIVE', 'nobody']);
  });

  it('is not there for what does not exist or is of another kind, and looking makes nothing', () => {
    const book = aBook();
    const before = book.records();
    expect(book.tradingStates('ACCOUNT', 'desk')).toEqual([]);
    expect(book.tradingStates('FIRM', 'none')).toEqual([]);
    expect(book.tradingStates('INSTRUMENT', 'NONE')).toEqual([]);
    expect(book.tradingStates('TRADER', 'somebody')).toHaveLength(1);
    expect(book.records()).toEqual(before);
  });
});

describe('the reply', () => {
  const active: ScopeState = { level: 'DESK', id: 'desk', state: 'ACTIVE', latches: [], tradingState: 'ACTIVE' };

  it('says version 0 where nothing was ever set', () => {
    expect(tradingStateReplyOf([active], undefined)).toEqual({
      level: 'desk',
      id: 'desk',
      state: 'ACTIVE',
      reason: null,
      latches: [],
      version: 0,
      updated_at: null,
      updated_by: null,
      effective: { state: 'ACTIVE', source: { level: 'desk', id: 'desk' } },
    });
  });

  it('has the state of the book, which may be ahead of the store', () => {
    const halted: ScopeState = { ...active, state: 'HALTED', tradingState: 'HALTED' };
    const updatedAt = new Date(NOON);
    const stored = { ...active, reason: 'fine again', version: 3, updatedAt, updatedBy: 'ops' };
    expect(tradingStateReplyOf([halted], stored)).toMatchObject({ state: 'HALTED', version: 3, updated_by: 'ops' });
  });
});

describe('a trading state on the wire', () => {
  const problemsOf = (body: unknown): string[] => {
    const parsed = tradingStateInput.safeParse(body);
    return parsed.success ? [] : fieldProblems(parsed.error, body).map(({ pointer }) => pointer);
  };

  it('needs a state and a reason', () => {
    expect(problemsOf({ state: 'HALTED', reason: 'Fat finger at 14:02, café' })).toEqual([]);
    expect(problemsOf({})).toEqual(['/state', '/reason']);
    expect(problemsOf({ state: 'halted', reason: '' })).toEqual(expect.arrayContaining(['/state', '/reason']));
  });

  it.each([[' '], ['two\nlines'], ['\u0007'], ['x'.repeat(501)]])('refuses the reason %j', (reason) => {
    expect(problemsOf({ state: 'ACTIVE', reason })).toEqual(['/reason']);
  });
});
