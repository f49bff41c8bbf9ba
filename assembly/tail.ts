import { add, keepSum } from './sum';

export { add };

/** Where the host reads what was found. */
const KTH: usize = 0;
const EXCESS: usize = 8;
const KEPT_COUNT: usize = 16;

/** Up to here the k-th is found from above, among the few that were kept for nothing. */
const SURPLUS_FEW: i32 = 8;
/** Below this length a guess costs more than it saves. */
const GUESS_FROM: i32 = 64;
/** Values that the guess looks at, evenly spread over the vector. */
const GUESS_SAMPLE: i32 = 128;
/** Up to 25 values are sorted by insertion. */
const INSERTION_BYTES: usize = 24 * 8;

/**
 * Finds the k-th smallest of the `count` values at `values` and Σ (k-th − value) over the values below it; NaN for that
 * sum where there is no such value. `threshold` is a guess, ideally just above the k-th; NaN stands for none, and then
 * `z` is the standard normal quantile of k/count. The values not above the last threshold tried are left at `kept` in
 * their order; `values` is overwritten.
 */
export function select(values: usize, kept: usize, count: i32, k: i32, threshold: f64, z: f64): void {
  const keptCount = F64.isNaN(threshold)
    ? keepByGuess(values, kept, count, k, z)
    : keep(values, kept, count, min(threshold, f64.MAX_VALUE));
  find(values, kept, count, k, keptCount);
}

/**
 * The same for base + factor·column. A threshold that keeps too few is followed by the guess, since the sum may lie far
 * from the last one; so `z` is always given.
 */
export function selectSum(
  base: usize,
  column: usize,
  factor: f64,
  values: usize,
  kept: usize,
  count: i32,
  k: i32,
  threshold: f64,
  z: f64,
): void {
  let keptCount = F64.isNaN(threshold) ? 0 : keepSum(base, column, factor, kept, count, min(threshold, f64.MAX_VALUE));
  if (keptCount < k) {
    add(base, column, factor, values, count);
    keptCount = keepByGuess(values, kept, count, k, z);
  }
  find(values, kept, count, k, keptCount);
}

/** Finds the k-th among the values kept, or among all where these are fewer than k. */
function find(values: usize, kept: usize, count: i32, k: i32, keptAtFirst: i32): void {
  let keptCount = keptAtFirst;
  // The largest double keeps everything but +∞, which is no part of a tail.
  if (keptCount < k) keptCount = keep(values, kept, count, f64.MAX_VALUE);
  store<f64>(KEPT_COUNT, keptCount);
  store<f64>(EXCESS, f64.NaN);
  if (keptCount < k) return;
  const surplus = keptCount - k;
  const kth = surplus < SURPLUS_FEW ? largestBut(kept, keptCount, surplus, values) : kthOf(kept, keptCount, k, values);
  store<f64>(KTH, kth);
  store<f64>(EXCESS, excess(kept, keptCount, kth));
}

/** Keeps the values under a threshold from the mean and standard deviation of a sample: it holds the tail of most shapes. */
function keepByGuess(values: usize, kept: usize, count: i32, k: i32, z: f64): i32 {
  if (count < GUESS_FROM || 4 * k > count) return 0;
  const sampleCount = min(GUESS_SAMPLE, count >> 2);
  const step = count / sampleCount;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let i = 0, at = step >> 1; i < sampleCount; i++, at += step) {
    const value = load<f64>(values + (at << 3));
    sum += value;
    squares += value * value;
  }
  const mean = sum / sampleCount;
  const sigma = sqrt(max(0, squares / sampleCount - mean * mean));
  const keptCount = keep(values, kept, count, mean + 0.8 * z * sigma);
  return keptCount < k ? keep(values, kept, count, mean + 0.4 * z * sigma) : keptCount;
}

/**
 * Copies the values that are not above the threshold, in their order, and counts them: NaN is kept too, and so found
 * among the few. Sixteen comparisons become a mask whose bits are followed, because no branch on them could be predicted.
 */
function keep(values: usize, kept: usize, count: i32, threshold: f64): i32 {
  const bound = f64x2.splat(threshold);
  const end: usize = values + (count << 3);
  let from = values;
  let to = kept;
  for (; from + 512 <= end; from += 512) {
    let left =
      notAbove(from, bound) |
      (notAbove(from + 128, bound) << 16) |
      (notAbove(from + 256, bound) << 32) |
      (notAbove(from + 384, bound) << 48);
    for (; left !== 0; left &= left - 1, to += 8) store<f64>(to, load<f64>(from + ((<usize>ctz(left)) << 3)));
  }
  for (; from < end; from += 8) {
    const value = load<f64>(from);
    store<f64>(to, value);
    to += (<usize>!(value > threshold)) << 3;
  }
  return (to - kept) >> 3;
}

/** A bit for each of sixteen values: 1 where it is not above the bound. */
function notAbove(at: usize, bound: v128): u64 {
  const above = i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(aboveFour(at, bound), aboveFour(at + 32, bound)),
    i16x8.narrow_i32x4_s(aboveFour(at + 64, bound), aboveFour(at + 96, bound)),
  );
  return ~i8x16.bitmask(above) & 0xffff;
}

function aboveFour(at: usize, bound: v128): v128 {
  const low = f64x2.gt(v128.load(at), bound);
  const high = f64x2.gt(v128.load(at, 16), bound);
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/** Added in the order of the vector, so that no guess changes its bits. */
function excess(kept: usize, count: i32, kth: f64): f64 {
  let doubled: f64 = 0;
  for (let i = 0; i < count; i++) {
    const gap = kth - load<f64>(kept + (i << 3));
    // Exactly 2·gap or 0, without a branch that nobody could predict.
    doubled += gap + abs(gap);
  }
  return doubled / 2;
}

/** The largest of the kept values after `surplus` larger ones: those are held in a short sorted list. */
function largestBut(kept: usize, count: i32, surplus: i32, list: usize): f64 {
  for (let i = 0; i < count; i++) {
    const value = load<f64>(kept + (i << 3));
    if (i > surplus && value <= load<f64>(list + (surplus << 3))) continue;
    let j = min(i, surplus) - 1;
    for (; j >= 0 && load<f64>(list + (j << 3)) < value; j--) {
      store<f64>(list + ((j + 1) << 3), load<f64>(list + (j << 3)));
    }
    store<f64>(list + ((j + 1) << 3), value);
  }
  return load<f64>(list + (surplus << 3));
}

/** Hoare's quickselect with median of three on a copy. */
function kthOf(kept: usize, count: i32, k: i32, scratch: usize): f64 {
  memory.copy(scratch, kept, count << 3);
  let left = scratch;
  let right = scratch + ((count - 1) << 3);
  const target = scratch + ((k - 1) << 3);
  while (right - left > INSERTION_BYTES) {
    const middle = left + (((right - left) >> 4) << 3);
    const pivot = medianOfThree(load<f64>(left), load<f64>(middle), load<f64>(right));
    let i = left - 8;
    let j = right + 8;
    for (;;) {
      do i += 8;
      while (load<f64>(i) < pivot);
      do j -= 8;
      while (load<f64>(j) > pivot);
      if (i >= j) break;
      const swap = load<f64>(i);
      store<f64>(i, load<f64>(j));
      store<f64>(j, swap);
    }
    if (target <= j) right = j;
    else left = j + 8;
  }
  sort(left, right);
  return load<f64>(target);
}

function medianOfThree(a: f64, b: f64, c: f64): f64 {
  return max(min(a, b), min(max(a, b), c));
}

/** Insertion sort, both ends included. */
function sort(first: usize, last: usize): void {
  for (let i = first + 8; i <= last; i += 8) {
    const value = load<f64>(i);
    let j = i - 8;
    while (j >= first && load<f64>(j) > value) {
      store<f64>(j + 8, load<f64>(j));
      j -= 8;
    }
    store<f64>(j + 8, value);
  }
}
