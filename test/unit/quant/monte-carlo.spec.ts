import { simulatePaths, weightedPositionPnl } from '../../../src/quant/monte-carlo.js';
import { lacksFiniteMean, type MonteCarloOptions, monteCarloModel } from '../../../src/quant/monte-carlo-model.js';
import { monteCarloContributions, monteCarloTailRisk } from '../../../src/quant/monte-carlo-risk.js';

const options: MonteCarloOptions = {
  simulations: 3000,
  seed: 42,
  distribution: { kind: 'normal' },
  sampling: 'pseudo',
  returns: 'simple',
  horizonDays: 1,
};
const studentT = { kind: 'student_t', degreesOfFreedom: 4.5 } as const;
const exposures = Float64Array.of(100, -40, 60);
const covariance = Float64Array.of(4e-4, 1e-4, 2e-4, 1e-4, 9e-4, -1e-4, 2e-4, -1e-4, 1e-4);
const means = Float64Array.of(0.001, -0.0005, 0.0002);
const code = (expected: string) => expect.objectContaining({ code: expected });

const variants: Partial<MonteCarloOptions>[] = (['pseudo', 'sobol'] as const).flatMap((sampling) => [
  { sampling },
  { sampling, distribution: studentT, horizonDays: 10 },
  { sampling, returns: 'lognormal' as const, horizonDays: 5 },
  { sampling, returns: 'lognormal' as const, horizonDays: 5, distribution: studentT },
]);

function simulated(change: Partial<MonteCarloOptions>) {
  const model = monteCarloModel(exposures, covariance, { ...options, ...change }, means);
  const pnl = new Float64Array(model.simulations);
  simulatePaths(model, { firstPath: 0, lastPath: model.simulations }, pnl);
  return { model, pnl };
}

describe.each(variants)('simulation %j', (change) => {
  const { model, pnl } = simulated(change);

  it('gives the same bits however the paths are split, after a trip through a message', () => {
    const copy = structuredClone(model);
    const shared = new Float64Array(new SharedArrayBuffer(8 * 3000));
    // 2,944 = 23 · 128; the last range is not a whole block.
    for (const [firstPath, lastPath] of [
      [2944, 3000],
      [0, 128],
      [128, 2944],
    ] as const) {
      simulatePaths(copy, { firstPath, lastPath }, shared.subarray(firstPath, lastPath));
    }
    expect(Array.from(shared)).toEqual(Array.from(pnl));
  });

  it('makes the P&L of any path again, position by position', () => {
    for (const path of [0, 127, 128, 1999, 2999]) {
      const parts = weightedPositionPnl(model, Int32Array.of(path), Float64Array.of(1));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(pnl[path]!, 10);
    }
  });

  it('splits VaR and ES so that the parts add up', () => {
    const risk = monteCarloTailRisk(pnl, 250, model.sampling);
    const parts = monteCarloContributions(model, pnl, 250);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(parts.componentVar) / risk.valueAtRisk).toBeCloseTo(1, 10);
    expect(sum(parts.componentEs) / risk.expectedShortfall).toBeCloseTo(1, 10);
  });

  it('another seed gives other paths', () => {
    expect(simulated({ ...change, seed: 43 }).pnl[0]).not.toBe(pnl[0]);
  });
});

describe('monteCarloModel', () => {
  it('has no answer for a book without risk', () => {
    const zero = new Float64Array(9);
    expect(() => monteCarloModel(exposures, zero, options)).toThrow(code('zero_variance'));
    // Long and short the same return.
    const same = Float64Array.of(4e-4, 4e-4, 4e-4, 4e-4);
    expect(() => monteCarloModel(new Float64Array(3), covariance, options)).toThrow(code('zero_variance'));
    expect(monteCarloModel(Float64Array.of(1, 1), same, options).repairRatio).toBeGreaterThan(0);
  });

  it.each([
    { simulations: 5_000_001 },
    { simulations: 127 },
    { simulations: 1000.5 },
    { seed: -1 },
    { horizonDays: 0 },
    { distribution: { kind: 'student_t' as const, degreesOfFreedom: 2 } },
  ])('refuses %j', (change) => {
    expect(() => monteCarloModel(exposures, covariance, { ...options, ...change })).toThrow(code('invalid_argument'));
  });

  it('refuses more than 1e9 simulated returns and ranges that cut a block', () => {
    const size = 201;
    const unit = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1e-4 : 0));
    const many = { ...options, simulations: 5_000_000 }; // 201 · 5e6 > 1e9
    expect(() => monteCarloModel(new Float64Array(size).fill(1), unit, many)).toThrow(code('invalid_argument'));
    const { model } = simulated({});
    expect(() => simulatePaths(model, { firstPath: 64, lastPath: 128 }, new Float64Array(64))).toThrow(
      code('invalid_argument'),
    );
  });
});

describe('a log-Student-t', () => {
  it.each(['pseudo', 'sobol'] as const)('with many degrees of freedom is the Gaussian lognormal (%s)', (sampling) => {
    const lognormal = { sampling, returns: 'lognormal' as const, simulations: 64_000 };
    const limit = simulated({ ...lognormal, distribution: { kind: 'student_t', degreesOfFreedom: 9e5 } });
    const gaussian = simulated(lognormal);
    for (const bp of [500, 100]) {
      const risk = monteCarloTailRisk(limit.pnl, bp, sampling);
      const expected = monteCarloTailRisk(gaussian.pnl, bp, sampling);
      const reach = 4 * Math.hypot(risk.standardError!, expected.standardError!);
      expect(Math.abs(risk.valueAtRisk - expected.valueAtRisk)).toBeLessThan(reach);
      expect(Math.abs(risk.expectedShortfall - expected.expectedShortfall)).toBeLessThan(2 * reach);
    }
  });

  it('is the one kind of return without a finite mean', () => {
    const normal = { kind: 'normal' } as const;
    expect(lacksFiniteMean({ returns: 'lognormal', distribution: studentT })).toBe(true);
    expect(lacksFiniteMean({ returns: 'lognormal', distribution: normal })).toBe(false);
    expect(lacksFiniteMean({ returns: 'simple', distribution: studentT })).toBe(false);
  });
});

describe('monteCarloTailRisk', () => {
  it('has no standard error where too few paths lie in the tail', () => {
    const { pnl } = simulated({ simulations: 128 });
    const risk = monteCarloTailRisk(pnl, 100, 'pseudo');
    expect(risk.standardError).toBeNull();
    expect(risk.interval.upper).toBeNull();
  });
});
