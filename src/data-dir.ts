import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from './config.js';

/** Makes the folder where there is none and tries it. Throws {@link ConfigError} where nothing can be written there. */
export function requireDataDir(dataDir: string): void {
  try {
    // Tried before, because Node never returns from making a folder in /proc.
    tryFolder(existingParent(resolve(dataDir)));
    // Private, because the embedded database and uploads are.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    tryFolder(dataDir);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `DATA_DIR: got ${JSON.stringify(dataDir)}, expected a folder that the service can write to (${reason})`,
    ]);
  }
}

/** Permission bits do not tell of read-only file systems, and mean nothing to root. */
function tryFolder(folder: string): void {
  rmdirSync(mkdtempSync(join(folder, '.try-')));
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path));
}
