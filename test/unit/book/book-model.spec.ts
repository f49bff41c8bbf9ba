import fc from 'fast-check';
import { Amount, money, ONE, scaled } from '../../../src/book/amount.js';
import type { BookNode } from '../../../src/book/book-node.js';
import { BookState } from '../../../src/book/book-state.js';
import { bytesOf } from '../../../src/book/bytes.js';
import type { CheckResult } from '../../../src/book/check-result.js';
import type { AmendOrder, NewOrder } from '../../../src/book/inputs.js';
import { type BookSettings, DEFAULT_SETTINGS } from '../../../src/book/limits.js';
import type { Outcome } from '../../../src/book/order-intake.js';
import { RiskBook } from '../../../src/book/risk-book.js';
import type { Totals } from '../../../src/book/totals.js';
import { aBook, account, instrument, limited, NOON, OBSERVATIONS, WIDE } from './a-book.js';
import { worstCases } from './worst-cases.js';

/** Any sequence of inputs, against what must hold whatever they are. */
const symbols = ['AAPL', 'MSFT', 'IBM'];
const settings: Partial<BookSettings> = { approvalTtlMs: 2000 };
const pick = fc.nat({ max: 7 });
const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const quantity = fc.integer({ min: 1, max: 400 }).map((n) => scaled(String(n)));
const price = fc.integer({ min: 9000, max: 11_000 }).map((cents) => (BigInt(cents) * ONE) / 100n);
const symbol = fc.constantFrom(...symbols);
const accountId = fc.constantFrom('acc', 'acc2');

const input = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('order' as const),
      accountId,
      symbol,
      side,
      quantity,
      price,
      market: fc.boolean(),
      gtc: fc.boolean(),
      trader: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('fill' as const), pick, quantity, price, again: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('amend' as const), pick, quantity, price }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('event' as const),
      pick,
      status: fc.constantFrom(
        'CANCELLED' as const,
        'REJECTED' as const,
        'EXPIRED' as const,
        'AMENDED' as const,
        'AMEND_REJECTED' as const,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('quote' as const), symbol, price, below: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('snapshot' as const), accountId, symbol, quantity, short: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('limit' as const),
      accountId,
      gross: fc.integer({ min: 10_000, max: 90_000 }),
      soft: fc.integer({ min: 50, max: 500 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('approval' as const), pick, refuse: fc.boolean(), amend: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('parent' as const), parentId: fc.constantFrom('desk', 'desk2') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('multiplier' as const), tenths: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('guest' as const), quantity }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('equity' as const),
      accountId,
      equity: fc.integer({ min: 0, max: 300_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.constantFrom(1, 500, 1500, 50_000_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('check' as const), accountId, symbol, side, quantity, price }),
  },
);
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

const scenarios = {
  observationCount: OBSERVATIONS,
  asOf: NOON,
  returns: new Map(
    symbols.map((name, i) => [name, Float64Array.from({ length: OBSERVATIONS }, (_, t) => Math.sin(3 * t + i) / 50)]),
  ),
};

function startBook(): RiskBook {
  const book = aBook({}, settings);
  book.setInstrument(instrument('IBM', { multiplier: scaled('2.5'), allowNegativePrice: true }), NOON);
  book.setAccount(account('desk2', { parentId: 'firm', kind: 'DESK', equity: null }), NOON);
  book.setScenarios(scenarios, NOON);
  for (const id of ['acc', 'acc2'])
    limited(book, id, {
      maxGrossExposure: money('60000'),
      maxLongQuantity: scaled('300'),
      maxShortQuantity: scaled('300'),
      approvalOrderQuantity: scaled('200'),
      maxNetExposure: money('50000'),
      maxVarRatio: ONE / 100n,
      maxPositionRatio: ONE / 2n,
    });
  book.setLimits({ level: 'DESK', id: 'desk', limits: { maxGrossExposure: money('90000') }, version: 1 }, NOON);
  book.setAccount(account('acc', { equity: money('100000') }), NOON);
  book.setAccount(account('acc2', { equity: money('50000'), accountType: 'CASH', cash: money('40000') }), NOON);
  return book;
}

/** Runs inputs on a book and keeps what ids they need. */
class Run {
  now = NOON;
  private readonly orders: NewOrder[] = [];
  private count = 0;
  private lastExec = '';
  private lastAmend: AmendOrder | null = null;
  private hasGuest = false;

  constructor(
    public book: RiskBook,
    private readonly exactVar = false,
    private readonly detail: 'full' | 'nearest' = 'full',
  ) {}

  /** The outcome as bytes, and the decision of an order. */
  step(step: Input): { bytes: string; outcome: Outcome | null; order: NewOrder | null } {
    const result = this.act(step);
    const outcome = result !== null && typeof result === 'object' && 'decision' in result ? (result as Outcome) : null;
    return { bytes: bytesOf(result ?? null), outcome, order: step.type === 'order' ? this.orders.at(-1)! : null };
  }

  private act(step: Input): unknown {
    const { book, now } = this;
    const known = this.orders.at(-1 - ('pick' in step ? step.pick : 0));
    switch (step.type) {
      case 'order': {
        const order = this.orderOf(step);
        this.orders.push(order);
        return book.decide(order, now, { exactVar: this.exactVar, detail: this.detail });
      }
      case 'check':
        return book.check(this.orderOf({ ...step, market: false, gtc: false, trader: false }), now);
      case 'fill': {
        if (!known) return null;
        if (!step.again) this.lastExec = `E${++this.count}`;
        const { orderId, accountId, symbol, side } = known;
        return book.update(
          {
            orderId,
            accountId,
            symbol,
            side,
            execId: this.lastExec,
            status: 'PARTIALLY_FILLED',
            quantity: step.quantity,
            price: step.price,
            timestamp: now,
          },
          now,
        );
      }
      case 'amend': {
        if (!known) return null;
        const amend: AmendOrder = {
          ...known,
          action: 'AMEND',
          amendId: `A${++this.count}`,
          quantity: step.quantity,
          price: step.price,
          type: 'LIMIT',
        };
        this.lastAmend = amend;
        return book.decide(amend, now, { exactVar: this.exactVar, detail: this.detail });
      }
      case 'event':
        return known
          ? book.update(
              { orderId: known.orderId, accountId: known.accountId, status: step.status, timestamp: now },
              now,
            )
          : null;
      case 'quote': {
        // Prices of one symbol may be negative, as those of oil were.
        const price = step.below && step.symbol === 'IBM' ? -step.price / 4n : step.price;
        return book.quote(
          { symbol: step.symbol, price, bid: price - ONE / 10n, ask: price + ONE / 10n, timestamp: now },
          now,
        );
      }
      case 'restart':
        this.book = RiskBook.restore(book.records(), settings);
        return this.book.setScenarios(scenarios, now);
      case 'parent':
        return book.setAccount(
          account('acc2', { parentId: step.parentId, equity: undefined, accountType: 'CASH' }),
          now,
        );
      case 'multiplier': {
        const multiplier = (BigInt(step.tenths) * ONE) / 10n;
        return book.setInstrument(instrument('IBM', { multiplier, allowNegativePrice: true }), now);
      }
      case 'guest': {
        // An account that comes with a position and goes.
        this.hasGuest = !this.hasGuest;
        if (!this.hasGuest) return book.removeAccount('guest', now);
        const positions = [{ symbol: 'IBM', quantity: step.quantity, averagePrice: null }];
        return [
          ...book.setAccount(account('guest'), now),
          ...book.snapshot({ accountId: 'guest', asOf: now, positions }, now),
        ];
      }
      case 'snapshot':
        return book.snapshot(
          {
            accountId: step.accountId,
            asOf: now,
            positions: [
              { symbol: step.symbol, quantity: step.short ? -step.quantity : step.quantity, averagePrice: null },
            ],
          },
          now,
        );
      case 'limit': {
        const limits = {
          ...WIDE,
          maxGrossExposure: money(String(step.gross)),
          approvalOrderQuantity: scaled(String(step.soft)),
          maxVarRatio: ONE / 50n,
        };
        return book.setLimits({ level: 'ACCOUNT', id: step.accountId, limits, version: ++this.count }, now);
      }
      case 'approval': {
        const amend = step.amend ? this.lastAmend : null;
        const of = amend ?? known;
        if (!of) return null;
        const approval = {
          accountId: of.accountId,
          orderId: of.orderId,
          amendId: amend?.amendId ?? null,
          actor: 'eve',
          reason: 'r',
        };
        return step.refuse ? book.refuseApproval(approval, now) : book.approve(approval, now);
      }
      case 'equity':
        return book.setAccount(account(step.accountId, { equity: money(String(step.equity)) }), now);
      case 'time':
        this.now += step.ms;
        return book.tick(this.now);
    }
  }

  private orderOf(
    step: Extract<Input, { type: 'order' }> | (Omit<Extract<Input, { type: 'order' }>, 'type'> & { type: string }),
  ): NewOrder {
    const { accountId, symbol, side, quantity, price, market, gtc, trader } = step;
    return {
      action: 'NEW',
      orderId: `O${++this.count}`,
      accountId,
      traderId: trader ? 'tom' : null,
      symbol,
      side,
      quantity,
      type: market ? 'MARKET' : 'LIMIT',
      price: market ? null : price,
      timeInForce: gtc ? 'GTC' : 'DAY',
      reduceOnly: false,
      timestamp: null,
      submitter: null,
    };
  }
}

const stateOf = (book: RiskBook) => (book as unknown as { state: BookState }).state;

const byId = <T extends { id: string }>(values: Iterable<T>): T[] => [...values].sort((a, b) => (a.id < b.id ? -1 : 1));

function sumsOf(state: BookState) {
  state.revalue();
  for (const instrument of state.instruments.values()) instrument.sumUp();
  const figures = (totals: Totals) =>
    Object.entries(totals).map(([name, sum]) => [name, sum instanceof Amount ? sum.exact : sum]);
  const node = ({ id, totals, symbols, equity, unpricedCount, unmodelledCount }: BookNode) => ({
    id,
    totals: figures(totals),
    equity,
    unpricedCount,
    unmodelledCount,
    symbols: [...symbols]
      .map(([name, sums]): [string, unknown[][]] => [name, figures(sums)])
      .filter(([, sums]) => sums.some(([, v]) => v !== 0n && v !== 0))
      .sort(),
  });
  return bytesOf({
    nodes: byId(state.accounts.values()).map(node),
    instruments: byId(state.instruments.values()).map(({ id, totals }) => ({ id, totals: figures(totals) })),
  });
}

function requireReservations(state: BookState): void {
  for (const node of state.accounts.values()) {
    for (const holding of node.holdings.values()) {
      const orders = [...state.ordersOf(node).working.values()].filter((working) => working.holding === holding);
      const sum = (of: 'BUY' | 'SELL', what: 'openQuantity' | 'money') =>
        orders.filter(({ side }) => side === of).reduce((total, working) => total + working[what](), 0n);
      expect([holding.buyQuantity.exact, holding.sellQuantity.exact]).toEqual([
        sum('BUY', 'openQuantity'),
        sum('SELL', 'openQuantity'),
      ]);
      const money = [holding.buyMoney.exact, holding.sellMoney.exact];
      expect(money).toEqual([sum('BUY', 'money'), sum('SELL', 'money')]);
    }
  }
}

/** An accepted order that opens leaves every gross, position and VaR limit kept. */
function requireWithinLimits({ decision }: Outcome): void {
  if (decision.decision === 'REJECT') return;
  for (const { code, status, before, after, limit, base } of decision.checks!) {
    if (status !== 'PASS' || after === null || limit === null || base !== null) continue;
    if (['MAX_ORDER_QTY', 'MAX_ORDER_NOTIONAL'].includes(code)) expect(after <= limit).toBe(true);
    if (['NET_EXPOSURE', 'VAR_LIMIT'].includes(code)) expect(after <= limit || after <= before!).toBe(true);
  }
}

/** All of them in CI; at a desk, fewer. */
const EVENTS = Number(process.env['BOOK_MODEL_EVENTS'] ?? (process.env['CI'] ? 100_000 : 10_000));
const STEPS = 500;

describe('any sequence of inputs', () => {
  const sequences = fc.array(input, { minLength: 1, maxLength: 120, size: 'max' });
  const parameters = { numRuns: 60, seed: 20_260_105 };

  it(`holds every invariant through ${EVENTS} events`, () => {
    let events = 0;
    const long = fc.array(input, { minLength: STEPS, maxLength: STEPS, size: 'max' });
    const property = fc.property(long, (steps) => {
      const run = new Run(startBook());
      for (const step of steps) {
        events++;
        const before = step.type === 'order' ? worstCases(run.book.records()) : null;
        const { outcome, order } = run.step(step);
        if (outcome) requireWithinLimits(outcome);
        if (before && outcome?.decision.reservation) requireWorstCases(run.book, before, order!);
      }
      const state = stateOf(run.book);
      requireReservations(state);
      const running = sumsOf(state);
      expect(run.book.riskDrift()).toBeLessThan(1e-9);
      state.rebuild();
      expect(sumsOf(state)).toBe(running);
    });
    fc.assert(property, { ...parameters, numRuns: Math.ceil(EVENTS / STEPS) });
    expect(events).toBeGreaterThanOrEqual(EVENTS);
  });

  it('decides the same by doubles as by exact integers, and names the same nearest check', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const full = new Run(startBook());
        const fast = new Run(startBook(), false, 'nearest');
        for (const step of steps) {
          const [one, other] = [full.step(step), fast.step(step)];
          if (other.outcome && step.type !== 'check') expect(other.outcome.decision.checks).toBeNull();
          expect(withoutChecks(other)).toBe(withoutChecks(one));
        }
        expect(bytesOf(fast.book.records())).toBe(bytesOf(full.book.records()));
      }),
      parameters,
    );
  });

  it('rejects with the same words where a bound of the VaR was enough to pass it', () => {
    fc.assert(
      fc.property(sequences, fc.constantFrom('full' as const, 'nearest' as const), (steps, detail) => {
        const exact = new Run(startBook(), true, detail);
        const bounded = new Run(startBook(), false, detail);
        for (const step of steps) {
          const [one, other] = [exact.step(step), bounded.step(step)];
          if (one.outcome?.decision.decision !== 'REJECT') continue;
          expect(saidIn(other.outcome!)).toEqual(saidIn(one.outcome));
        }
      }),
      parameters,
    );
  });

  it('replays to the same bytes, and a restored book has the same records and answers the same', () => {
    fc.assert(
      fc.property(sequences, sequences, (first, second) => {
        // What a bound has decided depends on what was computed before it.
        const run = new Run(startBook(), true);
        const again = new Run(startBook(), true);
        for (const step of first) expect(again.step(step).bytes).toBe(run.step(step).bytes);
        const restored = RiskBook.restore(run.book.records(), settings);
        restored.setScenarios(scenarios, run.now);
        expect(bytesOf(restored.records())).toBe(bytesOf(run.book.records()));
        expect(sumsOf(stateOf(restored))).toBe(sumsOf(stateOf(run.book)));
        again.book = restored;
        for (const step of second) {
          const [one, other] = [withoutRisk(again.step(step).bytes), withoutRisk(run.step(step).bytes)];
          expect(firstDifference(one, other)).toBeNull();
        }
      }),
      parameters,
    );
  });

  it('allows a largest quantity that passes, and one lot more does not', () => {
    fc.assert(
      fc.property(sequences, side, symbol, accountId, price, (steps, side, symbol, accountId, price) => {
        const run = new Run(startBook());
        for (const step of steps) run.step(step);
        const base: NewOrder = {
          action: 'NEW',
          orderId: 'last',
          accountId,
          traderId: null,
          symbol,
          side,
          quantity: scaled('100000'),
          type: 'LIMIT',
          price,
          timeInForce: 'DAY',
          reduceOnly: false,
          timestamp: null,
          submitter: null,
        };
        const most = run.book.check(base, run.now).decision.maxAllowedQuantity!;
        const passes = (quantity: bigint) =>
          run.book.check({ ...base, quantity }, run.now).decision.decision !== 'REJECT';
        if (most > 0n) expect(passes(most)).toBe(true);
        expect(passes(most + ONE)).toBe(false);
      }),
      { ...parameters, numRuns: 60 },
    );
  });
});

/** What a decision says, but for the figures: vectors that are summed in another order differ in their last digits. */
function saidIn({ decision: { checks, nearest, reasons, valueAtRisk, controlActions, maxAllowedQuantity } }: Outcome) {
  const result = ({ code, status, levelId, exact }: CheckResult) => ({ code, status, levelId, exact });
  return {
    controlActions,
    maxAllowedQuantity,
    checks: checks?.map(result),
    reasons: reasons.map(result),
    nearest: nearest && result(nearest),
    isExact: valueAtRisk?.exact,
    afterRatio: valueAtRisk?.afterRatio.toFixed(9),
  };
}

/** VaR ratios of a restored book agree to rounding: its vectors were summed in another order. */
const withoutRisk = (bytes: string) =>
  bytes.replace(/-?\d+(\.\d+|e-)[\de+-]*/g, (digits) =>
    (Number(digits) + 0).toFixed(9).replace('-0.000000000', '0.000000000'),
  );

function firstDifference(one: string, other: string): string | null {
  if (one === other) return null;
  const at = [...one].findIndex((character, i) => character !== other[i]);
  return `${one.slice(Math.max(at - 200, 0), at + 60)} | ${other.slice(Math.max(at - 20, 0), at + 60)}`;
}

const withoutChecks = ({ outcome, bytes }: { outcome: Outcome | null; bytes: string }) =>
  outcome ? bytesOf({ ...outcome, decision: { ...outcome.decision, checks: null } }) : bytes;

/** An acceptance with an opening part never lifts a worst case beyond its limit; what was beyond it stays where it was. */
function requireWorstCases(book: RiskBook, before: ReturnType<typeof worstCases>, order: NewOrder): void {
  const after = worstCases(book.records());
  const state = stateOf(book);
  const { accountId, side, symbol } = order;
  const path = state.accounts.get(accountId)!.path;
  const quantity = side === 'BUY' ? 'long' : 'short';
  const of = (cases: typeof after, id: string) => cases.worst(below(state, id), symbol);
  const opens = of(after, accountId)[quantity] > of(before, accountId)[quantity];
  for (const { id, limits } of path) {
    const ids = below(state, id);
    const [from, to] = [of(before, id)[quantity], of(after, id)[quantity]];
    const most = side === 'BUY' ? limits.maxLongQuantity : limits.maxShortQuantity;
    if (most !== undefined && to > most) expect(to).toBe(from);
    const { maxGrossExposure, maxNetExposure } = limits;
    const gross = after.gross(ids);
    if (opens && maxGrossExposure !== undefined && gross > maxGrossExposure) expect(gross).toBe(before.gross(ids));
    const net = after.net(ids);
    if (maxNetExposure !== undefined && net > maxNetExposure) expect(net <= before.net(ids)).toBe(true);
    expect([id, state.accounts.get(id)!.totals.gross.exact, state.accounts.get(id)!.totals.net().exact]).toEqual([
      id,
      gross,
      net,
    ]);
  }
}

const below = (state: BookState, id: string) =>
  [...state.accounts.values()].filter(({ path }) => path.some((node) => node.id === id)).map((node) => node.id);

it('the defaults are those of the design', () => {
  expect(DEFAULT_SETTINGS).toMatchObject({
    maxPositionRatio: scaled('0.2'),
    maxVarRatio: scaled('0.05'),
    approvalOrderQuantity: scaled('1000'),
  });
});
