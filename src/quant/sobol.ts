import { QuantError } from './errors.js';
import { hashedWords } from './random.js';
import { SOBOL_DIMENSION_MAX, SOBOL_DIRECTIONS_BASE64 } from './sobol-directions.js';

/** Bits of a point, and so the longest sequence: 2³² points. */
const BITS = 32;

let table: Int32Array | undefined;

/**
 * Direction numbers, 32 per dimension, the first bit of the point being the *lowest* bit of the word: the hash below
 * scrambles from the lowest bit up, and only its result is turned round. Decoded once.
 */
function directions(): Int32Array {
  if (table) return table;
  const bytes = Uint8Array.from(atob(SOBOL_DIRECTIONS_BASE64), (character) => character.charCodeAt(0));
  const words = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < words.length; i++) words[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
  const decoded = new Int32Array(SOBOL_DIMENSION_MAX * BITS);
  for (let k = 0; k < BITS; k++) decoded[k] = 1 << k;
  let at = 0;
  for (let dimension = 1; dimension < SOBOL_DIMENSION_MAX; dimension++) {
    const polynomial = words[at++]!;
    const degree = 31 - Math.clz32(polynomial);
    const numbers = decoded.subarray(dimension * BITS, (dimension + 1) * BITS);
    for (let k = 0; k < degree; k++) numbers[k] = reverseBits(words[at++]! << (BITS - 1 - k));
    for (let k = degree; k < BITS; k++) {
      // Recurrence of Bratley & Fox (1988), algorithm 659, with the shifts mirrored.
      let value = numbers[k - degree]! ^ (numbers[k - degree]! << degree);
      for (let j = 1; j < degree; j++) if ((polynomial >>> (degree - j)) & 1) value ^= numbers[k - j]!;
      numbers[k] = value;
    }
  }
  table = decoded;
  return decoded;
}

export function reverseBits(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}

/** Unscrambled point as 32-bit fraction with its bits reversed, for one dimension counted from 0. */
export function sobolReversed(index: number, dimension: number): number {
  if (!(dimension >= 0 && dimension < SOBOL_DIMENSION_MAX)) {
    throw new QuantError('invalid_argument', `Sobol has ${SOBOL_DIMENSION_MAX} dimensions, asked for ${dimension}`);
  }
  const numbers = directions();
  let word = 0;
  for (let k = 0, rest = index; rest > 0; k++, rest >>>= 1) if (rest & 1) word ^= numbers[dimension * BITS + k]!;
  return word;
}

/**
 * Owen's nested uniform scramble of a bit-reversed point, by hash: every bit is flipped by a function of the bits before
 * it. The scrambled net keeps its strata, so smooth integrands gain Owen's rate. Chosen over a linear matrix scramble
 * because it needs no table per scramble and dimension. Source: Laine & Karras (2011), Burley (2020), constants of
 * Vegdahl (2021). Result: uniform in the open (0, 1).
 */
export function owenScrambled(reversed: number, seed: number): number {
  let x = reversed;
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return ((reverseBits(x) >>> 0) + 0.5) * 2 ** -32;
}

/** What point `index` of a scramble is in the first coordinate. */
export interface Stratum {
  readonly index: number;
  /** Points of the scramble. */
  readonly count: number;
  readonly scramble: number;
  readonly scrambleCount: number;
  /** Own to the scramble. */
  readonly seed: number;
  /** Common to all scrambles. */
  readonly sharedSeed: number;
}

/**
 * Uniform of stratum `index` of `count` equal ones, jittered by hash: the first coordinate of a Hammersley set. With a
 * known number of points it stratifies for any number of them, where the Sobol points themselves do so for powers of
 * two only (625 points: half the error in VaR99). Each scramble takes another part of the stratum, by a cyclic shift of
 * its own for each stratum: every scramble alone is a jittered set, all together are stratified as finely as they are
 * many. Were the parts drawn independently, they could meet, and the spread of the scrambles would understate the error.
 */
export function stratified({ index, count, scramble, scrambleCount, seed, sharedSeed }: Stratum): number {
  const shift = Math.floor(hashed(index, sharedSeed) * scrambleCount);
  const part = ((scramble + shift) % scrambleCount) + hashed(index, seed);
  return (index + part / scrambleCount) / count;
}

/** In the open (0, 1). Finaliser of MurmurHash3 (Appleby). */
function hashed(index: number, seed: number): number {
  let x = (Math.imul(index, 0x9e3779b1) + seed) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) * 2 ** -32 + 2 ** -33;
}

/** Counter space of the scrambles, far from that of the blocks of pseudo-random paths. */
const SCRAMBLE_COUNTER = 2 ** 40;

/** One 32-bit seed per scramble (rows) and dimension (columns), row-major. */
export function scrambleSeeds(seed: number, scrambleCount: number, dimensionCount: number): Int32Array {
  const seeds = new Int32Array(scrambleCount * dimensionCount);
  for (let r = 0; r < scrambleCount; r++) {
    for (let d = 0; d < dimensionCount; d++) {
      seeds[r * dimensionCount + d] = hashedWords(seed, SCRAMBLE_COUNTER + r * SOBOL_DIMENSION_MAX + d)[0];
    }
  }
  return seeds;
}
