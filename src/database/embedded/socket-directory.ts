import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name `pg` looks for in the directory that it is given as host. */
const SOCKET_NAME = '.s.PGSQL.5432';
/** The kernel takes 107 bytes on Linux and 103 on macOS, and cuts or refuses longer paths. */
const PATH_BYTES_MAX = 100;

export interface SocketDirectory {
  readonly directory: string;
  readonly socketPath: string;
  remove(): void;
}

/** The data directory itself, or a private temporary one (mkdtemp: mode 0700) where its path is too long for a socket. */
export function socketDirectory(dataDirectory: string): SocketDirectory {
  const isShort = Buffer.byteLength(join(dataDirectory, SOCKET_NAME)) <= PATH_BYTES_MAX;
  const directory = isShort ? dataDirectory : mkdtempSync(join(tmpdir(), 'redfire-db-'));
  const socketPath = join(directory, SOCKET_NAME);
  return {
    directory,
    socketPath,
    // A socket in the data directory goes with its server; removing it here could hit the one of another process.
    remove: () => {
      if (!isShort) rmSync(directory, { recursive: true, force: true });
    },
  };
}
