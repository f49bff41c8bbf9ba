import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Host, boot and pid namespace: only within the same realm does a pid mean anything. */
  readonly realm: string;
  /** Start time in kernel ticks; null where the system does not tell (macOS). */
  readonly startTime: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, realm: ownRealm(), startTime: processStat(process.pid)?.startTime ?? null };
}

/** Whether that very process still runs; 'unknown' for one of another host or container. */
export function liveness(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  // Pid 0 would ask about our own process group.
  if (identity.pid <= 0) return 'dead';
  if (identity.realm !== ownRealm()) return 'unknown';
  if (!pidExists(identity.pid)) return 'dead';
  const stat = processStat(identity.pid);
  if (!stat) return 'alive';
  // A killed process stays as a zombie until its parent reaps it: it runs nothing any more.
  if (stat.state === 'Z' || stat.state === 'X') return 'dead';
  return identity.startTime === null || identity.startTime === stat.startTime ? 'alive' : 'dead';
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function processStat(pid: number): { state: string; startTime: string } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name in parentheses may itself hold spaces and parentheses: count from the last one.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state && startTime ? { state, startTime } : undefined;
  } catch {
    return undefined;
  }
}

function ownRealm(): string {
  return [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '-';
  }
}
