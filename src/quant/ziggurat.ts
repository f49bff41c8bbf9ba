import { BLOCK_PATHS, type BlockRandom } from './random.js';

const LAYERS = 256;
/** Where the tail starts, and the area of every layer. Source: Marsaglia & Tsang (2000), 256 layers. */
const TAIL_START = 3.6541528853610088;
const LAYER_AREA = 0.00492867323399;

const density = (x: number) => Math.exp(-0.5 * x * x);

/** Right ends of the layers from the widest; the first is that of a rectangle as large as base layer and tail. */
const ends = new Float64Array(LAYERS + 1);
ends[0] = LAYER_AREA / density(TAIL_START);
ends[1] = TAIL_START;
for (let i = 1; i < LAYERS - 1; i++) {
  ends[i + 1] = Math.sqrt(-2 * Math.log(LAYER_AREA / ends[i]! + density(ends[i]!)));
}
const densities = ends.map(density);

/** A word gives eight bits to the layer and 24 to the place in it: steps of 4e-7, the price of one word a normal. */
const HALF_STEPS = 2 ** 23;
const stepWidths = ends.map((end) => end / HALF_STEPS);
/** Steps of a layer that lie wholly under the density. */
const sureSteps = Int32Array.from({ length: LAYERS }, (_, i) =>
  Math.floor((ends[i + 1]! / ends[i]!) * HALF_STEPS - 0.5),
);

const words = new Int32Array(BLOCK_PATHS);

/**
 * Standard normals by the ziggurat into `out[from, from + 128)`, one row of a block: 98.5 % of them cost a table look-up
 * and a multiplication. Layer and place come from different bits, so they are independent (Doornik 2005). Exact up to
 * the step width; the numbers depend on the stream of `random` and on nothing else.
 */
export function fillNormalRow(random: BlockRandom, out: Float64Array, from: number): void {
  random.fillWords(words);
  for (let i = 0; i < BLOCK_PATHS; i++) {
    const word = words[i]!;
    const layer = word & (LAYERS - 1);
    const step = word >> 8;
    // |step + ½| − ½ without a branch.
    const distance = step ^ (step >> 31);
    out[from + i] = distance < sureSteps[layer]! ? (step + 0.5) * stepWidths[layer]! : edgeNormal(random, word);
  }
}

/** The same for a word that may lie outside the density: wedge, tail, or another word. */
function edgeNormal(random: BlockRandom, firstWord: number): number {
  for (let word = firstWord; ; word = random.nextWord()) {
    const layer = word & (LAYERS - 1);
    const step = word >> 8;
    const z = (step + 0.5) * stepWidths[layer]!;
    if ((step ^ (step >> 31)) < sureSteps[layer]!) return z;
    if (layer === 0) return z < 0 ? -tailNormal(random) : tailNormal(random);
    const [low, high] = [densities[layer]!, densities[layer + 1]!];
    if (low + random.nextUniform() * (high - low) < density(z)) return z;
  }
}

/** A normal beyond the last layer. Source: Marsaglia (1964). */
function tailNormal(random: BlockRandom): number {
  for (;;) {
    const x = -Math.log(random.nextUniform()) / TAIL_START;
    const y = -Math.log(random.nextUniform());
    if (2 * y > x * x) return TAIL_START + x;
  }
}
