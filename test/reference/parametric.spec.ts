import { cornishFisher } from '../../src/quant/cornish-fisher.js';
import { estimateCovariance, ledoitWolfMoments } from '../../src/quant/covariance.js';
import { type Distribution, normalQuantile, tailMultipliers } from '../../src/quant/distributions.js';
import { ewmaVariancePath } from '../../src/quant/ewma.js';
import { portfolioMoments, sampleStandardDeviation, shapeMoments } from '../../src/quant/moments.js';
import { ewmaMoments, parametricError, parametricTailRisk } from '../../src/quant/parametric.js';
import { olsBeta } from '../../src/quant/regression.js';
import { portfolioPnl } from '../../src/quant/returns.js';
import { fitDegreesOfFreedom } from '../../src/quant/student-t-fit.js';
import { crisis, crisisColumns, EQUAL_WEIGHTS, golden, returnsBetween } from './us20.js';

const pnl = portfolioPnl(crisisColumns, EQUAL_WEIGHTS);
const normal: Distribution = { kind: 'normal' };
const hedged = Float64Array.from(golden.hedged.exposures as number[]);

function expectAllClose(actual: Float64Array, expected: number[], relative: number) {
  const scale = Math.max(...expected.map(Math.abs));
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(relative * scale);
  });
}

describe('distributions', () => {
  // docs/conventions.md §9 and §10.
  it.each([
    [500, normal, 1.644853626951, 2.062712807507],
    [100, normal, 2.326347874041, 2.665214220346],
  ])('normal multipliers at a tail of %d bp', (bp, distribution, valueAtRisk, expectedShortfall) => {
    const multipliers = tailMultipliers(distribution, bp);
    expect(multipliers.valueAtRisk).toBeCloseTo(valueAtRisk, 11);
    expect(multipliers.expectedShortfall).toBeCloseTo(expectedShortfall, 11);
  });

  it.each([
    [500, 1.560849758, 2.238684255],
    [100, 2.606463569, 3.44883676],
  ])('Student-t multipliers with five degrees of freedom at a tail of %d bp', (bp, valueAtRisk, expectedShortfall) => {
    const multipliers = tailMultipliers({ kind: 'student_t', degreesOfFreedom: 5 }, bp);
    expect(multipliers.valueAtRisk).toBeCloseTo(valueAtRisk, 9);
    expect(multipliers.expectedShortfall).toBeCloseTo(expectedShortfall, 9);
  });

  it('agrees with scipy to 12 digits from 51 % to 99.99 % and 2.5 to 30 degrees of freedom', () => {
    for (const [bp, nu, valueAtRisk, expectedShortfall] of golden.multipliers) {
      const distribution: Distribution = nu === null ? normal : { kind: 'student_t', degreesOfFreedom: nu };
      const multipliers = tailMultipliers(distribution, bp);
      expect(Math.abs(multipliers.valueAtRisk / valueAtRisk - 1)).toBeLessThan(1e-12);
      expect(Math.abs(multipliers.expectedShortfall / expectedShortfall - 1)).toBeLessThan(1e-12);
    }
  });

  it('has the normal quantile of scipy, far tails included', () => {
    for (const [p, z] of golden.normal_quantiles)
      expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-14 * (1 + Math.abs(z)));
  });
});

describe('the eight stocks of 2008-2009, equal weight', () => {
  it('normal VaR95 0.0434577172, ES99 0.0704160686, standard deviation 0.0264204160772', () => {
    const { sigma } = portfolioMoments(crisisColumns, EQUAL_WEIGHTS);
    expect(sigma).toBeCloseTo(0.0264204160772, 13);
    expect(parametricTailRisk({ sigma, basisPoints: 500, distribution: normal }).valueAtRisk).toBeCloseTo(
      0.0434577172,
      9,
    );
    expect(parametricTailRisk({ sigma, basisPoints: 100, distribution: normal }).expectedShortfall).toBeCloseTo(
      0.0704160686,
      9,
    );
  });

  it('EWMA forecast sigma 0.0083708342', () => {
    expect(Math.sqrt(ewmaVariancePath(pnl).at(-1)!)).toBeCloseTo(0.0083708342, 9);
    expect(ewmaMoments(crisisColumns, EQUAL_WEIGHTS).sigma).toBeCloseTo(0.0083708342, 9);
  });

  it('beta to the index 1.1159244309', () => {
    const regression = olsBeta(pnl, crisis('SP500'));
    expect(regression.beta).toBeCloseTo(1.1159244309, 9);
    expect(regression.alpha).toBeCloseTo(golden.regression.alpha, 14);
    expect(regression.standardError).toBeCloseTo(golden.regression.se, 12);
    expect(regression.rSquared).toBeCloseTo(golden.regression.r2, 12);
    expect(regression.observationCount).toBe(505);
  });

  it('skewness and kurtosis of scipy', () => {
    const shape = shapeMoments(pnl)!;
    expect(shape.skewness).toBeCloseTo(golden.shape[0], 12);
    expect(shape.excessKurtosis).toBeCloseTo(golden.shape[1], 12);
  });

  it('maximum-likelihood degrees of freedom as scipy finds them', () => {
    const cases = [
      ['equal_weight', pnl],
      ['index_1260_days', indexOf2013()],
    ] as const;
    for (const [name, series] of cases) {
      const [nu, likelihood] = golden.student_t_fit[name];
      const fit = fitDegreesOfFreedom(series);
      expect(fit.degreesOfFreedom).toBeCloseTo(nu, 4);
      expect(fit.logLikelihood).toBeCloseTo(likelihood, 6);
      expect(fit.atBound).toBe(false);
    }
  });
});

/** index_returns[-2520:-1260] of the oracle. */
function indexOf2013(): Float64Array {
  return returnsBetween('SP500', '2007-01-04', '2022-12-28').slice(-2520, -1260);
}

describe('covariance', () => {
  it('is numpy.cov, and its condition number numpy.linalg.cond', () => {
    const estimate = estimateCovariance(crisisColumns);
    expectAllClose(estimate.matrix, golden.covariance, 1e-13);
    expect(estimate).toMatchObject({ method: 'sample', delta: null, repairRatio: 0 }); // 505 ≥ 10 · 8
    expect(estimate.conditionNumber / golden.covariance_condition).toBeCloseTo(1, 6);
  });

  it('is sklearn.covariance.ledoit_wolf with 60 observations of 8 stocks', () => {
    const short = crisisColumns.map((column) => column.subarray(445));
    const estimate = estimateCovariance(short);
    expect(estimate.method).toBe('ledoit_wolf'); // 60 < 10 · 8
    expect(estimate.delta).toBeCloseTo(golden.ledoit_wolf_60.delta, 12);
    expectAllClose(estimate.matrix, golden.ledoit_wolf_60.matrix, 1e-13);
    expect(estimate.conditionNumber / golden.ledoit_wolf_60.condition).toBeCloseTo(1, 6);
    const moments = ledoitWolfMoments(short, hedged);
    expect(moments.sigma / golden.ledoit_wolf_60.sigma).toBeCloseTo(1, 12);
    expectAllClose(moments.gradient, golden.ledoit_wolf_60.gradient, 1e-12);
  });

  it('has the same delta from the Gram matrix when there are fewer observations than stocks', () => {
    const wide = crisisColumns.map((column) => column.subarray(0, 5));
    expect(estimateCovariance(wide).delta).toBeCloseTo(golden.ledoit_wolf_wide, 12);
  });

  it('gives sigma and gradient of a long-short book without the matrix', () => {
    const moments = portfolioMoments(crisisColumns, hedged);
    expect(moments.sigma / golden.hedged.sigma).toBeCloseTo(1, 12);
    expectAllClose(moments.gradient, golden.hedged.gradient, 1e-12);
    const ewma = ewmaMoments(crisisColumns, hedged);
    expect(ewma.sigma / golden.hedged.ewma_sigma).toBeCloseTo(1, 12);
    expectAllClose(ewma.gradient, golden.hedged.ewma_gradient, 1e-12);
  });
});

describe('diagnostics', () => {
  it('Cornish-Fisher is valid exactly where the expansion rises on a fine grid', () => {
    for (const [skewness, excessKurtosis, bp, z, valid] of golden.cornish_fisher) {
      const diagnostic = cornishFisher({ skewness, excessKurtosis }, bp);
      expect(diagnostic.z).toBeCloseTo(z, 12);
      expect(diagnostic.valid).toBe(valid);
      expect(diagnostic.reason === null).toBe(valid);
    }
  });

  it('the interval of a normal VaR is the χ² interval of sigma', () => {
    // sigma chosen so that VaR = 1.5: bounds 1.5·√(504/χ²₅₀₄(p)).
    const sigma = 1.5 / tailMultipliers(normal, 500).valueAtRisk;
    const { interval } = parametricError({ sigma, basisPoints: 500, distribution: normal }, 505);
    expect(interval.lower).toBeCloseTo(golden.chi_square_interval[0], 12);
    expect(interval.upper).toBeCloseTo(golden.chi_square_interval[1], 12);
    expect(sampleStandardDeviation(Float64Array.of(1, 2, 3, 4))).toBeCloseTo(Math.sqrt(5 / 3), 15);
  });
});
