import { QuantError } from './errors.js';

/** Paths that share one random stream: results are the same however blocks are spread over threads. */
export const BLOCK_PATHS = 128;

const TWO_POW_MINUS_32 = 2 ** -32;

/** A 64-bit word as two unsigned halves. */
interface Word {
  readonly high: number;
  readonly low: number;
}

const GOLDEN_GAMMA: Word = { high: 0x9e3779b9, low: 0x7f4a7c15 };
/** Where the counter of blocks is mixed from, so that block b and seed s never meet as block s and seed b. */
const STREAM_GAMMA: Word = { high: 0xd1342543, low: 0xde82ef95 };

export function requireSeed(seed: number): void {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new QuantError('invalid_argument', `seed must be a whole number from 0 to 2^53 − 1, got ${seed}`);
  }
}

/** Low 64 bits of a product, from 32-bit halves. */
function multiply(a: Word, b: Word): Word {
  const [a0, a1] = [a.low & 0xffff, a.low >>> 16];
  const [b0, b1] = [b.low & 0xffff, b.low >>> 16];
  const p00 = a0 * b0;
  const p01 = a0 * b1;
  const p10 = a1 * b0;
  const middle = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff);
  const low = ((middle << 16) | (p00 & 0xffff)) >>> 0;
  const carry = (middle >>> 16) + (p01 >>> 16) + (p10 >>> 16) + a1 * b1;
  const high = (carry + Math.imul(a.high, b.low) + Math.imul(a.low, b.high)) >>> 0;
  return { high, low };
}

function add(a: Word, b: Word): Word {
  const low = a.low + b.low;
  return { high: (a.high + b.high + (low > 0xffffffff ? 1 : 0)) >>> 0, low: low >>> 0 };
}

function xorShiftRight(a: Word, shift: number): Word {
  return {
    high: (a.high ^ (a.high >>> shift)) >>> 0,
    low: (a.low ^ ((a.low >>> shift) | (a.high << (32 - shift)))) >>> 0,
  };
}

/** Finaliser of splitmix64: every input bit reaches every output bit. Source: Steele, Lea & Flood (2014). */
function mix(word: Word): Word {
  const first = multiply(xorShiftRight(word, 30), { high: 0xbf58476d, low: 0x1ce4e5b9 });
  return xorShiftRight(multiply(xorShiftRight(first, 27), { high: 0x94d049bb, low: 0x133111eb }), 31);
}

const wordOf = (value: number): Word => ({ high: Math.floor(value * TWO_POW_MINUS_32) >>> 0, low: value >>> 0 });

/**
 * Key of a counter under a seed. Seed and counter are mixed one after the other: counter and seed joined by a plain xor
 * or sum give neighbouring streams the same words, and tests of moments do not see it.
 */
function streamKey(seed: number, counter: number): Word {
  const seedKey = mix(add(wordOf(seed), GOLDEN_GAMMA));
  const counterKey = mix(multiply(add(wordOf(counter), { high: 0, low: 1 }), STREAM_GAMMA));
  return mix(add(multiply(seedKey, STREAM_GAMMA), counterKey));
}

/** Two well-mixed 32-bit words for a counter under a seed. */
export function hashedWords(seed: number, counter: number): readonly [number, number] {
  const { high, low } = mix(add(streamKey(seed, counter), GOLDEN_GAMMA));
  return [high, low];
}

/**
 * 32-bit words from xoshiro128++, one stream per (seed, block). Source: Blackman & Vigna (2021), seeded by splitmix64.
 */
export class BlockRandom {
  private readonly state = new Int32Array(4);
  private readonly word = new Int32Array(1);

  constructor(seed: number, block: number) {
    requireSeed(seed);
    const key = streamKey(seed, block);
    const first = mix(add(key, GOLDEN_GAMMA));
    const second = mix(add(key, add(GOLDEN_GAMMA, GOLDEN_GAMMA)));
    // All zero is the one state xoshiro cannot leave.
    this.state.set([first.low, first.high, second.low, second.high | 1]);
  }

  /** Fills `out` with the next words, signed. */
  fillWords(out: Int32Array): void {
    const state = this.state;
    let s0 = state[0]!;
    let s1 = state[1]!;
    let s2 = state[2]!;
    let s3 = state[3]!;
    for (let i = 0; i < out.length; i++) {
      const sum = (s0 + s3) | 0;
      out[i] = ((sum << 7) | (sum >>> 25)) + s0;
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
  }

  nextWord(): number {
    this.fillWords(this.word);
    return this.word[0]!;
  }

  /** Uniform in the open (0, 1): the unsigned word u gives (u + ½)·2⁻³². */
  nextUniform(): number {
    return ((this.nextWord() >>> 0) + 0.5) * TWO_POW_MINUS_32;
  }
}
