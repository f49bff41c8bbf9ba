import { BLOCK_PATHS, BlockRandom } from '../../../src/quant/random.js';
import { owenScrambled, scrambleSeeds, sobolReversed } from '../../../src/quant/sobol.js';

const words = (seed: number, block: number, count: number) => {
  const random = new BlockRandom(seed, block);
  return Float64Array.from({ length: count }, () => random.nextUniform());
};

describe('BlockRandom', () => {
  it('goes on where it stopped, so a stream does not depend on how it is read', () => {
    const random = new BlockRandom(3, 5);
    const [first, rest] = [new Int32Array(100), new Int32Array(200)];
    random.fillWords(first);
    random.fillWords(rest);
    const uniforms = [...first, ...rest].map((word) => ((word >>> 0) + 0.5) / 2 ** 32);
    expect(Float64Array.from(uniforms)).toEqual(words(3, 5, 300));
  });

  it('repeats no lane between blocks or neighbouring seeds', () => {
    // A seed xor-ed with the block gives block 1 of seed 2 the numbers of block 2 of seed 1. Here 128 streams of 64
    // numbers: of 8,192 32-bit words about 8192²/2³³ = 0.008 are expected to be equal by chance.
    const seen = new Set<number>();
    for (let seed = 0; seed < 8; seed++) {
      for (let block = 0; block < 16; block++) for (const uniform of words(seed, block, 64)) seen.add(uniform);
    }
    expect(seen.size).toBeGreaterThanOrEqual(8 * 16 * 64 - 1);
  });

  it('lies in the open unit interval with mean ½ and variance 1/12', () => {
    const uniforms = words(11, 0, 100_000);
    let [sum, squares] = [0, 0];
    for (const u of uniforms) {
      if (!(u > 0 && u < 1)) throw new Error(`out of (0, 1): ${u}`);
      sum += u;
      squares += (u - 0.5) ** 2;
    }
    expect(Math.abs(sum / 1e5 - 0.5)).toBeLessThan(0.004); // 4 · √(1/12/1e5) = 0.0037
    expect(Math.abs(squares / 1e5 - 1 / 12)).toBeLessThan(0.001);
  });

  it('has uncorrelated neighbouring blocks', () => {
    let sum = 0;
    const count = 400;
    for (let block = 0; block < count; block++) {
      const [a, b] = [words(1, block, BLOCK_PATHS), words(1, block + 1, BLOCK_PATHS)];
      for (let i = 0; i < BLOCK_PATHS; i++) sum += (a[i]! - 0.5) * (b[i]! - 0.5) * 12;
    }
    expect(Math.abs(sum / Math.sqrt(count * BLOCK_PATHS))).toBeLessThan(4);
  });

  it('refuses a seed that is not a whole number', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => new BlockRandom(seed, 0)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});

describe('scrambled Sobol', () => {
  it('keeps one point of 256 in each 256th of every dimension', () => {
    const seeds = scrambleSeeds(7, 4, 40);
    for (let d = 0; d < 40; d++) {
      const strata = new Set<number>();
      for (let i = 0; i < 256; i++)
        strata.add(Math.floor(256 * owenScrambled(sobolReversed(i, d), seeds[3 * 40 + d]!)));
      expect(strata.size).toBe(256);
    }
  });

  it('keeps one point of 256 in each 16 × 16 cell of the first two dimensions', () => {
    const [one, two] = scrambleSeeds(9, 1, 2);
    const cells = new Set<number>();
    for (let i = 0; i < 256; i++) {
      const row = Math.floor(16 * owenScrambled(sobolReversed(i, 0), one!));
      cells.add(16 * row + Math.floor(16 * owenScrambled(sobolReversed(i, 1), two!)));
    }
    expect(cells.size).toBe(256);
  });

  it('moves every point uniformly over the scramblings', () => {
    const seeds = scrambleSeeds(1, 4000, 1);
    const mean = seeds.reduce((sum, seed) => sum + owenScrambled(sobolReversed(5, 0), seed), 0) / 4000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0183); // 4 · √(1/12/4000)
  });

  it('has no dimension 1,001', () => {
    expect(() => sobolReversed(1, 1001)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
