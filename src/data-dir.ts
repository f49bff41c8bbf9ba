import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.js';

/** Makes the folder where there is none and tries it. Throws {@link ConfigError} where nothing can be written there. */
export function requireDataDir(dataDir: string): void {
  try {
    // Private, because the embedded database and uploads are.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Permission bits do not tell of read-only file systems, and mean nothing to root.
    rmdirSync(mkdtempSync(join(dataDir, '.try-')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `DATA_DIR: got ${JSON.stringify(dataDir)}, expected a folder that the service can write to (${reason})`,
    ]);
  }
}
