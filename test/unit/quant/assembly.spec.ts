import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

it('src/quant/assembly.ts is what assembly/ compiles to', () => {
  const script = fileURLToPath(new URL('../../../scripts/build-assembly.mjs', import.meta.url));
  execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
});
