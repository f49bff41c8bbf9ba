import { readFileSync } from 'node:fs';

/** A killed child of ours stays as a zombie until Node reaps it; it no longer runs. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}
