import { equalError } from './equal-error.js';
import { numpyPeer, type Peer } from './peer.js';
import { type BenchRow, quantRows } from './quant.js';

/** Keeps results alive, so that no run is optimised away. */
let sink: unknown;

function ownMs({ run, repeat }: BenchRow): number {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) sink = run();
  return (performance.now() - start) / repeat;
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const digits = (value: number) => Number(value.toPrecision(3)).toString();

function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${digits(median)} [${digits(sorted[0]!)}–${digits(sorted.at(-1)!)}]`;
}

async function measure(row: BenchRow, peer: Peer | null): Promise<void> {
  ownMs(row);
  if (peer) await peer.run(row.peer, row.peerRepeat);
  const [own, other, ratios]: number[][] = [[], [], []];
  for (let pair = 0; pair < row.pairs; pair++) {
    own!.push(ownMs(row));
    if (!peer) continue;
    other!.push(await peer.run(row.peer, row.peerRepeat));
    ratios!.push(other!.at(-1)! / own!.at(-1)!);
  }
  print(row.title);
  print(`  ours ${spread(own!)} ms`);
  if (peer) {
    print(`  numpy ${spread(other!)} ms`);
    print(`  ratio ${spread(ratios!)} ×, at least ${row.atLeast}, aim ${row.aim}`);
  }
}

const found = await numpyPeer();
const peer = 'missing' in found ? null : found;
print(
  peer ? `numpy ${peer.version}, one thread` : `no numpy here (${'missing' in found && found.missing}): ours alone`,
);
print('median [min–max] of paired, alternating runs; ratio = numpy ÷ ours\n');
try {
  for (const row of quantRows()) await measure(row, peer);
} finally {
  peer?.stop();
}
const { plainErrorRatio, sobolErrorRatio, workRatio } = equalError();
print('work for equal error, VaR99, 50 positions lognormal, 10,000 paths (plain Monte Carlo)');
print(`  RMS error plain ${digits(100 * plainErrorRatio)} %, Sobol ${digits(100 * sobolErrorRatio)} %`);
print(`  ratio ${digits(workRatio)} ×, at least 25, aim 100`);
if (sink === undefined) print('nothing ran');
