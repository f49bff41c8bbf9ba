import { normalQuantile } from '../src/quant/distributions.js';
import { portfolioSigma } from '../src/quant/moments.js';
import { simulatePaths } from '../src/quant/monte-carlo.js';
import { type MonteCarloModel, monteCarloModel } from '../src/quant/monte-carlo-model.js';
import { BlockRandom } from '../src/quant/random.js';
import { portfolioPnl } from '../src/quant/returns.js';
import { type TailRisk, tailRisk } from '../src/quant/tail-risk.js';

/** A row of PERFORMANCE.md: what we run, and the name of the same work in numpy-peer.py. */
export interface BenchRow {
  readonly title: string;
  readonly peer: string;
  readonly atLeast: number;
  readonly aim: number;
  readonly repeat: number;
  readonly peerRepeat: number;
  readonly pairs: number;
  run(): unknown;
}

const random = new BlockRandom(7, 0);

function normals(count: number, scale: number): Float64Array {
  const values = new Float64Array(count);
  random.fillUniforms(values, 0, count);
  return values.map((u) => scale * normalQuantile(u));
}

const PATHS = 100_000;
const POSITIONS = 50;

export function lognormalModel(simulations: number, seed: number, sampling: 'pseudo' | 'sobol'): MonteCarloModel {
  const covariance = new Float64Array(POSITIONS * POSITIONS).fill(1.2e-4);
  for (let i = 0; i < POSITIONS; i++) covariance[i * POSITIONS + i] = 4e-4;
  const exposures = Float64Array.from({ length: POSITIONS }, (_, i) => -20 + (100 * i) / (POSITIONS - 1));
  return monteCarloModel(exposures, covariance, {
    simulations,
    seed,
    sampling,
    distribution: { kind: 'normal' },
    returns: 'lognormal',
    horizonDays: 1,
  });
}

export function simulatedTailRisk(model: MonteCarloModel, basisPoints: number): TailRisk {
  const pnl = new Float64Array(model.simulations);
  simulatePaths(model, { firstPath: 0, lastPath: model.simulations }, pnl);
  return tailRisk(pnl, basisPoints);
}

export function quantRows(): BenchRow[] {
  const pnl = normals(500, 1);
  const lossHint = 0.97 * tailRisk(pnl, 500).valueAtRisk;
  const held = Array.from({ length: 50 }, () => normals(1250, 0.01));
  const thousand = new Float64Array(50).fill(1000);
  const wide = Array.from({ length: 1000 }, () => normals(500, 0.01));
  const weights = normals(1000, 1);
  return [
    {
      title: 'VaR+ES of a P&L vector, T = 500 (np.partition)',
      peer: 'tail',
      ...{ atLeast: 10, aim: 35, repeat: 20_000, peerRepeat: 2_000, pairs: 15 },
      run: () => tailRisk(pnl, 500, lossHint),
    },
    {
      title: '  the same without a hint from the last VaR',
      peer: 'tail',
      ...{ atLeast: 10, aim: 35, repeat: 20_000, peerRepeat: 2_000, pairs: 15 },
      run: () => tailRisk(pnl, 500),
    },
    {
      title: 'historical VaR, 50 held of 5000 symbols, T = 1250 (dense numpy)',
      peer: 'historical',
      ...{ atLeast: 60, aim: 150, repeat: 200, peerRepeat: 5, pairs: 15 },
      run: () => tailRisk(portfolioPnl(held, thousand), 500),
    },
    {
      title: "parametric VaR, N = 1000, T = 500 (np.cov + w'Σw)",
      peer: 'parametric',
      ...{ atLeast: 30, aim: 250, repeat: 50, peerRepeat: 1, pairs: 15 },
      run: () => 1.6448536269514722 * portfolioSigma(wide, weights),
    },
    {
      title: 'Monte Carlo 100k × 50 lognormal, 1 thread, plain TypeScript (chunked numpy)',
      peer: 'monte_carlo',
      ...{ atLeast: 0.5, aim: 7, repeat: 1, peerRepeat: 1, pairs: 11 },
      run: () => simulatedTailRisk(lognormalModel(PATHS, 1, 'pseudo'), 500),
    },
  ];
}
