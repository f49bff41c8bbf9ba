import { growth } from './growth.js';
import type { MonteCarloModel } from './monte-carlo-model.js';
import { positionNormals } from './path-normals.js';
import { BLOCK_PATHS } from './random.js';

/**
 * P&L of a block of lognormal paths: Σ xᵢ(e^{driftᵢ + (Ly)ᵢ} − 1), in tiles of two positions by four paths, whose eight
 * sums stay in registers.
 */
export function lognormalBlock(model: MonteCarloModel): (block: number, pnl: Float64Array) => void {
  const { exposures, drift, factor } = model;
  const size = exposures.length;
  const normalsOf = positionNormals(model);
  const logs = new Float64Array(2 * BLOCK_PATHS);
  return (block, pnl) => {
    const normals = normalsOf(block);
    pnl.fill(0);
    let i = 0;
    for (; i + 2 <= size; i += 2) {
      twoRows(factor, size, i, normals, logs);
      addTwo(pnl, logs, exposures, drift, i);
    }
    if (i < size) {
      oneRow(factor, size, i, normals, logs);
      addOne(pnl, logs, exposures[i]!, drift[i]!);
    }
  };
}

function addTwo(pnl: Float64Array, logs: Float64Array, exposures: Float64Array, drift: Float64Array, i: number): void {
  const exposureA = exposures[i]!;
  const exposureB = exposures[i + 1]!;
  const driftA = drift[i]!;
  const driftB = drift[i + 1]!;
  for (let p = 0; p < BLOCK_PATHS; p++) {
    const a = growth(driftA + logs[p]!);
    const b = growth(driftB + logs[BLOCK_PATHS + p]!);
    pnl[p] = pnl[p]! + (exposureA * a + exposureB * b);
  }
}

function addOne(pnl: Float64Array, logs: Float64Array, exposure: number, drift: number): void {
  for (let p = 0; p < BLOCK_PATHS; p++) pnl[p] = pnl[p]! + exposure * growth(drift + logs[p]!);
}

/** Rows i and i + 1 of L·y for the 128 paths. */
function twoRows(factor: Float64Array, size: number, i: number, tile: Float64Array, logs: Float64Array): void {
  const upper = i * size;
  const lower = upper + size;
  // The upper row ends one entry before the lower; the factor holds a 0 there.
  const count = i + 2;
  for (let p = 0; p < BLOCK_PATHS; p += 4) {
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    for (let j = 0, at = p; j < count; j++, at += BLOCK_PATHS) {
      const a = factor[upper + j]!;
      const b = factor[lower + j]!;
      const y0 = tile[at]!;
      const y1 = tile[at + 1]!;
      const y2 = tile[at + 2]!;
      const y3 = tile[at + 3]!;
      a0 += a * y0;
      a1 += a * y1;
      a2 += a * y2;
      a3 += a * y3;
      b0 += b * y0;
      b1 += b * y1;
      b2 += b * y2;
      b3 += b * y3;
    }
    logs[p] = a0;
    logs[p + 1] = a1;
    logs[p + 2] = a2;
    logs[p + 3] = a3;
    logs[BLOCK_PATHS + p] = b0;
    logs[BLOCK_PATHS + p + 1] = b1;
    logs[BLOCK_PATHS + p + 2] = b2;
    logs[BLOCK_PATHS + p + 3] = b3;
  }
}

function oneRow(factor: Float64Array, size: number, i: number, tile: Float64Array, logs: Float64Array): void {
  logs.fill(0, 0, BLOCK_PATHS);
  for (let j = 0; j <= i; j++) {
    const entry = factor[i * size + j]!;
    const from = j * BLOCK_PATHS;
    for (let p = 0; p < BLOCK_PATHS; p++) logs[p] = logs[p]! + entry * tile[from + p]!;
  }
}
