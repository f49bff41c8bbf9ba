/** out = base + factor·column, rounded as two operations; `out` may be `base`. */
export function add(base: usize, column: usize, factor: f64, out: usize, count: i32): void {
  const bytes: usize = count << 3;
  const splat = f64x2.splat(factor);
  let t: usize = 0;
  for (; t + 32 <= bytes; t += 32) {
    v128.store(out + t, sumOfTwo(base + t, column + t, splat));
    v128.store(out + t, sumOfTwo(base + t + 16, column + t + 16, splat), 16);
  }
  for (; t < bytes; t += 8) store<f64>(out + t, sumOfOne(base + t, column + t, factor));
}

/** `keep` of assembly/tail.ts for base + factor·column, which is written nowhere: the few that stay are added again. */
export function keepSum(base: usize, column: usize, factor: f64, kept: usize, count: i32, threshold: f64): i32 {
  const bound = f64x2.splat(threshold);
  const splat = f64x2.splat(factor);
  const bytes: usize = count << 3;
  let from: usize = 0;
  let to = kept;
  for (; from + 256 <= bytes; from += 256) {
    let left =
      notAbove(base + from, column + from, splat, bound) |
      (notAbove(base + from + 128, column + from + 128, splat, bound) << 16);
    for (; left !== 0; left &= left - 1, to += 8) {
      const at = from + ((<usize>ctz(left)) << 3);
      store<f64>(to, sumOfOne(base + at, column + at, factor));
    }
  }
  for (; from < bytes; from += 8) {
    const value = sumOfOne(base + from, column + from, factor);
    store<f64>(to, value);
    to += (<usize>!(value > threshold)) << 3;
  }
  return (to - kept) >> 3;
}

/** A bit for each of sixteen sums: 1 where it is not above the bound. */
function notAbove(base: usize, column: usize, factor: v128, bound: v128): u32 {
  const above = i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(aboveFour(base, column, factor, bound), aboveFour(base + 32, column + 32, factor, bound)),
    i16x8.narrow_i32x4_s(
      aboveFour(base + 64, column + 64, factor, bound),
      aboveFour(base + 96, column + 96, factor, bound),
    ),
  );
  return ~i8x16.bitmask(above) & 0xffff;
}

function aboveFour(base: usize, column: usize, factor: v128, bound: v128): v128 {
  const low = f64x2.gt(sumOfTwo(base, column, factor), bound);
  const high = f64x2.gt(sumOfTwo(base + 16, column + 16, factor), bound);
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

function sumOfTwo(base: usize, column: usize, factor: v128): v128 {
  return f64x2.add(v128.load(base), f64x2.mul(factor, v128.load(column)));
}

function sumOfOne(base: usize, column: usize, factor: f64): f64 {
  return load<f64>(base) + factor * load<f64>(column);
}
