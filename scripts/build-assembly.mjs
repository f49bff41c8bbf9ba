/**
 * Compiles assembly/ (AssemblyScript) and writes the WebAssembly as text into src/quant/assembly.ts, so that tests,
 * benchmarks and the built service load the same bytes without a step of their own. `--check` compares instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const target = fileURLToPath(new URL('../src/quant/assembly.ts', import.meta.url));
const baseDir = fileURLToPath(new URL('../assembly', import.meta.url));

const OPTIONS = ['--enable', 'simd', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory'];
const SHARED = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];

async function compiled(source, options) {
  let bytes;
  const { error, stderr } = await asc.main([source, '--baseDir', baseDir, '-o', 'out.wasm', ...OPTIONS, ...options], {
    writeFile(_name, contents) {
      bytes = contents;
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,110}/g);
  return `[\n${lines.map((line) => `  '${line}',`).join('\n')}\n].join('')`;
}

const text = `/** Compiled from assembly/ by \`npm run assembly\`: WebAssembly as base64. Not to be edited. */
export const COLUMN_KERNELS = ${await compiled('columns.ts', SHARED)};

export const TAIL_KERNEL = ${await compiled('tail.ts', [])};
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  throw new Error('src/quant/assembly.ts is not what assembly/ compiles to: run `npm run assembly`');
}
