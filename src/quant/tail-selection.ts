import { QuantError } from './errors.js';
import { selectSmallest } from './quantile.js';

const BUCKETS = 32;
/** Up to here the k-th is found from above, among the few that were kept for nothing. */
const SURPLUS_FEW = 8;

/** Below this length a guess costs more than it saves. */
const GUESS_FROM = 64;
/** Values that the guess looks at, evenly spread over the vector. */
const GUESS_SAMPLE = 128;
/** Shares of the normal quantile at which a threshold is tried: the first holds the tail of most shapes. */
const GUESS_RATIOS = [0.8, 0.4];

/**
 * Finds the few worst values of a vector without sorting it: a threshold leaves little more than the tail, buckets
 * leave a few candidates for the k-th. The memory is kept from call to call, since allocating it would cost more than
 * the search; one selection must be read before the next one starts.
 */
export class TailSelection {
  /** The values not above the threshold, in the order of the vector. */
  private kept = new Float64Array(1024);
  /** Bucket of each kept value. */
  private marks = new Uint8Array(1024);
  private candidates = new Float64Array(1024);
  private readonly bucketCounts = new Int32Array(BUCKETS);
  private keptCount = 0;

  kth = 0;
  /** Σ (k-th − value) over the values below the k-th. */
  excess = 0;

  /**
   * Finds the k-th smallest value, then in `kth`, and `excess`. `threshold` is a guess, ideally just above it; NaN
   * stands for none. Throws `not_finite` for NaN or −∞ anywhere, and for +∞ in the tail.
   */
  select(pnl: Float64Array, k: number, threshold: number): void {
    this.reserve(pnl.length);
    // The largest double keeps everything but +∞, which is no part of a tail.
    let upper = Math.min(threshold, Number.MAX_VALUE);
    if (Number.isNaN(upper)) upper = this.guess(pnl, k);
    else this.keep(pnl, upper);
    if (this.keptCount < k) {
      this.keep(pnl, Number.MAX_VALUE);
      if (this.keptCount < k) throw notFinite();
      upper = this.largestKept();
    }
    const surplus = this.keptCount - k;
    this.kth = surplus < SURPLUS_FEW ? this.largestBut(surplus) : this.kthKept(k, upper);
    this.excess = this.excessKept();
    // NaN and −∞ are above no threshold: they were kept, and show here.
    if (!(this.excess < Number.POSITIVE_INFINITY)) throw notFinite();
  }

  /** The `k` smallest values, in no order. */
  smallest(k: number): Float64Array {
    const { kept, keptCount, kth } = this;
    const values = new Float64Array(k).fill(kth);
    for (let i = 0, at = 0; i < keptCount; i++) if (kept[i]! < kth) values[at++] = kept[i]!;
    return values;
  }

  private reserve(count: number): void {
    if (this.kept.length >= count) return;
    this.kept = new Float64Array(count);
    this.marks = new Uint8Array(count);
    this.candidates = new Float64Array(count);
  }

  /** Keeps the values under a threshold from the mean and standard deviation of a sample; returns that threshold. */
  private guess(pnl: Float64Array, k: number): number {
    this.keptCount = 0;
    if (pnl.length < GUESS_FROM || 4 * k > pnl.length) return Number.MAX_VALUE;
    const sampleCount = Math.min(GUESS_SAMPLE, pnl.length >>> 2);
    const step = Math.floor(pnl.length / sampleCount);
    let [even, odd, evenSquares, oddSquares] = [0, 0, 0, 0];
    for (let i = step >>> 1; i + step < pnl.length; i += 2 * step) {
      const a = pnl[i]!;
      const b = pnl[i + step]!;
      even += a;
      odd += b;
      evenSquares += a * a;
      oddSquares += b * b;
    }
    const mean = (even + odd) / sampleCount;
    const sigma = Math.sqrt(Math.max(0, (evenSquares + oddSquares) / sampleCount - mean * mean));
    const z = roughNormalQuantile(k / pnl.length);
    let threshold = Number.MAX_VALUE;
    for (const ratio of GUESS_RATIOS) {
      threshold = mean + ratio * z * sigma;
      this.keep(pnl, threshold);
      if (this.keptCount >= k) break;
    }
    return threshold;
  }

  private keep(pnl: Float64Array, threshold: number): void {
    const kept = this.kept;
    const count = pnl.length;
    let at = 0;
    let i = 0;
    for (; i + 20 <= count; i += 20) {
      at = keepFive(pnl, i, threshold, kept, at);
      at = keepFive(pnl, i + 5, threshold, kept, at);
      at = keepFive(pnl, i + 10, threshold, kept, at);
      at = keepFive(pnl, i + 15, threshold, kept, at);
    }
    for (; i < count; i++) if (!(pnl[i]! > threshold)) kept[at++] = pnl[i]!;
    this.keptCount = at;
  }

  private largestKept(): number {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.keptCount; i++) if (this.kept[i]! > largest) largest = this.kept[i]!;
    return largest;
  }

  /** Added in the order of the vector, so that no guess changes its bits. */
  private excessKept(): number {
    const { kept, keptCount, kth } = this;
    let doubled = 0;
    for (let i = 0; i < keptCount; i++) {
      const gap = kth - kept[i]!;
      // Exactly 2·gap or 0, without a branch that nobody could predict.
      doubled += gap + Math.abs(gap);
    }
    return doubled / 2;
  }

  /** The largest of the kept values after `surplus` larger ones: those are held in a short sorted list. */
  private largestBut(surplus: number): number {
    const { kept, candidates: largest, keptCount } = this;
    for (let i = 0; i < keptCount; i++) {
      const value = kept[i]!;
      if (i > surplus && value <= largest[surplus]!) continue;
      let j = Math.min(i, surplus) - 1;
      while (j >= 0 && largest[j]! < value) {
        largest[j + 1] = largest[j]!;
        j--;
      }
      largest[j + 1] = value;
    }
    return largest[surplus]!;
  }

  /** The k-th of the kept values, none of which is above `upper`: by equal buckets, then among those of one bucket. */
  private kthKept(k: number, upper: number): number {
    const { kept, marks, candidates, bucketCounts, keptCount } = this;
    let lowest = upper;
    for (let i = 0; i < keptCount; i++) if (kept[i]! < lowest) lowest = kept[i]!;
    // Where all values are equal this is infinite, and where they span the doubles it is 0: one bucket, still right.
    const scale = (BUCKETS - 0.001) / (upper - lowest);
    for (let b = 0; b < BUCKETS; b++) bucketCounts[b] = 0;
    for (let i = 0; i < keptCount; i++) {
      const b = ((kept[i]! - lowest) * scale) | 0;
      marks[i] = b;
      bucketCounts[b] = bucketCounts[b]! + 1;
    }
    let bucket = 0;
    let rank = k;
    while (rank > bucketCounts[bucket]!) rank -= bucketCounts[bucket++]!;
    let count = 0;
    for (let i = 0; i < keptCount; i++) if (marks[i] === bucket) candidates[count++] = kept[i]!;
    if (count > 1) selectSmallest(candidates, count, rank);
    return candidates[rank - 1]!;
  }
}

/** The tail is rare: one branch, mostly guessed right, passes over most fives. */
function keepFive(pnl: Float64Array, i: number, threshold: number, kept: Float64Array, keptCount: number): number {
  const a = pnl[i]!;
  const b = pnl[i + 1]!;
  const c = pnl[i + 2]!;
  const d = pnl[i + 3]!;
  const e = pnl[i + 4]!;
  if (a > threshold && b > threshold && c > threshold && d > threshold && e > threshold) return keptCount;
  let at = keptCount;
  // Not above, rather than below: NaN is kept too, and so found among the few.
  if (!(a > threshold)) kept[at++] = a;
  if (!(b > threshold)) kept[at++] = b;
  if (!(c > threshold)) kept[at++] = c;
  if (!(d > threshold)) kept[at++] = d;
  if (!(e > threshold)) kept[at++] = e;
  return at;
}

const notFinite = () => new QuantError('not_finite', 'the P&L holds NaN or an infinite loss');

/** Standard normal quantile for p < ½ to 5e-4. Source: Abramowitz & Stegun (1964), 26.2.23. */
function roughNormalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  return (2.515517 + (0.802853 + 0.010328 * t) * t) / (1 + (1.432788 + (0.189269 + 0.001308 * t) * t) * t) - t;
}
