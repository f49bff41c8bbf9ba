import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const NUMPY_VERSION = '2.4.6';
const venv = fileURLToPath(new URL('../.venv', import.meta.url));
const script = fileURLToPath(new URL('./numpy-peer.py', import.meta.url));

/** An array of doubles, row-major. */
export interface Shaped {
  readonly values: Float64Array;
  readonly shape: readonly number[];
}

export interface PeerWork {
  /** Function of numpy-peer.py. */
  readonly name: string;
  readonly data: Readonly<Record<string, Shaped>>;
}

export interface PeerRun {
  /** Milliseconds of one run, timed inside the peer. */
  readonly ms: number;
  readonly result: readonly number[];
}

export interface Peer {
  readonly version: string;
  run(work: PeerWork): Promise<PeerRun>;
  stop(): void;
}

/** numpy in a child process that lives as long as the benchmark; where there is none, the reason. */
export async function numpyPeer(sampleMs: number): Promise<Peer | { readonly missing: string }> {
  try {
    prepareVenv();
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split('\n')[0]! : String(error) };
  }
  // One thread on both sides: the rows are ratios of work, not of cores.
  const threads = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn(`${venv}/bin/python`, [script], {
    env: { ...process.env, ...threads },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const line = await lines.next();
    if (line.done) throw new Error('the numpy process ended');
    return JSON.parse(line.value) as PeerRun & { numpy: string };
  };
  const directory = mkdtempSync(join(tmpdir(), 'redfire-bench-'));
  const { numpy } = await read();
  return {
    version: numpy,
    async run({ name, data }) {
      const files = Object.entries(data).map(([key, { values, shape }]) => {
        const file = join(directory, `${name}-${key}.f64`);
        if (!existsSync(file)) writeFileSync(file, values);
        return [key, { file, shape }];
      });
      const request = { name, data: Object.fromEntries(files), seconds: sampleMs / 1e3 };
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return read();
    },
    stop() {
      child.stdin.end();
      rmSync(directory, { recursive: true });
    },
  };
}

function prepareVenv(): void {
  if (!existsSync(`${venv}/bin/python`)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
  const probe = `import numpy, sys; sys.exit(numpy.__version__ != '${NUMPY_VERSION}')`;
  try {
    execFileSync(`${venv}/bin/python`, ['-c', probe], { stdio: 'pipe' });
  } catch {
    execFileSync(`${venv}/bin/pip`, ['install', '--quiet', `numpy==${NUMPY_VERSION}`], { stdio: 'pipe' });
  }
}
