import fc from 'fast-check';
import { portfolioPnl } from '../../../src/quant/returns.js';
import { ScenarioMemory } from '../../../src/quant/scenario-memory.js';
import { tailRisk } from '../../../src/quant/tail-risk.js';

/** Few distinct values among many, so that ties at the k-th are common. */
const value = fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.constantFrom(-2, -1, -0, 0, 1));
const numbers = (length: number) => fc.array(value, { minLength: length, maxLength: length });
const orders = fc.integer({ min: 1, max: 400 }).chain((count) =>
  fc.record({
    base: numbers(count),
    column: numbers(count),
    exposure: value,
    basisPoints: fc.integer({ min: 1, max: 4999 }),
    hint: fc.oneof(value, fc.constantFrom(Number.NaN, -1e9, 1e9)),
  }),
);

function placed(base: ArrayLike<number>, column: ArrayLike<number>, basisPoints: number) {
  const memory = new ScenarioMemory(base.length, basisPoints);
  const [baseAt, columnAt] = [memory.allocate(), memory.allocate()];
  memory.view(baseAt).set(base);
  memory.view(columnAt).set(column);
  return { memory, baseAt, columnAt };
}

describe('ScenarioMemory', () => {
  it('gives the tail of base + exposure·column to the bit, whatever the hint, and changes neither', () => {
    fc.assert(
      fc.property(orders, ({ base, column, exposure, basisPoints, hint }) => {
        const { memory, baseAt, columnAt } = placed(base, column, basisPoints);
        const risk = memory.tailRisk(baseAt, columnAt, exposure, hint);
        const sum = Float64Array.from(base, (x, t) => x + exposure * column[t]!);
        expect(risk).toEqual(tailRisk(sum, basisPoints));
        expect(memory.valueAtRisk(baseAt, columnAt, exposure, Number.NaN)).toBe(risk.valueAtRisk);
        expect(memory.view(baseAt)).toEqual(Float64Array.from(base));
        expect(memory.view(columnAt)).toEqual(Float64Array.from(column));
        memory.add(baseAt, columnAt, exposure);
        expect(memory.view(baseAt)).toEqual(sum);
      }),
      { numRuns: 1000 },
    );
  });

  it('sees every place of both vectors', () => {
    for (let at = 0; at < 200; at++) {
      const flat = Float64Array.from({ length: 200 }, (_, t) => (t % 3 === 0 ? -1 : 1));
      const one = new Float64Array(200);
      one[at] = 5;
      for (const bad of [undefined, Number.NaN]) {
        const { memory, baseAt, columnAt } = placed(flat, one, 50);
        if (bad !== undefined) memory.view(baseAt)[at] = bad;
        for (const hint of [Number.NaN, 0.5, 20]) {
          const risk = () => memory.valueAtRisk(baseAt, columnAt, -2, hint);
          if (bad === undefined) expect(risk()).toBe(10 - flat[at]!);
          else expect(risk).toThrow(expect.objectContaining({ code: 'not_finite' }));
        }
      }
    }
  });

  it('keeps what it holds while it grows', () => {
    const count = 1251;
    const memory = new ScenarioMemory(count, 500);
    const column = (i: number) => Float64Array.from({ length: count }, (_, t) => Math.sin(i + 7 * t));
    const addresses = Array.from({ length: 300 }, (_, i) => {
      const address = memory.allocate();
      expect(memory.view(address)).toEqual(new Float64Array(count));
      memory.view(address).set(column(i));
      return address;
    });
    for (const [i, address] of addresses.entries()) expect(memory.view(address)).toEqual(column(i));
    const pnl = portfolioPnl([column(0), column(299)], Float64Array.of(1, 3));
    const risk = memory.tailRisk(addresses[0]!, addresses[299]!, 3, 1);
    expect(risk).toEqual(tailRisk(pnl, 500));
  });

  it('needs a scenario', () => {
    expect(() => new ScenarioMemory(0, 500)).toThrow(expect.objectContaining({ code: 'insufficient_data' }));
  });
});
