import { BASIS_POINTS, tailCount } from './confidence.js';
import { normalQuantile } from './distributions.js';
import { QuantError, requireCount } from './errors.js';
import { selectSmallest, sortRange } from './quantile.js';

/** Value-at-risk and expected shortfall, positive = loss, in the unit of the P&L. Never floored, never capped. */
export interface TailRisk {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/** Grows to the longest vector seen and never leaves this file: an allocation costs more than the selection. */
let buffer = new Float64Array(1024);

/** Below this length a guess costs more than it saves. */
const GUESS_FROM = 64;

/**
 * Historical VaR and ES of a P&L vector. VaR is the k-th worst loss, k = ceil(aT): a real scenario (Rockafellar &
 * Uryasev, lower choice). ES = [Σ_{i<k} L(i) + (aT − k + 1)·L(k)]/(aT) (Acerbi & Tasche 2002). `lossHint`, such as 97 %
 * of the last VaR, only makes it faster: the answer is the same to the bit. One observation is its own VaR and ES.
 * Throws `insufficient_data` for an empty vector and `not_finite` for NaN or an infinite loss.
 */
export function tailRisk(pnl: Float64Array, basisPoints: number, lossHint?: number): TailRisk {
  const count = pnl.length;
  requireCount(count, 1, 'tail risk');
  const k = tailCount(count, basisPoints);
  const tail = selectWorst(pnl, k, lossHint);
  const weight = (count * basisPoints) / BASIS_POINTS;
  const kth = -tail[k - 1]!;
  // The same mean as an excess over L(k): exact for a flat tail, never below VaR. The fraction of the k-th keeps ES
  // continuous as aT crosses an integer. Worst first, so that the sum does not depend on how the selection ended.
  let excess = 0;
  for (let i = 0; i < k - 1; i++) excess += -tail[i]! - kth;
  return { valueAtRisk: kth + 0, expectedShortfall: kth + excess / weight + 0 };
}

/** The `count` smallest values, ascending: the worst P&L first. */
export function worstValues(pnl: Float64Array, count: number): Float64Array {
  return selectWorst(pnl, count).slice(0, count);
}

/** As `worstValues`, in the shared buffer: valid until the next call, and only as far as `count`. */
function selectWorst(pnl: Float64Array, count: number, lossHint?: number): Float64Array {
  if (buffer.length < pnl.length) buffer = new Float64Array(pnl.length);
  const scratch = buffer;
  let threshold = lossHint === undefined ? guessedThreshold(pnl, count) : -lossHint;
  let kept = keepBelow(pnl, threshold, scratch);
  if (kept < count) {
    // The guess was too strict: without a threshold everything is kept and the selection decides.
    threshold = Number.POSITIVE_INFINITY;
    kept = keepBelow(pnl, threshold, scratch);
  }
  if (kept > 64) selectSmallest(scratch, kept, count);
  sortRange(scratch, 0, kept > 64 ? count : kept);
  return scratch;
}

/** Four at a time: the tail is rare, so one branch passes over most fours. */
function keepBelow(pnl: Float64Array, threshold: number, scratch: Float64Array): number {
  const count = pnl.length;
  let kept = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const a = pnl[i]!;
    const b = pnl[i + 1]!;
    const c = pnl[i + 2]!;
    const d = pnl[i + 3]!;
    if (a > threshold && b > threshold && c > threshold && d > threshold) continue;
    // Not above, rather than below: NaN is kept too, and so found among the few.
    if (!(a > threshold)) scratch[kept++] = a;
    if (!(b > threshold)) scratch[kept++] = b;
    if (!(c > threshold)) scratch[kept++] = c;
    if (!(d > threshold)) scratch[kept++] = d;
  }
  for (; i < count; i++) if (!(pnl[i]! > threshold)) scratch[kept++] = pnl[i]!;
  for (let j = 0; j < kept; j++) {
    if (!Number.isFinite(scratch[j]!)) throw new QuantError('not_finite', 'the P&L holds NaN or an infinite loss');
  }
  return kept;
}

/** Share of the normal quantile that the first guess lies at: low enough to catch the tail of most shapes. */
const GUESS_RATIO = 0.8;

/** A value that little more than the tail lies below, from mean and standard deviation: a guess, checked afterwards. */
function guessedThreshold(pnl: Float64Array, tailCount: number): number {
  const count = pnl.length;
  if (count < GUESS_FROM || tailCount * 4 > count) return Number.POSITIVE_INFINITY;
  let even = 0;
  let odd = 0;
  let evenSquares = 0;
  let oddSquares = 0;
  for (let i = 0; i + 1 < count; i += 2) {
    const a = pnl[i]!;
    const b = pnl[i + 1]!;
    even += a;
    odd += b;
    evenSquares += a * a;
    oddSquares += b * b;
  }
  const mean = (even + odd) / count;
  const variance = Math.max(0, (evenSquares + oddSquares) / count - mean * mean);
  return mean + GUESS_RATIO * normalQuantile(tailCount / count) * Math.sqrt(variance);
}
