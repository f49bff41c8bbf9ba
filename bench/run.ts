import { loadavg } from 'node:os';
import { cacheRows } from './cache.js';
import { orderDoors } from './doors.js';
import { equalError } from './equal-error.js';
import { messagingRows } from './messaging.js';
import { orderDecisions } from './orders.js';
import { numpyPeer, type Peer } from './peer.js';
import { type BenchRow, quantRows } from './quant.js';
import { digits, print, spread } from './report.js';

const PAIRS = 15;
/** A sample repeats its kernel until it fills this time, on both sides. */
const SAMPLE_MS = 25;

function elapsedMs({ run }: BenchRow, repeat: number): number {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) run();
  return performance.now() - start;
}

/** Runs that fill a sample, counted on warm code. */
function repeatOf(row: BenchRow): number {
  let repeat = 1;
  for (let warm = 0; warm < 3; warm++) {
    while (elapsedMs(row, repeat) < SAMPLE_MS) repeat *= 2;
  }
  return repeat;
}

async function requireSameAnswer(row: BenchRow, peer: Peer): Promise<number> {
  const { result } = await peer.run(row.peer);
  const own = Array.from(row.run());
  const differences = own.map((value, i) => Math.abs(value - result[i]!) / Math.max(Math.abs(result[i]!), 1e-9));
  const largest = Math.max(...differences);
  if (!(own.length === result.length && largest <= row.tolerance)) {
    throw new Error(`${row.title}: the answers differ by ${largest}`);
  }
  return largest;
}

async function measure(row: BenchRow, peer: Peer | null): Promise<void> {
  const repeat = repeatOf(row);
  const difference = peer && (await requireSameAnswer(row, peer));
  const own: number[] = [];
  const other: number[] = [];
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const ownMs = elapsedMs(row, repeat) / repeat;
    own.push(ownMs);
    if (!peer) continue;
    const { ms } = await peer.run(row.peer);
    other.push(ms);
    ratios.push(ms / ownMs);
  }
  print(row.title);
  print(`  ours         ${spread(own)} ms`);
  if (!peer) return;
  print(`  numpy ${peer.version}  ${spread(other)} ms`);
  const bar = row.bar ? `, at least ${row.bar.atLeast}, aim ${row.bar.aim}` : '';
  print(`  ratio        ${spread(ratios)} ×${bar}; answers differ by ${digits(difference!)}`);
}

async function quant(): Promise<void> {
  const found = await numpyPeer(SAMPLE_MS);
  const peer = 'missing' in found ? null : found;
  if ('missing' in found) {
    print(`no numpy here, ours alone: ${found.missing}`);
    print(`median [min–max] of ${PAIRS} samples of at least ${SAMPLE_MS} ms; load ${loadavg()[0]!.toFixed(1)}\n`);
  } else {
    print(`ours on one thread | numpy ${found.version} on one thread (OPENBLAS, OMP and MKL_NUM_THREADS = 1)`);
    print(`median [min–max] of ${PAIRS} paired, alternating samples of at least ${SAMPLE_MS} ms; ratio = numpy ÷ ours`);
    print(
      `same data as float64, numpy's returns T × N in C order; answers compared; load ${loadavg()[0]!.toFixed(1)}\n`,
    );
  }
  try {
    for (const row of quantRows()) await measure(row, peer);
  } finally {
    peer?.stop();
  }
  const { plainErrorRatio, sobolErrorRatio, workRatio } = equalError();
  print('work for equal error, VaR99, 50 positions lognormal, 10,000 paths | plain Monte Carlo of ours');
  print(`  RMS error    plain ${digits(100 * plainErrorRatio)} %, Sobol ${digits(100 * sobolErrorRatio)} %`);
  print(`  ratio        ${digits(workRatio)} ×, at least 25, aim 100`);
}

async function orders(): Promise<void> {
  orderDecisions();
  await orderDoors();
}

/** `npm run bench -- messaging` runs one of them. */
const parts = { quant, messaging: messagingRows, orders, cache: cacheRows };
const wanted = process.argv[2];
if (wanted !== undefined && !(wanted in parts)) throw new Error(`expected ${Object.keys(parts).join(' or ')}`);
for (const [name, run] of Object.entries(parts)) if (wanted === undefined || wanted === name) await run();
