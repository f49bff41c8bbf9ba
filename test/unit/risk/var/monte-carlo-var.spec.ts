import fc from 'fast-check';
import { RiskError } from '../../../../src/risk/errors.js';
import {
  pathRanges,
  prepareSimulation,
  type SimulationRequest,
  simulateRange,
  summariseSimulation,
} from '../../../../src/risk/var/monte-carlo-var.js';
import { simulationWork } from '../../../../src/risk/var/simulation-work.js';

// docs/conventions.md §9 and 10.
const Z95 = 1.644853626951;
const ES95 = 2.062712807507;
const T5_VAR95 = 1.560849758;

/** A and B move ±1 % and ±2 %, never together: uncorrelated, standard deviations 1 % and 2 % times √(T/(T−1)). */
const a = Array.from({ length: 100 }, (_, t): number => (t % 2 === 0 ? 0.01 : -0.01));
const b = Array.from({ length: 100 }, (_, t): number => (t % 4 < 2 ? 0.02 : -0.02));
const EXPOSURES = [300_000, 200_000];
// σ² = (300,000·1 %)² + (200,000·2 %)² = 3000² + 4000² = 5000².
const SIGMA = 5000 * Math.sqrt(100 / 99);

function prepare(request: Partial<SimulationRequest> = {}, returns = [a, b], exposures = EXPOSURES) {
  const columns = returns.map((column) => Float64Array.from(column));
  const input = {
    columns,
    warmUp: columns.map(() => new Float64Array(0)),
    calendarIndex: Int32Array.from(columns[0]!.keys()),
    exposures: Float64Array.from(exposures),
  };
  return prepareSimulation(input, {
    simulations: 20_000,
    seed: 42,
    distribution: 'normal',
    degreesOfFreedom: 5,
    sampling: 'pseudo',
    returns: 'simple',
    covariance: 'auto',
    includeMean: false,
    horizonDays: 1,
    ...request,
  });
}

function simulate(request: Partial<SimulationRequest> = {}, rangeNs = 1e12, order = (ranges: number[]) => ranges) {
  const prepared = prepare(request);
  const pnl = new Float64Array(prepared.model.simulations);
  const ranges = pathRanges(prepared.model, rangeNs);
  for (const at of order([...ranges.keys()])) simulateRange(prepared.model, ranges[at]!, pnl);
  return { prepared, pnl, result: summariseSimulation(prepared.model, pnl, { tail: 500, contributions: true }) };
}

describe('a simulation', () => {
  it('has the closed form of a linear book: row 9 times σ, of which it stays within four standard errors', () => {
    const { result } = simulate();
    expect(result.closedForm!.valueAtRisk).toBeCloseTo(Z95 * SIGMA, 4);
    expect(result.closedForm!.expectedShortfall).toBeCloseTo(ES95 * SIGMA, 4);
    expect(Math.abs(result.valueAtRisk - Z95 * SIGMA)).toBeLessThan(4 * result.standardError!);
    expect(Math.abs(result.expectedShortfall - ES95 * SIGMA)).toBeLessThan(4 * result.expectedShortfallStandardError!);
    // √(a(1−a)/n)/f(z) = √(0.0475/20,000)/0.1031356 = 1.494 % of σ.
    expect(result.standardError! / SIGMA).toBeCloseTo(0.01494, 2);
  });

  it('of Student-t returns has row 10, and one with the mean is moved by it', () => {
    const studentT = simulate({ distribution: 'student_t' }).result;
    expect(studentT.closedForm!.valueAtRisk / SIGMA).toBeCloseTo(T5_VAR95, 7);
    expect(Math.abs(studentT.valueAtRisk - studentT.closedForm!.valueAtRisk)).toBeLessThan(4 * studentT.standardError!);
    const drifting = prepare({ includeMean: true, horizonDays: 4 }, [a.map((move) => move + 0.001), b]);
    const { closedForm } = summariseSimulation(drifting.model, new Float64Array(20_000), {
      tail: 500,
      contributions: false,
    });
    // 0.1 % of 300,000 for 4 days = 1200; σ doubles.
    expect(closedForm!.valueAtRisk).toBeCloseTo(2 * Z95 * SIGMA - 1200, 4);
  });

  it('is nearer to it with Sobol points', () => {
    // Row 27: 10,000 scrambled points are worth about 65,000 paths; here 20,000 give less than 1 %.
    const { result } = simulate({ sampling: 'sobol' });
    expect(Math.abs(result.valueAtRisk / (Z95 * SIGMA) - 1)).toBeLessThan(0.01);
    expect(result.interval.lower!).toBeLessThan(result.valueAtRisk);
    expect(result.interval.upper!).toBeGreaterThan(result.valueAtRisk);
  });

  it.each([
    ['pseudo', 'simple', 'normal'],
    ['pseudo', 'simple', 'student_t'],
    ['pseudo', 'lognormal', 'normal'],
    ['sobol', 'simple', 'student_t'],
    ['sobol', 'lognormal', 'normal'],
  ] as const)(
    'gives the same bits however its paths are cut and in whatever order: %s, %s, %s',
    (sampling, returns, distribution) => {
      const request = { sampling, returns, distribution, simulations: 5000 };
      const whole = simulate(request);
      const cut = simulate(request, 1, (order) => order.reverse());
      expect(pathRanges(whole.prepared.model, 1).length).toBe(40); // ⌈5000/128⌉
      expect(cut.pnl).toEqual(whole.pnl);
      expect(cut.result).toEqual(whole.result);
    },
  );

  it('depends on its seed', () => {
    expect(simulate({ seed: 1 }).pnl).toEqual(simulate({ seed: 1 }).pnl);
    expect(simulate({ seed: 1 }).result.valueAtRisk).not.toBe(simulate({ seed: 2 }).result.valueAtRisk);
  });

  it.each(['simple', 'lognormal'] as const)('of %s returns splits VaR and ES into parts that add up', (returns) => {
    const { result } = simulate({ returns });
    for (const measure of ['valueAtRisk', 'expectedShortfall'] as const) {
      const parts = result.contributions![measure];
      expect(Math.abs(parts[0]! + parts[1]! - result[measure]) / 500_000).toBeLessThan(1e-9);
    }
    // A bears 3000² of 5000² of the variance: 36 %.
    expect(result.contributions!.valueAtRisk[0]! / result.valueAtRisk).toBeCloseTo(0.36, 1);
  });

  it('of lognormal returns has no closed form and loses less in the far tail than a normal one', () => {
    const simple = simulate({ horizonDays: 250 }).result;
    const lognormal = simulate({ horizonDays: 250, returns: 'lognormal' }).result;
    expect(lognormal.closedForm).toBeNull();
    expect(lognormal.valueAtRisk).toBeLessThan(simple.valueAtRisk); // a price cannot fall below 0
  });

  it('reports how its covariance was made', () => {
    expect(prepare()).toMatchObject({ estimator: 'sample', shrinkage: 0, repaired: false, fitAtBound: false });
    expect(prepare().conditionNumber).toBeCloseTo(4, 4); // variances 1 : 4, uncorrelated
    const shrunk = prepare({ covariance: 'ledoit_wolf' });
    expect(shrunk.estimator).toBe('ledoit_wolf');
    expect(shrunk.shrinkage).toBeGreaterThan(0);
    expect(prepare({}, [a, a]).repaired).toBe(true); // the same series twice is singular
  });

  it('of a perfect hedge leaves next to nothing, and says that the covariance was repaired', () => {
    const { model, repaired } = prepare({}, [a, a], [1000, -1000]);
    expect(repaired).toBe(true);
    expect(model.sigma).toBeLessThan(1e-6 * 2000 * 0.01); // a millionth of the two legs on their own
  });

  it.each([
    ['no exposure', [a, b], [0, 0]],
    ['prices that never move', [a.map(() => 0), b.map(() => 0)], [1, 1]],
  ])('of %s is refused: there is nothing to simulate', (_, returns, exposures) => {
    expect(() => prepare({}, returns, exposures)).toThrow(expect.objectContaining({ code: 'zero_variance' }));
  });
});

describe('the ranges of a simulation', () => {
  it('cover every path once, in blocks of 128', () => {
    const { model } = prepare();
    fc.assert(
      fc.property(
        fc.integer({ min: 128, max: 5_000_000 }),
        fc.integer({ min: 1, max: 1e9 }),
        (simulations, rangeNs) => {
          const ranges = pathRanges({ ...model, simulations }, rangeNs * 1000);
          expect(ranges[0]!.firstPath).toBe(0);
          expect(ranges.at(-1)!.lastPath).toBe(simulations);
          const wrong = ranges.filter(
            ({ firstPath, lastPath }, i) =>
              !(lastPath > firstPath && firstPath % 128 === 0 && firstPath === (ranges[i - 1]?.lastPath ?? 0)),
          );
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the work of a simulation', () => {
  const work = (simulations: number, symbols: number, returns: 'simple' | 'lognormal' = 'simple') =>
    simulationWork({ simulations, returns }, symbols);
  const refusal = (...args: Parameters<typeof work>) => {
    try {
      work(...args);
    } catch (error) {
      if (error instanceof RiskError) return { code: error.code, errors: error.details.errors };
    }
    throw new Error('was not refused');
  };

  it('is a job above 5·10⁷ simulated returns, however fast', () => {
    expect(work(5_000_000, 10)).toEqual({ long: false }); // 5·10⁷ exactly
    expect(work(5_000_000, 11)).toEqual({ long: true });
    expect(work(10_000, 8)).toEqual({ long: false });
  });

  it('is a job when it would take more than two seconds', () => {
    // Lognormal costs N²/2 multiplications a path: 40,000 paths of 1,000 symbols are far over 2 s at 10⁸ a second.
    expect(work(40_000, 1000, 'lognormal')).toEqual({ long: true });
    expect(work(40_000, 1000, 'simple')).toEqual({ long: false });
  });

  it('is refused above 10⁹ simulated returns or 1,000 symbols, at the field', () => {
    expect(work(1_000_000, 1000)).toEqual({ long: true });
    expect(refusal(1_000_001, 1000)).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/simulations', code: 'too_big' }],
    });
    expect(refusal(1000, 1001)).toMatchObject({
      code: 'validation_failed',
      errors: [
        { pointer: '/positions', code: 'too_big', detail: 'expected at most 1000 symbols to simulate, got 1001' },
      ],
    });
  });
});
