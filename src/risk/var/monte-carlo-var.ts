import { type CovarianceMethod, estimateCovariance } from '../../quant/covariance.js';
import type { Distribution } from '../../quant/distributions.js';
import { mean } from '../../quant/moments.js';
import { simulatePaths } from '../../quant/monte-carlo.js';
import {
  type MonteCarloModel,
  type MonteCarloOptions,
  monteCarloClosedForm,
  monteCarloModel,
} from '../../quant/monte-carlo-model.js';
import { type MonteCarloTailRisk, monteCarloContributions, monteCarloTailRisk } from '../../quant/monte-carlo-risk.js';
import { BLOCK_PATHS } from '../../quant/random.js';
import { portfolioPnl } from '../../quant/returns.js';
import { fitDegreesOfFreedom } from '../../quant/student-t-fit.js';
import type { TailRisk } from '../../quant/tail-risk.js';
import type { Contributions, ScenarioInput } from './scenario-input.js';

export interface SimulationRequest extends Omit<MonteCarloOptions, 'distribution'> {
  readonly distribution: 'normal' | 'student_t';
  readonly degreesOfFreedom: number | 'ml';
  readonly covariance: 'auto' | CovarianceMethod;
  readonly includeMean: boolean;
}

export interface PreparedSimulation {
  readonly model: MonteCarloModel;
  readonly fitAtBound: boolean;
  readonly estimator: CovarianceMethod;
  readonly shrinkage: number;
  readonly conditionNumber: number;
  readonly repaired: boolean;
}

/** The model of the paths: covariance, mean and shape of the window's returns. Throws QuantError. */
export function prepareSimulation(input: ScenarioInput, request: SimulationRequest): PreparedSimulation {
  const { columns, exposures } = input;
  const estimate = estimateCovariance(columns, request.covariance);
  const { distribution, fitAtBound } = shapeOf(input, request);
  const means = request.includeMean ? Float64Array.from(columns, mean) : undefined;
  const { simulations, seed, sampling, returns, horizonDays } = request;
  const options = { simulations, seed, sampling, returns, horizonDays, distribution };
  const model = monteCarloModel(exposures, estimate.matrix, options, means);
  return {
    model,
    fitAtBound,
    estimator: estimate.method,
    shrinkage: estimate.delta ?? 0,
    conditionNumber: estimate.conditionNumber,
    repaired: estimate.repairRatio > 0 || model.repairRatio > 0,
  };
}

function shapeOf(
  { columns, exposures }: ScenarioInput,
  { distribution, degreesOfFreedom }: SimulationRequest,
): { distribution: Distribution; fitAtBound: boolean } {
  if (distribution === 'normal') return { distribution: { kind: 'normal' }, fitAtBound: false };
  if (degreesOfFreedom !== 'ml') return { distribution: { kind: 'student_t', degreesOfFreedom }, fitAtBound: false };
  const fit = fitDegreesOfFreedom(portfolioPnl(columns, exposures));
  return { distribution: { kind: 'student_t', degreesOfFreedom: fit.degreesOfFreedom }, fitAtBound: fit.atBound };
}

/** P&L of the paths of one range, written into its place of `pnl`, which may be shared memory. */
export function simulateRange(
  model: MonteCarloModel,
  range: { firstPath: number; lastPath: number },
  pnl: Float64Array,
): void {
  simulatePaths(model, range, pnl.subarray(range.firstPath, range.lastPath));
}

/** Nanoseconds that a path takes, roughly: it decides on threads and jobs, never on numbers. */
export function pathCostNs({ returns, symbols }: { returns: 'simple' | 'lognormal'; symbols: number }): number {
  return returns === 'simple' ? 100 : 60 + 50 * symbols + 0.5 * symbols * symbols;
}

/** The paths cut into ranges of about `rangeNs` each; the same bits come out however they are cut. */
export function pathRanges(model: MonteCarloModel, rangeNs: number): { firstPath: number; lastPath: number }[] {
  const cost = pathCostNs({ returns: model.returns, symbols: model.exposures.length });
  const size = Math.max(1, Math.floor(rangeNs / cost / BLOCK_PATHS)) * BLOCK_PATHS;
  const ranges: { firstPath: number; lastPath: number }[] = [];
  for (let firstPath = 0; firstPath < model.simulations; firstPath += size) {
    ranges.push({ firstPath, lastPath: Math.min(firstPath + size, model.simulations) });
  }
  return ranges;
}

export interface MonteCarloResult extends MonteCarloTailRisk {
  readonly closedForm: TailRisk | null;
  readonly contributions: Contributions | null;
}

/** VaR and ES of the simulated P&L at one tail, in the currency of the exposures, loss positive. */
export function summariseSimulation(
  model: MonteCarloModel,
  pnl: Float64Array,
  { tail, contributions }: { tail: number; contributions: boolean },
): MonteCarloResult {
  const parts = contributions ? monteCarloContributions(model, pnl, tail) : null;
  return {
    ...monteCarloTailRisk(pnl, tail, model.sampling),
    closedForm: monteCarloClosedForm(model, tail),
    contributions: parts && { valueAtRisk: parts.componentVar, expectedShortfall: parts.componentEs },
  };
}
