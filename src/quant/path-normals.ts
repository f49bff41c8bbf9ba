import { normalQuantile } from './distributions.js';
import { type MonteCarloModel, mixingFactor, SCRAMBLE_COUNT } from './monte-carlo-model.js';
import { BLOCK_PATHS, BlockRandom } from './random.js';
import { owenScrambled, sobolReversed, stratified } from './sobol.js';
import { fillNormalRow } from './ziggurat.js';

/** Points of one scramble in a block: path p belongs to scramble p mod 16 and is its point ⌊p/16⌋. */
const BLOCK_POINTS = BLOCK_PATHS / SCRAMBLE_COUNT;

/**
 * Standard normals of a block, 128 a dimension: the first dimensions do not depend on how many are asked for.
 * Pseudo-random ones come from the ziggurat, Sobol ones from the normal quantile, which keeps the strata.
 */
export function fillNormals(model: MonteCarloModel, block: number, dimensions: number, tile: Float64Array): void {
  if (model.scrambles) {
    fillSobol(model, block, dimensions, tile);
    for (let i = 0; i < dimensions * BLOCK_PATHS; i++) tile[i] = normalQuantile(tile[i]!);
    return;
  }
  const random = new BlockRandom(model.seed, block);
  for (let d = 0; d < dimensions; d++) fillNormalRow(random, tile, d * BLOCK_PATHS);
}

/** Uniforms. The first dimension is stratified over the points of its scramble, the others are scrambled Sobol (Hammersley). */
function fillSobol(model: MonteCarloModel, block: number, dimensions: number, tile: Float64Array): void {
  const scrambles = model.scrambles!;
  const columns = scrambles.length / SCRAMBLE_COUNT;
  for (let p = 0; p < BLOCK_PATHS; p++) {
    const r = p % SCRAMBLE_COUNT;
    const index = block * BLOCK_POINTS + (p - r) / SCRAMBLE_COUNT;
    tile[p] = stratified({
      index,
      count: Math.ceil((model.simulations - r) / SCRAMBLE_COUNT),
      scramble: r,
      scrambleCount: SCRAMBLE_COUNT,
      seed: scrambles[r * columns]!,
      sharedSeed: ~scrambles[0]!,
    });
  }
  for (let d = 1; d < dimensions; d++) {
    for (let i = 0; i < BLOCK_POINTS; i++) {
      const reversed = sobolReversed(block * BLOCK_POINTS + i, d - 1);
      const at = d * BLOCK_PATHS + i * SCRAMBLE_COUNT;
      for (let r = 0; r < SCRAMBLE_COUNT; r++) tile[at + r] = owenScrambled(reversed, scrambles[r * columns + d]!);
    }
  }
}

/**
 * Makes the normals that drive the positions, 128 a position: y = H·z, times the common mixing factor of each path for
 * Student-t returns. The array is that of the next call too.
 */
export function positionNormals(model: MonteCarloModel): (block: number) => Float64Array {
  const size = model.exposures.length;
  const products = new Float64Array(BLOCK_PATHS);
  if (!model.mixing) {
    const tile = new Float64Array(size * BLOCK_PATHS);
    return (block) => {
      fillNormals(model, block, size, tile);
      reflect(model, tile, products);
      return tile;
    };
  }
  const { mixing } = model;
  const tile = new Float64Array((size + 1) * BLOCK_PATHS);
  const normals = tile.subarray(BLOCK_PATHS);
  const factors = new Float64Array(BLOCK_PATHS);
  return (block) => {
    fillNormals(model, block, size + 1, tile);
    // The mixing normal is the second dimension; the first takes its place, next to the others.
    for (let p = 0; p < BLOCK_PATHS; p++) {
      factors[p] = mixingFactor(mixing, normals[p]!);
      normals[p] = tile[p]!;
    }
    reflect(model, normals, products);
    for (let d = 0; d < size; d++) {
      const from = d * BLOCK_PATHS;
      for (let p = 0; p < BLOCK_PATHS; p++) normals[from + p] = normals[from + p]! * factors[p]!;
    }
    return normals;
  };
}

/**
 * y = H·z for every path of the tile, the first normal oriented so that a low one is a loss. Pseudo-random lognormal
 * paths stay as they are: for them the rotation changes no distribution and saves nothing.
 */
function reflect(model: MonteCarloModel, tile: Float64Array, products: Float64Array): void {
  if (model.sampling === 'pseudo' && model.returns === 'lognormal') return;
  const { reflection, orientation } = model;
  const size = reflection.length;
  for (let p = 0; p < BLOCK_PATHS; p++) tile[p] = tile[p]! * orientation;
  products.fill(0);
  for (let j = 0; j < size; j++) {
    const v = reflection[j]!;
    const from = j * BLOCK_PATHS;
    for (let p = 0; p < BLOCK_PATHS; p++) products[p] = products[p]! + v * tile[from + p]!;
  }
  for (let j = 0; j < size; j++) {
    const v = reflection[j]!;
    const from = j * BLOCK_PATHS;
    for (let p = 0; p < BLOCK_PATHS; p++) tile[from + p] = tile[from + p]! - v * products[p]!;
  }
}
