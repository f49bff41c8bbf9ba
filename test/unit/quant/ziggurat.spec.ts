import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { BLOCK_PATHS, BlockRandom } from '../../../src/quant/random.js';
import { fillNormalRow } from '../../../src/quant/ziggurat.js';

const COUNT = 2 ** 21;
const normals = new Float64Array(COUNT);
for (let block = 0; block < COUNT / 4096; block++) {
  const random = new BlockRandom(20, block);
  for (let at = 0; at < 4096; at += BLOCK_PATHS) fillNormalRow(random, normals, 4096 * block + at);
}
const mean = (of: (z: number, i: number) => number) => normals.reduce((sum, z, i) => sum + of(z, i), 0) / COUNT;

describe('ziggurat normals', () => {
  it('have the moments 0, 1, 0 and 3', () => {
    // Four standard errors: √(1, 2, 15, 96 over n).
    const reach = (variance: number) => 4 * Math.sqrt(variance / COUNT);
    expect(Math.abs(mean((z) => z))).toBeLessThan(reach(1));
    expect(Math.abs(mean((z) => z * z) - 1)).toBeLessThan(reach(2));
    expect(Math.abs(mean((z) => z ** 3))).toBeLessThan(reach(15));
    expect(Math.abs(mean((z) => z ** 4) - 3)).toBeLessThan(reach(96));
  });

  it('have neighbours that are uncorrelated, themselves and squared', () => {
    expect(Math.abs(mean((z, i) => z * normals[(i + 1) % COUNT]!)) * Math.sqrt(COUNT)).toBeLessThan(4);
    const squares = mean((z, i) => (z * z - 1) * (normals[(i + 1) % COUNT]! ** 2 - 1));
    expect((Math.abs(squares) * Math.sqrt(COUNT)) / 2).toBeLessThan(4);
  });

  it('have a Kolmogorov-Smirnov distance to Φ within its 99.9 % bound', () => {
    const sorted = Float64Array.from(normals).sort();
    let distance = 0;
    for (let i = 0; i < COUNT; i++) {
      const cdf = normalCdf(sorted[i]!, 0, 1);
      distance = Math.max(distance, cdf - i / COUNT, (i + 1) / COUNT - cdf);
    }
    expect(distance * Math.sqrt(COUNT)).toBeLessThan(1.949); // Kolmogorov's distribution
  });

  // 3.6541528853610088 is where the tail has its own method.
  it.each([-4.5, -3.6541528853610088, -3, -2.3263478740408408, -1.6448536269514722, -0.5])(
    'fall below %d as often as Φ says, on both sides',
    (bound) => {
      const p = normalCdf(bound, 0, 1);
      const reach = 4 * Math.sqrt(p * (1 - p) * COUNT);
      const [below, above] = [normals.filter((z) => z < bound).length, normals.filter((z) => z > -bound).length];
      expect(Math.abs(below - p * COUNT)).toBeLessThan(reach);
      expect(Math.abs(above - p * COUNT)).toBeLessThan(reach);
    },
  );
});
