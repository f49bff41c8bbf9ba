import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for programs of all ages. */
const TICK_US = 10_000;

/** CPU time of a process and its children so far, in microseconds; not a number where there is no /proc. */
export function cpuOf(pid: number): number {
  let total = 0;
  try {
    for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) total += ownOrChild(name, pid);
  } catch {
    return Number.NaN;
  }
  return total * TICK_US;
}

function ownOrChild(name: string, pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    // It has just ended.
    return 0;
  }
  // Behind the name of the program, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (from: number) => Number(fields[from]) + Number(fields[from + 1]);
  // What has ended is counted where it was waited for.
  if (Number(name) === pid) return ticks(11) + ticks(13);
  return Number(fields[1]) === pid ? ticks(11) : 0;
}
