import { cholesky, choleskySolve } from '../../../src/quant/cholesky.js';
import { covarianceMethod, estimateCovariance } from '../../../src/quant/covariance.js';
import { largestEigenvalue } from '../../../src/quant/largest-eigenvalue.js';
import { portfolioMoments, sampleStandardDeviation, shapeMoments } from '../../../src/quant/moments.js';
import { parametricError, parametricTailRisk } from '../../../src/quant/parametric.js';
import { olsBeta } from '../../../src/quant/regression.js';
import { fitDegreesOfFreedom } from '../../../src/quant/student-t-fit.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const constant = new Float64Array(100).fill(0.1);

describe('a series that never moves', () => {
  it('has a standard deviation of exactly 0', () => {
    // 0.1 has no exact double: a plain sum of squares minus the squared mean would leave 1e-17.
    expect(sampleStandardDeviation(constant)).toBe(0);
  });

  it('has no parametric VaR, no shape, no degrees of freedom, no beta and no covariance', () => {
    const { sigma } = portfolioMoments([constant], Float64Array.of(1000));
    expect(() => parametricTailRisk({ sigma, basisPoints: 500, distribution: { kind: 'normal' } })).toThrow(
      code('zero_variance'),
    );
    expect(shapeMoments(constant)).toBeNull();
    expect(() => fitDegreesOfFreedom(constant)).toThrow(code('zero_variance'));
    expect(() => olsBeta(constant, constant)).toThrow(code('zero_variance'));
    expect(() => estimateCovariance([constant, constant])).toThrow(code('zero_variance'));
  });
});

describe('one observation', () => {
  it('is too few for anything with a variance', () => {
    const one = Float64Array.of(0.01);
    const too = code('insufficient_data');
    expect(() => sampleStandardDeviation(one)).toThrow(too);
    expect(() => portfolioMoments([one], Float64Array.of(1))).toThrow(too);
    expect(() => estimateCovariance([one])).toThrow(too);
    expect(() => fitDegreesOfFreedom(one)).toThrow(too);
    expect(() => olsBeta(one, one)).toThrow(too);
  });
});

describe('estimateCovariance', () => {
  it('takes the sample covariance from ten observations per position', () => {
    expect(covarianceMethod('auto', 80, 8)).toBe('sample');
    expect(covarianceMethod('auto', 79, 8)).toBe('ledoit_wolf');
    expect(covarianceMethod('sample', 20, 8)).toBe('sample');
  });

  it('repairs a singular matrix and says so', () => {
    // Two equal columns: correlation 1.
    const column = Float64Array.from({ length: 40 }, (_, t) => Math.sin(t));
    const estimate = estimateCovariance([column, column], 'sample');
    expect(estimate.repairRatio).toBeGreaterThan(0);
    expect(estimate.repairRatio).toBeLessThan(1e-9);
    expect(Number.isFinite(estimate.conditionNumber)).toBe(true);
  });

  it('finds the extreme eigenvalues of a hundred equally correlated returns', () => {
    // A matrix ½I + ½11ᵀ of size 100: eigenvalues ½ and ½ + 50.
    const matrix = Float64Array.from({ length: 100 * 100 }, (_, at) => (at % 101 === 0 ? 1 : 0.5));
    const factor = cholesky(matrix, 100)!;
    const image = (v: Float64Array) => v.map((x) => 0.5 * x + 0.5 * v.reduce((sum, y) => sum + y, 0));
    expect(largestEigenvalue(100, image)).toBeCloseTo(50.5, 9);
    expect(largestEigenvalue(100, (v) => choleskySolve(factor, 100, v))).toBeCloseTo(2, 9);
  });

  it('refuses a missing return', () => {
    expect(() => estimateCovariance([Float64Array.of(0.1, Number.NaN, 0.2)])).toThrow(code('not_finite'));
  });
});

describe('cholesky', () => {
  it('factors [[4, 2], [2, 5]] into [[2, 0], [1, 2]] and solves with it', () => {
    const factor = cholesky(Float64Array.of(4, 2, 2, 5), 2)!;
    expect(Array.from(factor)).toEqual([2, 0, 1, 2]);
    // 4·1 + 2·2 = 8 and 2·1 + 5·2 = 12.
    expect(Array.from(choleskySolve(factor, 2, Float64Array.of(8, 12)))).toEqual([1, 2]);
  });

  it('is null for a matrix that is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
});

describe('olsBeta', () => {
  it('uses the observations both series have: y = 1 + 2x', () => {
    const x = Float64Array.of(1, 2, Number.NaN, 4, 5);
    const y = Float64Array.of(3, 5, 100, 9, Number.NaN);
    expect(olsBeta(y, x)).toMatchObject({
      beta: expect.closeTo(2, 12),
      alpha: expect.closeTo(1, 12),
      observationCount: 3,
    });
  });
});

describe('parametricTailRisk', () => {
  it('takes the mean off h times and sigma √h times', () => {
    // 1.644853627·2·√9 − 0.5·9 = 9.869122 − 4.5
    const risk = parametricTailRisk({
      sigma: 2,
      mean: 0.5,
      basisPoints: 500,
      distribution: { kind: 'normal' },
      horizonDays: 9,
    });
    expect(risk.valueAtRisk).toBeCloseTo(5.369122, 6);
  });

  it('has no standard error where the fourth moment is infinite', () => {
    const t = (degreesOfFreedom: number) =>
      parametricError({ sigma: 1, basisPoints: 500, distribution: { kind: 'student_t', degreesOfFreedom } }, 500);
    expect(t(4)).toEqual({ standardError: null, interval: { level: 0.95, lower: null, upper: null } });
    expect(t(5).standardError).toBeCloseTo(1.5608498 * Math.sqrt(8 / (4 * 499)), 6); // kurtosis − 1 = 2 + 6/(5 − 4)
  });

  it('refuses two degrees of freedom: the variance is infinite', () => {
    const distribution = { kind: 'student_t', degreesOfFreedom: 2 } as const;
    expect(() => parametricTailRisk({ sigma: 1, basisPoints: 500, distribution })).toThrow(code('invalid_argument'));
  });
});
