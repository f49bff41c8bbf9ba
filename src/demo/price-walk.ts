import { estimateCovariance } from '../quant/covariance.js';
import { BLOCK_PATHS, BlockRandom } from '../quant/random.js';
import { fillNormalRow } from '../quant/ziggurat.js';

/** Seconds of trading in a day (6.5 hours), over which the variance of a day is spread. */
const SECONDS_PER_DAY = 23_400;

export interface PriceWalkStart {
  /** Closes of each symbol on the same days, ascending; at least three of each. */
  readonly closes: readonly Float64Array[];
  /** Where each walk begins. */
  readonly prices: readonly number[];
  readonly seed: number;
}

/**
 * Prices second by second: correlated geometric Brownian motion without drift in the mean, with the covariance of the
 * daily log returns of `closes`. The same start gives the same walk.
 */
export class PriceWalk {
  private readonly prices: Float64Array;
  private readonly factor: Float64Array;
  private readonly drifts: Float64Array;
  private readonly random: BlockRandom;
  private readonly normals: Float64Array;

  constructor({ closes, prices, seed }: PriceWalkStart) {
    const size = closes.length;
    const { matrix, factor } = estimateCovariance(closes.map(logReturns), 'sample');
    this.prices = Float64Array.from(prices);
    this.factor = factor.map((entry) => entry / Math.sqrt(SECONDS_PER_DAY));
    this.drifts = Float64Array.from({ length: size }, (_, i) => (-0.5 * matrix[i * size + i]!) / SECONDS_PER_DAY);
    this.random = new BlockRandom(seed, 0);
    this.normals = new Float64Array(Math.ceil(size / BLOCK_PATHS) * BLOCK_PATHS);
  }

  /** The prices one second later, in the order of `closes`. */
  next(): readonly number[] {
    const { normals, prices, factor, drifts } = this;
    const size = prices.length;
    for (let at = 0; at < normals.length; at += BLOCK_PATHS) fillNormalRow(this.random, normals, at);
    for (let i = 0; i < size; i++) {
      let move = drifts[i]!;
      for (let k = 0; k <= i; k++) move += factor[i * size + k]! * normals[k]!;
      prices[i] = prices[i]! * Math.exp(move);
    }
    return [...prices];
  }
}

function logReturns(closes: Float64Array): Float64Array {
  return Float64Array.from({ length: closes.length - 1 }, (_, t) => Math.log(closes[t + 1]! / closes[t]!));
}
