import { portfolioMoments, sampleStandardDeviation } from '../src/quant/moments.js';
import { simulatePaths } from '../src/quant/monte-carlo.js';
import { type MonteCarloModel, monteCarloModel } from '../src/quant/monte-carlo-model.js';
import { parametricContributions, parametricTailRisk } from '../src/quant/parametric.js';
import { BLOCK_PATHS, BlockRandom } from '../src/quant/random.js';
import { residentColumns } from '../src/quant/resident-columns.js';
import { portfolioPnl } from '../src/quant/returns.js';
import { ScenarioMemory } from '../src/quant/scenario-memory.js';
import { type TailRisk, tailRisk } from '../src/quant/tail-risk.js';
import { fillNormalRow } from '../src/quant/ziggurat.js';
import type { PeerWork, Shaped } from './peer.js';

/** A kernel of ours beside the same work in numpy, on the same data. */
export interface BenchRow {
  readonly title: string;
  readonly peer: PeerWork;
  /** Ratios numpy ÷ ours that are asked for and aimed at; absent where a row only informs. */
  readonly bar?: { readonly atLeast: number; readonly aim: number };
  /** Largest relative difference of the answers: rounding, or for a simulation its noise. */
  readonly tolerance: number;
  run(): readonly number[];
}

const TAIL = 500;
const random = new BlockRandom(7, 0);

function normals(count: number, scale: number): Float64Array {
  const values = new Float64Array(Math.ceil(count / BLOCK_PATHS) * BLOCK_PATHS);
  for (let at = 0; at < values.length; at += BLOCK_PATHS) fillNormalRow(random, values, at);
  return values.map((z) => scale * z).slice(0, count);
}

function returnColumns(size: number, count: number): Float64Array[] {
  const columns = residentColumns(size, count);
  for (const column of columns) column.set(normals(count, 0.01));
  return columns;
}

/** Observations in rows, symbols in columns: how numpy users keep returns. */
function asRows(columns: readonly Float64Array[]): Shaped {
  const [count, size] = [columns[0]!.length, columns.length];
  const values = new Float64Array(count * size);
  for (let i = 0; i < size; i++) for (let t = 0; t < count; t++) values[t * size + i] = columns[i]![t]!;
  return { values, shape: [count, size] };
}

const vector = (values: Float64Array): Shaped => ({ values, shape: [values.length] });

const POSITIONS = 50;
const bookExposures = Float64Array.from({ length: POSITIONS }, (_, i) => -20 + (100 * i) / (POSITIONS - 1));
const bookCovariance = Float64Array.from({ length: POSITIONS ** 2 }, (_, at) =>
  at % (POSITIONS + 1) === 0 ? 4e-4 : 1.2e-4,
);

export function lognormalModel(simulations: number, seed: number, sampling: 'pseudo' | 'sobol'): MonteCarloModel {
  return monteCarloModel(bookExposures, bookCovariance, {
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

/** 64 vectors in turn: the branch predictor would learn a single one by heart, on both sides. */
function tailRows(): BenchRow[] {
  const vectors = Array.from({ length: 64 }, () => normals(500, 1));
  const hints = vectors.map((pnl) => 0.97 * tailRisk(pnl, TAIL).valueAtRisk);
  const values = new Float64Array(64 * 500);
  vectors.forEach((pnl, i) => {
    values.set(pnl, 500 * i);
  });
  const peer = { name: 'tail', data: { vectors: { values, shape: [64, 500] } } };
  const answers = new Float64Array(128);
  const answer = (i: number, risk: TailRisk) => {
    answers[2 * i] = risk.valueAtRisk;
    answers[2 * i + 1] = risk.expectedShortfall;
  };
  return [
    {
      title: 'VaR and ES of 64 P&L vectors, T = 500, hint from the last VaR | np.partition',
      ...{ peer, tolerance: 1e-12, bar: { atLeast: 10, aim: 35 } },
      run() {
        for (let i = 0; i < 64; i++) answer(i, tailRisk(vectors[i]!, TAIL, hints[i]));
        return answers as unknown as readonly number[];
      },
    },
    {
      title: 'the same without a hint | np.partition',
      ...{ peer, tolerance: 1e-12 },
      run() {
        for (let i = 0; i < 64; i++) answer(i, tailRisk(vectors[i]!, TAIL));
        return answers as unknown as readonly number[];
      },
    },
  ];
}

/** 64 books and orders in turn. An order is a twentieth of a book; the hint is the VaR before it. */
function whatIfRow(title: string, name: string, count: number, bar: BenchRow['bar']): BenchRow {
  const memory = new ScenarioMemory(count, TAIL);
  const all = { bases: new Float64Array(64 * count), columns: new Float64Array(64 * count) };
  const exposures = Float64Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 5 : -5));
  const addresses = Array.from({ length: 64 }, (_, i) => {
    const [base, column] = [normals(count, 1), normals(count, 0.01)];
    all.bases.set(base, i * count);
    all.columns.set(column, i * count);
    const at = { base: memory.allocate(), column: memory.allocate() };
    memory.view(at.base).set(base);
    memory.view(at.column).set(column);
    return { ...at, before: tailRisk(base, TAIL).valueAtRisk };
  });
  const shape = [64, count];
  const data = {
    bases: { values: all.bases, shape },
    columns: { values: all.columns, shape },
    exposures: vector(exposures),
  };
  const answers = new Float64Array(128);
  return {
    title,
    ...{ peer: { name, data }, tolerance: 1e-12, bar },
    run() {
      for (let i = 0; i < 64; i++) {
        const { base, column, before } = addresses[i]!;
        const risk = memory.tailRisk(base, column, exposures[i]!, before);
        answers[2 * i] = risk.valueAtRisk;
        answers[2 * i + 1] = risk.expectedShortfall;
      }
      return answers as unknown as readonly number[];
    },
  };
}

function whatIfRows(): BenchRow[] {
  const title = (count: number) =>
    `what-if VaR and ES of 64 orders, T = ${count}, hint from the VaR before | base + q * column, np.partition`;
  return [
    whatIfRow(title(252), 'what_if_year', 252, { atLeast: 15, aim: 80 }),
    whatIfRow(title(1250), 'what_if_five_years', 1250, { atLeast: 5, aim: 30 }),
  ];
}

function historicalRow(): BenchRow {
  const columns = returnColumns(5000, 1250);
  // Scattered over the universe, as a book is.
  const heldSymbols = Array.from({ length: POSITIONS }, (_, i) => 37 + 99 * i);
  const weights = new Float64Array(5000);
  for (const symbol of heldSymbols) weights[symbol] = 1000;
  const held = heldSymbols.map((symbol) => columns[symbol]!);
  const exposures = new Float64Array(POSITIONS).fill(1000);
  return {
    title: 'historical VaR and ES, 50 held of 5000 symbols, T = 1250 | dense R @ w, np.partition',
    peer: { name: 'historical', data: { returns: asRows(columns), weights: vector(weights) } },
    ...{ tolerance: 1e-12, bar: { atLeast: 60, aim: 150 } },
    run() {
      const { valueAtRisk, expectedShortfall } = tailRisk(portfolioPnl(held, exposures), TAIL);
      return [valueAtRisk, expectedShortfall];
    },
  };
}

function parametricRows(): BenchRow[] {
  const columns = returnColumns(1000, 500);
  const weights = normals(1000, 1);
  const data = { returns: asRows(columns), weights: vector(weights) };
  const options = { basisPoints: TAIL, distribution: { kind: 'normal' } } as const;
  return [
    {
      title: "parametric VaR, N = 1000, T = 500 | np.cov, w'Σw",
      peer: { name: 'parametric', data },
      ...{ tolerance: 1e-9, bar: { atLeast: 30, aim: 250 } },
      run() {
        const sigma = sampleStandardDeviation(portfolioPnl(columns, weights));
        return [parametricTailRisk({ ...options, sigma }).valueAtRisk];
      },
    },
    {
      title: 'the same with ES and both components of every position | np.cov, Σw',
      peer: { name: 'parametric_components', data },
      tolerance: 1e-9,
      run() {
        const { sigma, gradient } = portfolioMoments(columns, weights);
        const risk = parametricTailRisk({ ...options, sigma });
        const { componentVar, componentEs } = parametricContributions(weights, gradient, risk, { sigma });
        return [risk.valueAtRisk, risk.expectedShortfall, ...componentVar, ...componentEs];
      },
    },
  ];
}

function monteCarloRow(): BenchRow {
  const data = {
    covariance: { values: bookCovariance, shape: [POSITIONS, POSITIONS] },
    exposures: vector(bookExposures),
  };
  return {
    title: 'Monte Carlo VaR and ES, 100k paths × 50 lognormal | chunked numpy',
    peer: { name: 'monte_carlo', data },
    // Other random numbers: both have a standard error of 0.7 % in VaR.
    ...{ tolerance: 0.04, bar: { atLeast: 0.5, aim: 7 } },
    run() {
      const { valueAtRisk, expectedShortfall } = simulatedTailRisk(lognormalModel(100_000, 1, 'pseudo'), TAIL);
      return [valueAtRisk, expectedShortfall];
    },
  };
}

export function quantRows(): BenchRow[] {
  return [...tailRows(), ...whatIfRows(), historicalRow(), ...parametricRows(), monteCarloRow()];
}
