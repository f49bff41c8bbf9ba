import { QuantError, requireSameLength } from './errors.js';
import { growth } from './growth.js';
import { lognormalBlock } from './lognormal-block.js';
import { type MonteCarloModel, mixingFactor, portfolioDrift } from './monte-carlo-model.js';
import { fillNormals, positionNormals } from './path-normals.js';
import { BLOCK_PATHS } from './random.js';

export interface PathRange {
  /** A multiple of 128. */
  readonly firstPath: number;
  /** Exclusive; a multiple of 128 or the number of simulations. */
  readonly lastPath: number;
}

/**
 * P&L of the paths firstPath … lastPath − 1 in the currency of the exposures, into `out` (length lastPath − firstPath;
 * may be a view of shared memory). The bits depend on model and path only, never on how a run is split. Cost per path:
 * O(1) for simple returns, N²/2 multiplications for lognormal ones; nothing is allocated per path.
 */
export function simulatePaths(model: MonteCarloModel, range: PathRange, out: Float64Array): void {
  const { firstPath, lastPath } = range;
  if (firstPath % BLOCK_PATHS !== 0 || (lastPath % BLOCK_PATHS !== 0 && lastPath !== model.simulations)) {
    throw new QuantError('invalid_argument', `paths ${firstPath}…${lastPath} do not lie on blocks of ${BLOCK_PATHS}`);
  }
  requireSameLength(out, { length: lastPath - firstPath }, 'simulated P&L');
  const simulateBlock = model.returns === 'simple' ? linearBlock(model) : lognormalBlock(model);
  const pnl = new Float64Array(BLOCK_PATHS);
  for (let path = firstPath; path < lastPath; path += BLOCK_PATHS) {
    simulateBlock(path / BLOCK_PATHS, pnl);
    const count = Math.min(BLOCK_PATHS, lastPath - path);
    out.set(count === BLOCK_PATHS ? pnl : pnl.subarray(0, count), path - firstPath);
  }
}

type BlockSimulation = (block: number, pnl: Float64Array) => void;

/** Simple returns: x'A = (σ, 0, …, 0), so the P&L needs the first normal alone (and the mixing one). Exact, not a cut. */
function linearBlock(model: MonteCarloModel): BlockSimulation {
  const dimensions = model.mixing ? 2 : 1;
  const tile = new Float64Array(dimensions * BLOCK_PATHS);
  const drift = portfolioDrift(model);
  return (block, pnl) => {
    fillNormals(model, block, dimensions, tile);
    for (let p = 0; p < BLOCK_PATHS; p++) {
      const scale = model.mixing ? mixingFactor(model.mixing, tile[BLOCK_PATHS + p]!) : 1;
      pnl[p] = drift + model.sigma * scale * tile[p]!;
    }
  };
}

/**
 * Σ_s weight_s·P&Lᵢ of path s for every position i: the paths are made again from their blocks, so no N × paths matrix
 * is ever stored. `paths` is ascending. Sums over disjoint path sets may be added up; to keep the bits, split a run at
 * fixed paths.
 */
export function weightedPositionPnl(model: MonteCarloModel, paths: Int32Array, weights: Float64Array): Float64Array {
  requireSameLength(paths, weights, 'weighted paths');
  const normalsOf = positionNormals(model);
  const sums = new Float64Array(model.exposures.length);
  let block = -1;
  let normals: Float64Array = sums;
  for (let s = 0; s < paths.length; s++) {
    const p = paths[s]! % BLOCK_PATHS;
    const own = (paths[s]! - p) / BLOCK_PATHS;
    if (own !== block) normals = normalsOf(own);
    block = own;
    addPositionPnl(model, normals, p, weights[s]!, sums);
  }
  return sums;
}

function addPositionPnl(
  model: MonteCarloModel,
  normals: Float64Array,
  p: number,
  weight: number,
  sums: Float64Array,
): void {
  const { factor, drift, exposures, returns } = model;
  const size = sums.length;
  for (let i = 0; i < size; i++) {
    let move = drift[i]!;
    for (let j = 0; j <= i; j++) move += factor[i * size + j]! * normals[j * BLOCK_PATHS + p]!;
    const change = returns === 'simple' ? move : growth(move);
    sums[i] = sums[i]! + weight * exposures[i]! * change;
  }
}
