import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The user that servers run as: null is our own. PostgreSQL refuses to run as root. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

export function serviceUser(): ServiceUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error('Running as root, and neither a user postgres nor nobody exists to run the test servers as');
}

export function temporaryDirectory(name: string, user: ServiceUser | null): string {
  const directory = mkdtempSync(join(tmpdir(), `redfire-${name}-`));
  chmodSync(directory, 0o700);
  if (user) chownSync(directory, user.uid, user.gid);
  return directory;
}

/**
 * Ends the server whose pid stands in `pidFile` and removes the directory as soon as this process is gone, however it
 * went: the shell waits for its standard input, a pipe that the kernel closes. Returns a function that does it now.
 */
export function cleanUpAfterUs(
  directory: string,
  pidFile: string,
  user: ServiceUser | null,
  signal: 'QUIT' | 'KILL',
): () => Promise<void> {
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', directory, pidFile, signal], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...user,
  });
  guardian.unref();
  (guardian.stdin as unknown as { unref(): void }).unref();
  const gone = new Promise<void>((resolve) => guardian.once('exit', () => resolve()));
  return async () => {
    guardian.ref();
    guardian.stdin.end();
    await gone;
  };
}

// Only a process whose command line names the directory is ours: the pid may long belong to another.
const GUARDIAN = `
trap '' INT TERM HUP
read -r _
ours() { { tr '\\0' ' ' </proc/$1/cmdline || ps -o command= -p "$1"; } 2>/dev/null | grep -qF "$directory"; }
directory=$1
pid=$(head -n 1 "$2" 2>/dev/null)
if [ -n "$pid" ] && ours "$pid"; then
  kill -"$3" "$pid"
  n=0; while ours "$pid" && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
  ours "$pid" && kill -KILL "$pid"
fi
cd /
for n in 1 2 3; do rm -rf "$directory" && break; sleep 0.2; done
`;
