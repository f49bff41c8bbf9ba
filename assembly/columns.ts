/**
 * Adds weight·column to `out` for every column, in the order of the columns: each element has the same bits as in a
 * plain loop over them. Four columns a pass, so that `out` is read and written a quarter as often.
 */
export function addWeighted(columns: usize, weights: usize, size: i32, out: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= size; i += 4) addFour(columns + (i << 2), weights + (i << 3), out, count);
  for (; i < size; i++) addOne(load<usize>(columns + (i << 2)), load<f64>(weights + (i << 3)), out, count);
}

function addFour(columns: usize, weights: usize, out: usize, count: i32): void {
  const a = load<usize>(columns);
  const b = load<usize>(columns, 4);
  const c = load<usize>(columns, 8);
  const d = load<usize>(columns, 12);
  const wa = v128.load_splat<f64>(weights);
  const wb = v128.load_splat<f64>(weights, 8);
  const wc = v128.load_splat<f64>(weights, 16);
  const wd = v128.load_splat<f64>(weights, 24);
  const bytes: usize = count << 3;
  const pairs = bytes & ~15;
  for (let t: usize = 0; t < pairs; t += 16) {
    let sum = v128.load(out + t);
    sum = f64x2.add(sum, f64x2.mul(wa, v128.load(a + t)));
    sum = f64x2.add(sum, f64x2.mul(wb, v128.load(b + t)));
    sum = f64x2.add(sum, f64x2.mul(wc, v128.load(c + t)));
    sum = f64x2.add(sum, f64x2.mul(wd, v128.load(d + t)));
    v128.store(out + t, sum);
  }
  if (pairs === bytes) return;
  let sum = load<f64>(out + pairs);
  sum += f64x2.extract_lane(wa, 0) * load<f64>(a + pairs);
  sum += f64x2.extract_lane(wb, 0) * load<f64>(b + pairs);
  sum += f64x2.extract_lane(wc, 0) * load<f64>(c + pairs);
  sum += f64x2.extract_lane(wd, 0) * load<f64>(d + pairs);
  store<f64>(out + pairs, sum);
}

function addOne(column: usize, weight: f64, out: usize, count: i32): void {
  const bytes: usize = count << 3;
  const pairs = bytes & ~15;
  const splat = f64x2.splat(weight);
  for (let t: usize = 0; t < pairs; t += 16) {
    v128.store(out + t, f64x2.add(v128.load(out + t), f64x2.mul(splat, v128.load(column + t))));
  }
  if (pairs < bytes) store<f64>(out + pairs, load<f64>(out + pairs) + weight * load<f64>(column + pairs));
}

/**
 * products[i] = Σ_t column(t)·series(t), in the four sums of `dot` in src/quant/dot.ts and so to the same bits. Four
 * columns a pass: their eight chains of additions overlap, and the series is read a quarter as often.
 */
export function project(columns: usize, size: i32, series: usize, count: i32, products: usize): void {
  let i = 0;
  for (; i + 4 <= size; i += 4) projectFour(columns + (i << 2), series, count, products + (i << 3));
  for (; i < size; i++) projectOne(load<usize>(columns + (i << 2)), series, count, products + (i << 3));
}

function projectFour(columns: usize, series: usize, count: i32, products: usize): void {
  const a = load<usize>(columns);
  const b = load<usize>(columns, 4);
  const c = load<usize>(columns, 8);
  const d = load<usize>(columns, 12);
  let a01 = f64x2.splat(0);
  let a23 = f64x2.splat(0);
  let b01 = f64x2.splat(0);
  let b23 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c23 = f64x2.splat(0);
  let d01 = f64x2.splat(0);
  let d23 = f64x2.splat(0);
  const fours: usize = (count << 3) & ~31;
  for (let t: usize = 0; t < fours; t += 32) {
    const s01 = v128.load(series + t);
    const s23 = v128.load(series + t, 16);
    a01 = f64x2.add(a01, f64x2.mul(v128.load(a + t), s01));
    a23 = f64x2.add(a23, f64x2.mul(v128.load(a + t, 16), s23));
    b01 = f64x2.add(b01, f64x2.mul(v128.load(b + t), s01));
    b23 = f64x2.add(b23, f64x2.mul(v128.load(b + t, 16), s23));
    c01 = f64x2.add(c01, f64x2.mul(v128.load(c + t), s01));
    c23 = f64x2.add(c23, f64x2.mul(v128.load(c + t, 16), s23));
    d01 = f64x2.add(d01, f64x2.mul(v128.load(d + t), s01));
    d23 = f64x2.add(d23, f64x2.mul(v128.load(d + t, 16), s23));
  }
  store<f64>(products, closed(a01, a23, a, series, fours, count));
  store<f64>(products, closed(b01, b23, b, series, fours, count), 8);
  store<f64>(products, closed(c01, c23, c, series, fours, count), 16);
  store<f64>(products, closed(d01, d23, d, series, fours, count), 24);
}

function projectOne(column: usize, series: usize, count: i32, products: usize): void {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  const fours: usize = (count << 3) & ~31;
  for (let t: usize = 0; t < fours; t += 32) {
    s01 = f64x2.add(s01, f64x2.mul(v128.load(column + t), v128.load(series + t)));
    s23 = f64x2.add(s23, f64x2.mul(v128.load(column + t, 16), v128.load(series + t, 16)));
  }
  store<f64>(products, closed(s01, s23, column, series, fours, count));
}

/** The last up to three products go into the first sum; then the four sums become one. */
function closed(s01: v128, s23: v128, column: usize, series: usize, from: usize, count: i32): f64 {
  let s0 = f64x2.extract_lane(s01, 0);
  const end: usize = count << 3;
  for (let t = from; t < end; t += 8) s0 += load<f64>(column + t) * load<f64>(series + t);
  return s0 + f64x2.extract_lane(s01, 1) + (f64x2.extract_lane(s23, 0) + f64x2.extract_lane(s23, 1));
}
