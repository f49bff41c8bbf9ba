import { lognormalModel, simulatedTailRisk } from './quant.js';

const TAIL = 100;
const PATHS = 10_000;
const SEEDS = 200;

export interface EqualError {
  readonly plainErrorRatio: number;
  readonly sobolErrorRatio: number;
  /** Plain work ÷ Sobol work for the same root-mean-square error of VaR99. */
  readonly workRatio: number;
}

/**
 * Work for equal error: plain Monte Carlo needs (error ratio)² times the paths, corrected by the time of a path. The
 * truth is the mean of Sobol runs with other seeds and sixteen times the paths; plain and Sobol runs alternate.
 */
export function equalError(): EqualError {
  const truths = Array.from(
    { length: 8 },
    (_, i) => simulatedTailRisk(lognormalModel(16 * PATHS, 1000 + i, 'sobol'), TAIL).valueAtRisk,
  );
  const truth = truths.reduce((sum, value) => sum + value, 0) / truths.length;
  const squares = { pseudo: 0, sobol: 0 };
  const timesMs = { pseudo: [] as number[], sobol: [] as number[] };
  for (let seed = 0; seed < SEEDS; seed++) {
    for (const sampling of ['pseudo', 'sobol'] as const) {
      const start = performance.now();
      const { valueAtRisk } = simulatedTailRisk(lognormalModel(PATHS, seed, sampling), TAIL);
      timesMs[sampling].push(performance.now() - start);
      squares[sampling] += (valueAtRisk / truth - 1) ** 2;
    }
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    plainErrorRatio: Math.sqrt(squares.pseudo / SEEDS),
    sobolErrorRatio: Math.sqrt(squares.sobol / SEEDS),
    workRatio: (squares.pseudo / squares.sobol) * (median(timesMs.pseudo) / median(timesMs.sobol)),
  };
}
