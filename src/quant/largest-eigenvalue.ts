import { dot } from './dot.js';

const STEPS_MAX = 200;
/** Steps in a row that must change the value by less than this share. */
const CALM_STEPS = 3;
const CALM_RATIO = 1e-9;

/**
 * Largest eigenvalue of a symmetric positive definite n × n operator, to about 7 digits, from as few applications as
 * possible: power iteration would need hundreds where eigenvalues lie close. Lanczos with full reorthogonalisation;
 * source: Golub & Van Loan (2013), Matrix Computations, §10.1 and §10.3.
 */
export function largestEigenvalue(n: number, apply: (vector: Float64Array) => Float64Array): number {
  // Irregular but fixed: it must not be orthogonal to the eigenvector looked for.
  const start = Float64Array.from({ length: n }, (_, i) => 1 + Math.sin(i * i + i + 1));
  const basis = [scaled(start, 1 / Math.sqrt(dot(start, 0, start, 0, n)))];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let value = 0;
  for (let step = 0, calm = 0; step < Math.min(n, STEPS_MAX) && calm < CALM_STEPS; step++) {
    const image = Float64Array.from(apply(basis[step]!));
    diagonal.push(dot(image, 0, basis[step]!, 0, n));
    for (const earlier of basis) subtract(image, dot(image, 0, earlier, 0, n), earlier);
    const previous = value;
    value = largestOfTridiagonal(diagonal, offDiagonal);
    calm = value - previous <= CALM_RATIO * value ? calm + 1 : 0;
    const norm = Math.sqrt(dot(image, 0, image, 0, n));
    // Nothing is left outside the space spanned so far: the value is exact.
    if (norm <= 1e-13 * value) break;
    offDiagonal.push(norm);
    basis.push(scaled(image, 1 / norm));
  }
  return value;
}

const scaled = (vector: Float64Array, factor: number) => vector.map((x) => x * factor);

function subtract(from: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i] = from[i]! - factor * vector[i]!;
}

/** Bisection on the signs of the pivots of T − λI: they are all negative above the largest eigenvalue. */
function largestOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  let low = Math.max(...diagonal);
  let high = low;
  diagonal.forEach((entry, i) => {
    high = Math.max(high, entry + (offDiagonal[i - 1] ?? 0) + (offDiagonal[i] ?? 0));
  });
  const isAbove = (lambda: number) => {
    let pivot = -1;
    for (let i = 0; i < diagonal.length; i++) {
      const off = i === 0 ? 0 : offDiagonal[i - 1]!;
      pivot = diagonal[i]! - lambda - (off * off) / pivot;
      if (!(pivot < 0)) return false;
    }
    return true;
  };
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
  return high;
}
