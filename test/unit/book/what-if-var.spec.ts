import fc from 'fast-check';
import { type ColumnExposure, type ScenarioColumn, ScenarioColumns, VarNode } from '../../../src/book/what-if-var.js';

const TAIL = 500;
const EXACT = { lossLimit: Number.POSITIVE_INFINITY, exact: true };
const refused = (code: string) => expect.objectContaining({ code });

interface Held {
  position: number;
  buys: number;
  sells: number;
}
const FLAT: Held = { position: 0, buys: 0, sells: 0 };

/** Pseudo-random returns. With `ties` they are multiples of 1/64 up to ±8/64: whole exposures give sums without rounding. */
function returns(count: number, seed: number, ties: boolean): Float64Array {
  let state = seed | 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const uniform = (state >>> 8) / 2 ** 24 - 0.5;
    return ties ? Math.round(16 * uniform) / 64 : 0.1 * uniform ** 3;
  });
}

/** By definition: the k-th worst scenario of Σ exposure·return after a full sort, the largest over the four cases. */
function bruteForce(columns: readonly Float64Array[], held: readonly Held[], order = { at: 0, exposure: 0 }): number {
  const count = columns[0]!.length;
  const k = Math.ceil((count * TAIL) / 10_000 - 1e-9);
  const worst = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ].map(([buys, sells]) => {
    const pnl = Array.from({ length: count }, (_, t) =>
      held.reduce((sum, { position, ...working }, i) => {
        const extra = i === order.at ? order.exposure : 0;
        return sum + (position + buys! * working.buys + sells! * working.sells + extra) * columns[i]![t]!;
      }, 0),
    );
    return -pnl.sort((a, b) => a - b)[k - 1]!;
  });
  return Math.max(...worst);
}

const SYMBOLS = 4;
const amount = fc.integer({ min: -1000, max: 1000 });
const held = fc.record({ position: amount, buys: fc.nat(500), sells: fc.integer({ min: -500, max: 0 }) });
const changes = fc.array(
  fc.record({ at: fc.nat(SYMBOLS - 1), position: amount, buys: amount, sells: amount, ask: fc.boolean() }),
  { maxLength: 20 },
);
const worlds = fc.record({
  count: fc.oneof(fc.integer({ min: 60, max: 300 }), fc.constantFrom(252, 500, 1250)),
  seed: fc.nat(),
  ties: fc.boolean(),
  book: fc.array(held, { minLength: SYMBOLS, maxLength: SYMBOLS }),
  changes,
  order: fc.record({ at: fc.nat(SYMBOLS - 1), exposure: amount }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function built({ count, seed, ties, book }: Pick<World, 'count' | 'seed' | 'ties' | 'book'>) {
  const columns = new ScenarioColumns(count, TAIL);
  const raw = book.map((_, i) => returns(count, seed + 7919 * i, ties));
  const handles = raw.map((values, i) => columns.set(`S${i}`, values));
  const exposures = (now: readonly Held[]): ColumnExposure[] => handles.map((column, i) => ({ column, ...now[i]! }));
  const node = new VarNode(columns);
  node.rebuild(exposures(book));
  return { columns, raw, handles, exposures, node };
}

/** Plays the changes, asking in between where they say so, and gives the exposures after them. */
function play(node: VarNode, handles: readonly ScenarioColumn[], world: World, ask = true): Held[] {
  const now = world.book.map((entry) => ({ ...entry }));
  for (const change of world.changes) {
    node.shift(handles[change.at]!, change.position, change.buys, change.sells);
    now[change.at]!.position += change.position;
    now[change.at]!.buys += change.buys;
    now[change.at]!.sells += change.sells;
    if (ask && change.ask) node.whatIf(handles[world.order.at]!, world.order.exposure, EXACT);
  }
  return now;
}

/** Sums without rounding are equal to the bit, others to 1e-9 of a book of thousands. */
const expectNear = (actual: number, expected: number, ties: boolean) =>
  ties ? expect(actual).toBe(expected + 0) : expect(Math.abs(actual - expected)).toBeLessThan(1e-9);

const check = (property: (world: World) => void, numRuns = 80) => fc.assert(fc.property(worlds, property), { numRuns });

describe('what-if VaR, exact', () => {
  it('equals sorted sums, whatever changed before and whenever it was asked', () => {
    check((world) => {
      const { node, handles, raw } = built(world);
      const now = play(node, handles, world);
      const { at, exposure } = world.order;
      const { before, after, exact } = node.whatIf(handles[at]!, exposure, EXACT);
      expect(exact).toBe(true);
      expectNear(before, bruteForce(raw, now), world.ties);
      expectNear(after, bruteForce(raw, now, world.order), world.ties);
    });
  });

  it('does not depend on when changes reach the vectors, nor on their order', () => {
    check((world) => {
      const [asked, lazy, backwards] = [built(world), built(world), built(world)];
      play(asked.node, asked.handles, world);
      play(lazy.node, lazy.handles, world, false);
      play(backwards.node, backwards.handles, { ...world, changes: world.changes.toReversed() });
      const [one, ...others] = [asked, lazy, backwards].map(({ node, handles }) =>
        node.whatIf(handles[world.order.at]!, world.order.exposure, EXACT),
      );
      for (const other of others) {
        expectNear(other.before, one!.before, world.ties);
        expectNear(other.after, one!.after, world.ties);
      }
    });
  });

  it('applies changes of more symbols than it keeps waiting', () => {
    const columns = new ScenarioColumns(100, TAIL);
    const raw = Array.from({ length: 200 }, (_, i) => returns(100, i, true));
    const handles = raw.map((values, i) => columns.set(`S${i}`, values));
    const node = new VarNode(columns);
    const now = raw.map((_, i) => ({ position: i - 90, buys: i % 3, sells: -(i % 5) }));
    for (const [i, { position, buys, sells }] of now.entries()) node.shift(handles[i]!, position, buys, sells);
    expect(node.whatIf(handles[0]!, 0, EXACT).before).toBe(bruteForce(raw, now));
  });

  it('takes the worst of the four cases, and lets a hedge reduce it', () => {
    const columns = new ScenarioColumns(100, TAIL);
    // Losses of 1 … 100 thousandths: the 5th worst of 100 is 96 thousandths, of the mirror image as well.
    const column = columns.set(
      'A',
      Float64Array.from({ length: 100 }, (_, t) => -(t + 1) / 1000),
    );
    const node = new VarNode(columns);
    const var0 = (exposure: number) => node.whatIf(column, exposure, EXACT);
    expect(var0(0)).toEqual({ before: 0, after: 0, exact: true });
    node.shift(column, 1000, 0, 0);
    expect(var0(0)).toEqual({ before: 96, after: 96, exact: true });
    node.shift(column, 0, 500, 0);
    expect(var0(0).before).toBe(144);
    // A working sell does not net with what may not fill, here it is no case of its own that loses.
    node.shift(column, 0, 0, -3000);
    expect(var0(0).before).toBe(144);
    expect(var0(-1000)).toEqual({ before: 144, after: 48, exact: true });
    // Never floored: all that is left gains in every scenario; the 5th worst gain of 500 is 5 thousandths of it.
    expect(var0(-2000).after).toBeCloseTo(-2.5, 12);
    // A fill moves a reservation into the position; all filled leaves one case.
    node.shift(column, 500, -500, 3000);
    expect(var0(0).before).toBe(144);
  });
});

describe('the bound of what-if VaR', () => {
  it('is never below the exact number and proves nothing wrong, after any changes', () => {
    check((world) => {
      const { node, handles, raw } = built(world);
      const now = play(node, handles, world);
      const { at, exposure } = world.order;
      const bound = node.whatIf(handles[at]!, exposure, { lossLimit: Number.POSITIVE_INFINITY, exact: false });
      const exact = node.whatIf(handles[at]!, exposure, EXACT);
      expect(bound.exact).toBe(false);
      expect(bound.after).toBeGreaterThanOrEqual(exact.after);
      expect(bound.before).toBeGreaterThanOrEqual(exact.before);
      const loosest =
        bruteForce(raw, now) +
        Math.abs(exposure) * handles[at]!.largestReturn +
        2 *
          world.changes.reduce(
            (sum, { at: i, position, buys, sells }) =>
              sum + handles[i]!.largestReturn * (Math.abs(position) + Math.abs(buys) + Math.abs(sells)),
            0,
          );
      expect(bound.after).toBeLessThanOrEqual(loosest + 1e-6);
    });
  });

  it('says so where it decides, and gives exact numbers where it does not', () => {
    check((world) => {
      const { node, handles, raw } = built(world);
      const now = play(node, handles, world);
      const { at, exposure } = world.order;
      const truth = bruteForce(raw, now, world.order);
      for (const lossLimit of [0.9 * truth, truth - 1, truth + 1, 1.5 * truth, -1, 0]) {
        const answer = node.whatIf(handles[at]!, exposure, { lossLimit, exact: false });
        if (answer.exact) expectNear(answer.after, truth, world.ties);
        else {
          expect(answer.after).toBeLessThanOrEqual(lossLimit);
          expect(truth).toBeLessThanOrEqual(answer.after + 1e-9);
        }
      }
    });
  });

  it('holds to the last bit where every scenario moves by as much as the bound allows', () => {
    const amounts = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.2, noNaN: true }), amounts, (loss, bought) => {
        const columns = new ScenarioColumns(60, TAIL);
        const handles = bought.map((_, i) => columns.set(`S${i}`, new Float64Array(60).fill(-loss / (i + 1))));
        const node = new VarNode(columns);
        for (const [i, exposure] of bought.entries()) node.shift(handles[i % 2]!, exposure, 0, 0);
        const bound = node.whatIf(handles[0]!, 3, { lossLimit: Number.POSITIVE_INFINITY, exact: false });
        const exact = node.whatIf(handles[0]!, 3, EXACT);
        expect(bound.before).toBeGreaterThanOrEqual(exact.before);
        expect(bound.after).toBeGreaterThanOrEqual(exact.after);
        expect(bound.after).toBeCloseTo(exact.after, 6);
      }),
    );
  });

  it('is exactly the order’s reach when nothing changed, and nothing for what was taken back', () => {
    const { node, handles } = built({ count: 252, seed: 3, ties: false, book: [FLAT, FLAT] });
    const reach = 100 * handles[0]!.largestReturn;
    const quick = { lossLimit: reach, exact: false };
    expect(node.whatIf(handles[0]!, -100, quick)).toEqual({ before: 0, after: reach, exact: false });
    node.shift(handles[1]!, 0, 1e6, 0);
    node.shift(handles[1]!, 0, -1e6, 0);
    const { after } = node.whatIf(handles[0]!, 100, { ...quick, lossLimit: 1.001 * reach });
    expect(after).toBeCloseTo(reach, 6);
  });
});

describe('largestExposure', () => {
  const solved = (world: World, step?: number) => {
    const { node, handles, raw } = built(world);
    const now = play(node, handles, world);
    const { at, exposure } = world.order;
    const sign = exposure < 0 ? -1 : 1;
    const before = node.whatIf(handles[at]!, 0, EXACT).before;
    return [0.5, 1.01, 1.3, 20].map((ratio) => {
      const lossLimit = ratio * Math.abs(before);
      const largest = node.largestExposure(handles[at]!, sign, lossLimit, 2000, step);
      const varAfter = (size: number) => bruteForce(raw, now, { at, exposure: sign * size });
      return { largest, varAfter, allowed: Math.max(lossLimit, before) };
    });
  };

  it('passes, is the most that was asked for or nearly breaches, and stays in range', () => {
    check((world) => {
      for (const { largest, varAfter, allowed } of solved(world)) {
        expect(largest).toBeGreaterThanOrEqual(0);
        expect(largest).toBeLessThanOrEqual(2000);
        expect(varAfter(largest)).toBeLessThanOrEqual(allowed + 1e-9);
        if (largest < 2000) expect(varAfter(largest)).toBeGreaterThan(allowed - 1e-6);
      }
    }, 40);
  });

  it('is a multiple of the step, and one step more breaches', () => {
    check((world) => {
      for (const { largest, varAfter, allowed } of solved({ ...world, ties: true }, 7)) {
        expect(largest % 7).toBe(0);
        expect(varAfter(largest)).toBeLessThanOrEqual(allowed);
        if (largest + 7 <= 2000) expect(varAfter(largest + 7)).toBeGreaterThan(allowed);
      }
    }, 40);
  });

  it('lets a book over its limit reduce, but not beyond where it began', () => {
    const columns = new ScenarioColumns(100, TAIL);
    const column = columns.set(
      'A',
      Float64Array.from({ length: 100 }, (_, t) => (t - 49.5) / 1000),
    );
    const node = new VarNode(columns);
    node.shift(column, 1000, 0, 0);
    // The window is symmetric: short 1000 is as risky as long 1000.
    expect(node.largestExposure(column, -1, 10, 5000)).toBeCloseTo(2000, 6);
    expect(node.largestExposure(column, 1, 10, 5000)).toBeCloseTo(0, 6);
    expect(node.largestExposure(column, 1, 91, 5000)).toBeCloseTo(1000, 6);
    expect(node.largestExposure(column, 1, 91, 700)).toBe(700);
    expect(node.largestExposure(column, 1, 91, 0)).toBe(0);
    expect(node.largestExposure(column, 1, 91, 30, 50)).toBe(0);
    expect(node.largestExposure(column, 1, 91, -30, 5)).toBe(0);
  });
});

describe('a VaR node', () => {
  it('differs from a rebuild by rounding alone, and shows a change that was lost', () => {
    check((world) => {
      const { node, handles, exposures } = built(world);
      const now = play(node, handles, world);
      expect(node.driftFromRebuild(exposures(now))).toBeLessThan(1e-12);
      const lost = now.map((entry, i) => (i === 2 ? { ...entry, sells: entry.sells - 1 } : entry));
      expect(node.driftFromRebuild(exposures(lost))).toBeGreaterThan(1e-5);
      node.rebuild(exposures(lost));
      expect(node.driftFromRebuild(exposures(lost))).toBe(0);
    }, 50);
  });

  it('is flat again after trading millions, to rounding', () => {
    const { node, handles, exposures } = built({ count: 252, seed: 5, ties: false, book: [FLAT, FLAT] });
    for (let i = 1; i < 500; i++) {
      node.shift(handles[i % 2]!, 1e6 / i, 0, 0);
      node.whatIf(handles[0]!, 1, EXACT);
      node.shift(handles[i % 2]!, -1e6 / i, 0, 0);
    }
    expect(node.driftFromRebuild(exposures([FLAT, FLAT]))).toBeLessThan(1e-12);
    expect(node.driftFromRebuild([])).toBeLessThan(1e-12);
  });

  it('refuses to answer from a column that was replaced, until it is rebuilt', () => {
    const { node, columns, raw, handles, exposures } = built({ count: 100, seed: 1, ties: true, book: [FLAT] });
    node.shift(handles[0]!, 10, 0, 0);
    const column = columns.set(
      'S0',
      raw[0]!.map((value) => 2 * value),
    );
    const calls = [
      () => node.whatIf(column, 1, EXACT),
      () => node.shift(column, 1, 0, 0),
      () => node.largestExposure(column, 1, 1, 1),
      () => node.driftFromRebuild(exposures([FLAT])),
    ];
    for (const call of calls) expect(call).toThrow(refused('invalid_argument'));
    node.rebuild([{ column, ...FLAT, position: 10 }]);
    expect(node.whatIf(column, 0, EXACT).before).toBe(2 * bruteForce(raw, [{ ...FLAT, position: 10 }]));
    columns.set('B', raw[0]!);
    for (const call of calls.slice(0, 3)) call();
  });

  it('refuses what is no number and columns of another window, and then answers as before', () => {
    const { node, columns, handles } = built({ count: 100, seed: 1, ties: true, book: [FLAT] });
    const other = built({ count: 100, seed: 1, ties: true, book: [FLAT] }).handles[0]!;
    const column = handles[0]!;
    const nan = Number.NaN;
    node.shift(column, 10, 0, 0);
    const answer = node.whatIf(column, 5, EXACT);
    expect(() => node.shift(column, nan, 0, 0)).toThrow(refused('not_finite'));
    expect(() => node.shift(column, Number.POSITIVE_INFINITY, 0, 0)).toThrow(refused('not_finite'));
    expect(() => node.whatIf(column, nan, EXACT)).toThrow(refused('not_finite'));
    expect(() => node.whatIf(column, 1, { lossLimit: nan, exact: false })).toThrow(refused('invalid_argument'));
    expect(() => node.largestExposure(column, 1, nan, 1)).toThrow(refused('invalid_argument'));
    expect(() => node.largestExposure(column, 1, 1, Number.POSITIVE_INFINITY)).toThrow(refused('not_finite'));
    expect(() => node.whatIf(other, 1, EXACT)).toThrow(refused('invalid_argument'));
    expect(() => columns.set('S0', new Float64Array(99))).toThrow(refused('invalid_argument'));
    expect(() => columns.set('S0', new Float64Array(100).fill(nan))).toThrow(refused('not_finite'));
    expect(node.whatIf(column, 5, EXACT)).toEqual(answer);
    expect(() => node.rebuild([{ column: other, ...FLAT }])).toThrow(refused('invalid_argument'));
    expect(() => node.whatIf(column, 5, EXACT)).toThrow(refused('invalid_argument'));
    expect(columns.get('S0')).toBe(column);
    expect(columns.get('none')).toBeUndefined();
  });
});
