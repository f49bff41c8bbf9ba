import { Injectable } from '@nestjs/common';
import type { JobContext } from '../../jobs/ports.js';
import type { MonteCarloModel } from '../../quant/monte-carlo-model.js';
import { Compute } from '../../workers/ports.js';
import {
  type MonteCarloResult,
  type PreparedSimulation,
  pathCostNs,
  pathRanges,
  type SimulationRequest,
} from './monte-carlo-var.js';
import type { ScenarioInput } from './scenario-input.js';

/** A range of paths takes about this long, so that progress moves and a cancel ends soon. */
const RANGE_NS = 200e6;
/** Far above what runs in place: a range always goes to a thread. */
const IN_A_THREAD = Number.POSITIVE_INFINITY;

export interface Simulated {
  readonly prepared: PreparedSimulation;
  readonly results: readonly MonteCarloResult[];
}

/** Runs a simulation in ranges of paths over all threads; the ranges write into one shared vector. */
@Injectable()
export class Simulations {
  constructor(private readonly compute: Compute) {}

  async run(
    input: ScenarioInput,
    request: SimulationRequest,
    { tails, contributions }: { tails: readonly number[]; contributions: boolean },
    context?: JobContext,
  ): Promise<Simulated> {
    const { columns } = input;
    const signal = context?.signal;
    const cost = columns.length ** 2 * columns[0]!.length;
    const prepared = await this.compute.run('prepareSimulation', [input, request], { cost, signal });
    const pnl = new Float64Array(new SharedArrayBuffer(request.simulations * Float64Array.BYTES_PER_ELEMENT));
    await this.simulate(prepared, pnl, context);
    const results: MonteCarloResult[] = [];
    for (const [index, tail] of tails.entries()) {
      context?.progress('summarising', index, tails.length);
      const options = { cost: request.simulations * 20 + (contributions ? redrawCost(prepared.model) : 0), signal };
      results.push(
        await this.compute.run('summariseSimulation', [prepared.model, pnl, { tail, contributions }], options),
      );
    }
    return { prepared, results };
  }

  private async simulate({ model }: PreparedSimulation, pnl: Float64Array, context: JobContext | undefined) {
    const ranges = pathRanges(model, RANGE_NS);
    const cost = ranges.length > 1 ? IN_A_THREAD : drawCost(model);
    let [next, done] = [0, 0];
    const takeRanges = async () => {
      for (let range = ranges[next++]; range; range = ranges[next++]) {
        await this.compute.run('simulateRange', [model, range, pnl], { cost, signal: context?.signal });
        context?.progress('simulating', ++done, ranges.length);
      }
    };
    await Promise.all(Array.from({ length: this.compute.threads }, takeRanges));
  }
}

/** Rough number of multiplications of all paths: about one a nanosecond. */
function drawCost({ simulations, returns, exposures }: MonteCarloModel): number {
  return simulations * pathCostNs({ returns, symbols: exposures.length });
}

/** The contributions of lognormal returns draw the paths of the tail once more, and with them at worst all. */
function redrawCost(model: MonteCarloModel): number {
  return model.returns === 'lognormal' ? drawCost(model) : 0;
}
