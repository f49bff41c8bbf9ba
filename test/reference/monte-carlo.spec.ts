import { normalQuantile, studentTTwoSided } from '../../src/quant/distributions.js';
import { simulatePaths } from '../../src/quant/monte-carlo.js';
import { type MonteCarloOptions, monteCarloClosedForm, monteCarloModel } from '../../src/quant/monte-carlo-model.js';
import { monteCarloContributions, monteCarloTailRisk } from '../../src/quant/monte-carlo-risk.js';
import { BlockRandom } from '../../src/quant/random.js';
import { reverseBits, sobolReversed } from '../../src/quant/sobol.js';
import { fillNormalRow } from '../../src/quant/ziggurat.js';
import { golden } from './us20.js';

const hedged = Float64Array.from(golden.hedged.exposures as number[]);
const covariance = Float64Array.from(golden.covariance as number[]);
const gaussian: MonteCarloOptions = {
  simulations: 10_000,
  seed: 1,
  distribution: { kind: 'normal' },
  sampling: 'pseudo',
  returns: 'simple',
  horizonDays: 1,
};

function simulated(options: MonteCarloOptions, exposures = hedged, matrix = covariance) {
  const model = monteCarloModel(exposures, matrix, options);
  const pnl = new Float64Array(options.simulations);
  simulatePaths(model, { firstPath: 0, lastPath: options.simulations }, pnl);
  return { model, pnl };
}

const rootMeanSquare = (values: number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

/** Relative errors of VaR against the closed form over 40 seeds, and the standard errors that were reported. */
function errors(options: MonteCarloOptions, basisPoints: number) {
  const found = Array.from({ length: 40 }, (_, seed) => {
    const { model, pnl } = simulated({ ...options, seed });
    const risk = monteCarloTailRisk(pnl, basisPoints, options.sampling);
    const exact = monteCarloClosedForm(model, basisPoints)!;
    return {
      valueAtRisk: risk.valueAtRisk / exact.valueAtRisk - 1,
      expectedShortfall: risk.expectedShortfall / exact.expectedShortfall - 1,
      standardError: risk.standardError! / exact.valueAtRisk,
      covered: risk.interval.lower! <= exact.valueAtRisk && exact.valueAtRisk <= risk.interval.upper!,
    };
  });
  return {
    valueAtRisk: rootMeanSquare(found.map((error) => error.valueAtRisk)),
    expectedShortfall: rootMeanSquare(found.map((error) => error.expectedShortfall)),
    standardError: rootMeanSquare(found.map((error) => error.standardError)),
    coverage: found.filter((error) => error.covered).length / found.length,
  };
}

describe('Monte Carlo of a linear book', () => {
  it('the closed form is the multiplier times √(x′Σx)', () => {
    const { model } = simulated({ ...gaussian, horizonDays: 4 });
    // z.95 = 1.644853626951 (docs/conventions.md §9), √4 = 2.
    expect(monteCarloClosedForm(model, 500)!.valueAtRisk).toBeCloseTo(1.644853626951 * 2 * golden.hedged.sigma, 8);
  });

  it('10,000 plain paths err by about 1.3 % in VaR95', () => {
    // √(0.05·0.95/10000)/(φ(z)·z) = 0.00218/(0.1031·1.645) = 1.28 %; 40 seeds tell it to about ± 11 %.
    const error = errors(gaussian, 500);
    expect(error.valueAtRisk).toBeGreaterThan(0.009);
    expect(error.valueAtRisk).toBeLessThan(0.017);
    expect(error.standardError).toBeCloseTo(0.0128, 3);
    expect(error.coverage).toBeGreaterThan(0.85);
  });

  it('10,000 Sobol paths err by at most 0.45 % in VaR95 and say so', () => {
    const error = errors({ ...gaussian, sampling: 'sobol' }, 500);
    expect(error.valueAtRisk).toBeLessThan(0.0045); // docs/conventions.md §27
    expect(error.standardError).toBeLessThan(0.0045);
    expect(error.expectedShortfall).toBeLessThan(0.0045);
    expect(error.coverage).toBeGreaterThan(0.85);
  });

  it.each(['pseudo', 'sobol'] as const)(
    'Student-t with five degrees of freedom, %s, hits its closed form times sigma',
    (sampling) => {
      const distribution = { kind: 'student_t', degreesOfFreedom: 5 } as const;
      const { model, pnl } = simulated({ ...gaussian, distribution, sampling, simulations: 100_000 });
      for (const [bp, valueAtRisk, expectedShortfall] of [
        [500, 1.560849758, 2.238684255],
        [100, 2.606463569, 3.44883676],
      ] as const) {
        const risk = monteCarloTailRisk(pnl, bp, sampling);
        // Four standard errors: a wrong scale, such as no √(3/5), is far outside.
        expect(Math.abs(risk.valueAtRisk - valueAtRisk * model.sigma)).toBeLessThan(4 * risk.standardError!);
        expect(Math.abs(risk.expectedShortfall - expectedShortfall * model.sigma)).toBeLessThan(
          4 * risk.expectedShortfallStandardError!,
        );
        expect(risk.standardError! / risk.valueAtRisk).toBeLessThan(0.02);
      }
    },
  );
});

describe('Monte Carlo of lognormal returns', () => {
  it('one long position has the closed form x·(1 − e^{−s²/2 − s·z}), s² = h·ln(1 + σ²)', () => {
    const variance = 0.03 ** 2;
    const s = Math.sqrt(10 * Math.log1p(variance));
    const exact = 1000 * (1 - Math.exp(-0.5 * s * s + s * normalQuantile(0.05)));
    const options = {
      ...gaussian,
      returns: 'lognormal',
      horizonDays: 10,
      sampling: 'sobol',
      simulations: 64_000,
    } as const;
    const { pnl } = simulated(options, Float64Array.of(1000), Float64Array.of(variance));
    expect(Math.abs(monteCarloTailRisk(pnl, 500, 'sobol').valueAtRisk / exact - 1)).toBeLessThan(5e-4);
    // The drift makes the mean of the simple return 0: the mean P&L of 1000 is within 0.1.
    expect(Math.abs(pnl.reduce((sum, value) => sum + value, 0) / pnl.length)).toBeLessThan(0.1);
  });

  it.each(['pseudo', 'sobol'] as const)(
    'a long-short book over ten days agrees with 4 million paths in numpy (%s)',
    (sampling) => {
      const { pnl } = simulated({ ...gaussian, returns: 'lognormal', horizonDays: 10, sampling, simulations: 64_000 });
      for (const bp of [500, 100]) {
        const risk = monteCarloTailRisk(pnl, bp, sampling);
        const [valueAtRisk, expectedShortfall] = golden.lognormal[bp];
        // numpy's own error at 4 million paths is 0.07 % and 0.08 %.
        const reach = (error: number | null, value: number) => 4 * Math.hypot(error!, 0.0008 * value);
        expect(Math.abs(risk.valueAtRisk - valueAtRisk)).toBeLessThan(reach(risk.standardError, valueAtRisk));
        expect(Math.abs(risk.expectedShortfall - expectedShortfall)).toBeLessThan(
          reach(risk.expectedShortfallStandardError, expectedShortfall),
        );
        expect(risk.standardError! / valueAtRisk).toBeLessThan(0.02);
      }
    },
  );

  it('the log-Student-t of one long position has the closed form x·(1 − e^{−s²/2 − s·t_c·√(3/5)})', () => {
    const options = {
      ...gaussian,
      returns: 'lognormal',
      horizonDays: 10,
      sampling: 'sobol',
      simulations: 64_000,
      distribution: { kind: 'student_t', degreesOfFreedom: 5 },
    } as const;
    const { pnl } = simulated(options, Float64Array.of(1000), Float64Array.of(0.03 ** 2));
    for (const [bp, exact] of golden.log_student_t_one) {
      const { valueAtRisk, standardError } = monteCarloTailRisk(pnl, bp, 'sobol');
      expect(Math.abs(valueAtRisk - exact)).toBeLessThan(4 * standardError!);
      expect(standardError! / exact).toBeLessThan(0.01);
    }
  });

  it.each(['pseudo', 'sobol'] as const)('the log-Student-t agrees with 4 million paths in numpy (%s)', (sampling) => {
    const { degrees_of_freedom: degreesOfFreedom, horizon: horizonDays, ...books } = golden.log_student_t;
    const distribution = { kind: 'student_t', degreesOfFreedom } as const;
    const options = { ...gaussian, returns: 'lognormal', horizonDays, sampling, simulations: 128_000 } as const;
    for (const [book, exposures] of Object.entries({ hedged, long: hedged.map(Math.abs) })) {
      const { pnl } = simulated({ ...options, distribution }, exposures);
      for (const bp of [500, 100]) {
        const [valueAtRisk, expectedShortfall] = books[book][bp];
        const risk = monteCarloTailRisk(pnl, bp, sampling);
        // numpy's own error at 4 million paths: 0.1 % and 0.15 %.
        const reach = (error: number | null, value: number) => 4 * Math.hypot(error!, 0.0015 * value);
        expect(Math.abs(risk.valueAtRisk - valueAtRisk)).toBeLessThan(reach(risk.standardError, valueAtRisk));
        expect(risk.standardError! / valueAtRisk).toBeLessThan(0.02);
        // With short positions the ES has no finite value to agree on; a long book loses at most all.
        if (book === 'hedged') continue;
        expect(Math.abs(risk.expectedShortfall - expectedShortfall)).toBeLessThan(
          reach(risk.expectedShortfallStandardError, expectedShortfall),
        );
      }
    }
  });

  it('small moves give the contributions of the linear book', () => {
    // A tenth of the volatility: the lognormal split must come near x(Σx)/σ² of VaR, with the noise of about 2,000 tail paths.
    const tiny = covariance.map((value) => value / 100);
    const { model, pnl } = simulated({ ...gaussian, returns: 'lognormal', simulations: 40_000 }, hedged, tiny);
    const risk = monteCarloTailRisk(pnl, 500, 'pseudo');
    const parts = monteCarloContributions(model, pnl, 500);
    const gradient = golden.hedged.gradient as number[];
    gradient.forEach((value, i) => {
      const share = (hedged[i]! * value) / golden.hedged.sigma ** 2;
      expect(Math.abs(parts.componentEs[i]! / risk.expectedShortfall - share)).toBeLessThan(0.03);
      expect(Math.abs(parts.componentVar[i]! / risk.valueAtRisk - share)).toBeLessThan(0.08);
    });
  });
});

describe('random numbers', () => {
  it.each(golden.block_words as [number, number, number[]][])(
    'seed %d, block %d is the xoshiro128++ stream of an independent implementation',
    (seed, block, words) => {
      const random = new BlockRandom(seed, block);
      expect(words.map(() => random.nextUniform())).toEqual(words.map((word) => (word + 0.5) / 2 ** 32));
    },
  );

  it.each(golden.block_normals as [number, number, number[]][])(
    'seed %d, block %d has the ziggurat normals of an independent implementation, edges and tails included',
    (seed, block, expected) => {
      const random = new BlockRandom(seed, block);
      const normals = new Float64Array(1024);
      for (let at = 0; at < 1024; at += 128) fillNormalRow(random, normals, at);
      // The last 300 of 1,024: about 15 of those before came from an edge and moved the stream.
      expected.forEach((z, i) => {
        expect(normals[724 + i]).toBeCloseTo(z, 12);
      });
    },
  );

  it('Sobol points are those of scipy.stats.qmc up to dimension 1,001', () => {
    for (const [index, dimension, value] of golden.sobol) {
      expect((reverseBits(sobolReversed(index, dimension)) >>> 0) / 2 ** 32).toBe(value);
    }
  });

  it('the error of 16 scramblings is read with t₁₅ = 2.131449546', () => {
    expect(studentTTwoSided(0.95, 15)).toBeCloseTo(2.131449546, 9); // published t tables, 2.131
  });
});
