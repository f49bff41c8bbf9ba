import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { positiveDefinite } from './cholesky.js';
import { chiSquareQuantile, type Distribution, requireDistribution } from './distributions.js';
import { QuantError, requireFinite, requireSameLength } from './errors.js';
import { type ParametricTailRisk, parametricTailRisk } from './parametric.js';
import { requireSeed } from './random.js';
import { requireHorizon } from './returns.js';
import { scrambleSeeds } from './sobol.js';

export const SIMULATIONS_MAX = 5_000_000;
export const SIMULATIONS_MIN = 128;
export const POSITIONS_MAX = 1_000;
export const SIMULATED_RETURNS_MAX = 1e9;

/** Scramblings that a Sobol run is split into: its error is the spread of their estimates. */
export const SCRAMBLE_COUNT = 16;

export interface MonteCarloOptions {
  readonly simulations: number;
  readonly seed: number;
  readonly distribution: Distribution;
  readonly sampling: 'pseudo' | 'sobol';
  readonly returns: 'simple' | 'lognormal';
  readonly horizonDays: number;
}

/** Plain data: it can be posted to a worker as it is. Everything is at the horizon. */
export interface MonteCarloModel extends MonteCarloOptions {
  readonly exposures: Float64Array;
  /** Lower factor L of the covariance of the (log-)returns, row-major. */
  readonly factor: Float64Array;
  /** v, |v|² = 2, of the reflection H = I − vvᵀ that turns the first normal into the portfolio's direction. */
  readonly reflection: Float64Array;
  /** Sign of the first normal under H, so that a low one is a loss. */
  readonly orientation: number;
  /** √(x'Σx): standard deviation of the P&L to first order, in currency. */
  readonly sigma: number;
  /** xᵢ(Σx)ᵢ/σ²: share of each position in sigma; they sum to 1. */
  readonly shares: Float64Array;
  /** Mean (log-)return of each position. */
  readonly drift: Float64Array;
  /** √((ν−2)/χ²) tabulated over the normal that drives it; null for Gaussian returns. */
  readonly mixing: Float64Array | null;
  /** Owen seeds, 16 × dimensions; null for pseudo-random paths. */
  readonly scrambles: Int32Array | null;
  /** Share of the mean variance added to make the covariance positive definite; 0 when it was. */
  readonly repairRatio: number;
}

/**
 * Prepares a simulation. `covariance` is that of the daily *simple* returns, row-major N × N, `means` their daily means
 * (all 0 when absent). Returns of kind `simple`: r = μh + √h·A·z. Kind `lognormal`: the log-return is normal with
 * Λ_ij = ln(1 + Σ_ij/((1+μ_i)(1+μ_j)))·h and mean (ln(1+μ_i) − ½Λ_ii(1 day))·h, the one choice under which a one-day
 * simple return has exactly mean μ and covariance Σ. Student-t scales the random part of all positions by a common
 * √((ν−2)/χ²_ν); a log-Student-t keeps the Gaussian drift, by convention, since it has no finite mean to fit
 * (`lacksFiniteMean`): its VaR is well defined, the ES of a book with short positions is not. Throws `zero_variance` for
 * a book without risk. A = L·H: z₁ drives the portfolio's P&L direction, so that stratifying it removes most of the
 * error; pseudo-random lognormal paths, which are not stratified, take A = L.
 */
export function monteCarloModel(
  exposures: Float64Array,
  covariance: Float64Array,
  options: MonteCarloOptions,
  means: Float64Array = new Float64Array(exposures.length),
): MonteCarloModel {
  requireOptions(options, exposures, covariance, means);
  const size = exposures.length;
  const { horizonDays, returns } = options;
  const daily = returns === 'simple' ? covariance : logCovariance(covariance, means);
  const { matrix, factor: dailyFactor, repairRatio } = positiveDefinite(daily, size);
  const factor = dailyFactor.map((value) => value * Math.sqrt(horizonDays));
  const drift = means.map((value, i) =>
    returns === 'simple' ? value * horizonDays : (Math.log1p(value) - 0.5 * matrix[i * size + i]!) * horizonDays,
  );
  const dimensions = size + (options.distribution.kind === 'student_t' ? 1 : 0);
  return {
    ...options,
    exposures,
    factor,
    ...portfolioDirection(exposures, factor, size),
    drift,
    mixing: options.distribution.kind === 'student_t' ? mixingTable(options.distribution.degreesOfFreedom) : null,
    scrambles: options.sampling === 'sobol' ? scrambleSeeds(options.seed, SCRAMBLE_COUNT, dimensions) : null,
    repairRatio,
  };
}

function requireOptions(
  options: MonteCarloOptions,
  exposures: Float64Array,
  covariance: Float64Array,
  means: Float64Array,
): void {
  const { simulations, distribution } = options;
  requireSeed(options.seed);
  requireHorizon(options.horizonDays);
  requireDistribution(distribution);
  requireSameLength(means, exposures, 'means');
  requireSameLength(covariance, { length: exposures.length ** 2 }, 'covariance');
  requireFinite(exposures, 'exposures');
  requireFinite(covariance, 'covariance');
  requireFinite(means, 'means');
  const refuse = (message: string) => {
    throw new QuantError('invalid_argument', message);
  };
  if (exposures.length < 1 || exposures.length > POSITIONS_MAX) refuse(`positions must be 1…${POSITIONS_MAX}`);
  if (!(Number.isInteger(simulations) && simulations >= SIMULATIONS_MIN && simulations <= SIMULATIONS_MAX)) {
    refuse(`simulations must be ${SIMULATIONS_MIN}…${SIMULATIONS_MAX}, got ${simulations}`);
  }
  if (simulations * exposures.length > SIMULATED_RETURNS_MAX) {
    refuse(`simulations × positions must not pass ${SIMULATED_RETURNS_MAX}`);
  }
}

/** A return of this kind has no finite mean: the exponential of a power-law tail. */
export function lacksFiniteMean({
  returns,
  distribution,
}: Pick<MonteCarloOptions, 'returns' | 'distribution'>): boolean {
  return returns === 'lognormal' && distribution.kind === 'student_t';
}

function logCovariance(covariance: Float64Array, means: Float64Array): Float64Array {
  const size = means.length;
  return covariance.map((value, at) => {
    const growth = (1 + means[Math.floor(at / size)]!) * (1 + means[at % size]!);
    if (!(1 + value / growth > 0)) {
      throw new QuantError('invalid_argument', 'these moments are not those of a lognormal return');
    }
    return Math.log1p(value / growth);
  });
}

/** u = Lᵀx, σ = |u|, and the Householder reflection that maps u onto the first axis. */
function portfolioDirection(exposures: Float64Array, factor: Float64Array, size: number) {
  const u = new Float64Array(size);
  let scale = 0;
  for (let i = 0; i < size; i++) {
    let variance = 0;
    for (let j = 0; j <= i; j++) {
      const entry = factor[i * size + j]!;
      u[j] = u[j]! + exposures[i]! * entry;
      variance += entry * entry;
    }
    scale += Math.abs(exposures[i]!) * Math.sqrt(variance);
  }
  const sigma = Math.hypot(...u);
  // Exposures that cancel leave rounding noise of the order of 1e-16 of what they cancel.
  if (!(sigma > 1e-12 * scale)) throw new QuantError('zero_variance', 'the portfolio has zero variance');
  const orientation = u[0]! > 0 ? -1 : 1;
  const reflection = u.map((value) => value / sigma);
  reflection[0] = reflection[0]! - orientation;
  const norm = Math.sqrt(2 + (2 * Math.abs(u[0]!)) / sigma);
  const shares = exposures.map((exposure, i) => {
    let product = 0;
    for (let j = 0; j <= i; j++) product += factor[i * size + j]! * u[j]!;
    return (exposure * product) / (sigma * sigma);
  });
  return { sigma, orientation, reflection: reflection.map((value) => (value * Math.SQRT2) / norm), shares };
}

/** Half width and intervals of the mixing table; one normal in 10¹⁰ lies outside and takes the value at the end. */
const MIXING_REACH = 6.5;
const MIXING_STEPS = 1024;

/** √((ν−2)/F⁻¹(Φ(z))), F the χ² distribution, at z = −6.5 … 6.5 with one more node on either side. */
function mixingTable(degreesOfFreedom: number): Float64Array {
  return Float64Array.from({ length: MIXING_STEPS + 3 }, (_, i) => {
    const z = ((i - 1) / MIXING_STEPS) * 2 * MIXING_REACH - MIXING_REACH;
    return Math.sqrt((degreesOfFreedom - 2) / chiSquareQuantile(normalCdf(z, 0, 1), degreesOfFreedom));
  });
}

/** Value of the table at `z` by the cubic through four nodes; the error is below 1e-8 of the value. */
export function mixingFactor(table: Float64Array, z: number): number {
  const reach = Math.max(-MIXING_REACH, Math.min(MIXING_REACH, z));
  const position = ((reach + MIXING_REACH) / (2 * MIXING_REACH)) * MIXING_STEPS;
  const k = Math.min(Math.floor(position), MIXING_STEPS - 1);
  const t = position - k;
  const outer = -(t - 2) * table[k]! + (t + 1) * table[k + 3]!;
  const inner = (t - 1) * table[k + 1]! - t * table[k + 2]!;
  return (outer * t * (t - 1)) / 6 + (inner * (t + 1) * (t - 2)) / 2;
}

/** Mean P&L to first order at the horizon: Σ xᵢ·driftᵢ. Exact for simple returns. */
export function portfolioDrift(model: MonteCarloModel): number {
  let sum = 0;
  for (let i = 0; i < model.exposures.length; i++) sum += model.exposures[i]! * model.drift[i]!;
  return sum;
}

/** The answer without simulation, where one exists: a linear book of elliptical returns (docs/conventions.md §9, §10, times σ). Else null. */
export function monteCarloClosedForm(model: MonteCarloModel, basisPoints: number): ParametricTailRisk | null {
  if (model.returns !== 'simple') return null;
  const { sigma, distribution } = model;
  return parametricTailRisk({ sigma, mean: portfolioDrift(model), basisPoints, distribution });
}
