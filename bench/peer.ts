import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const NUMPY_VERSION = '2.4.6';
const venv = fileURLToPath(new URL('../.venv', import.meta.url));
const script = fileURLToPath(new URL('./numpy-peer.py', import.meta.url));

export interface Peer {
  readonly version: string;
  /** Milliseconds of one run of the named work, averaged over `repeat`. */
  run(name: string, repeat: number): Promise<number>;
  stop(): void;
}

/** numpy in a child process that lives as long as the benchmark; null, with the reason, where there is none. */
export async function numpyPeer(): Promise<Peer | { readonly missing: string }> {
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
    return JSON.parse(line.value) as { ms: number; numpy: string };
  };
  const { numpy } = await read();
  return {
    version: numpy,
    async run(name, repeat) {
      child.stdin.write(`${JSON.stringify({ name, repeat })}\n`);
      return (await read()).ms;
    },
    stop: () => child.stdin.end(),
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
