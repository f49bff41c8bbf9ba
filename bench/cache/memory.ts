import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { print } from '../report.js';

/** What 1,000,000 operations leave in memory, in a process of its own. */
export async function memoryWithin(): Promise<void> {
  print('memory after 1,000,000 gets and sets of distinct keys, limit 100 MB');
  for (const kind of ['replies', 'texts', 'numbers', 'rows'] as const) {
    const child = fork(fileURLToPath(new URL('memory-process.ts', import.meta.url)), [kind], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
    });
    const [{ entries, counted, taken }] = (await once(child, 'message')) as [Record<string, number>];
    const shown = `${entries} entries counted as ${counted} MB take ${taken} MB`;
    print(`  ${kind.padEnd(12)} ${shown}; ratio ${(taken! / counted!).toFixed(2)}, 0.8 to 1.2`);
  }
}
