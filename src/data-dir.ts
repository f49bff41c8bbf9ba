import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.js';
import { makeFolder } from './make-folder.js';

/** Makes the folder where there is none and tries it. Throws {@link ConfigError} where nothing can be written there. */
export async function requireDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
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
