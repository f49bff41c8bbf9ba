/**
 * Makes the template of the embedded database, a packed fresh data directory: initdb takes ten seconds in WebAssembly,
 * unpacking one or two. Made once per PGlite version, kept below node_modules/.cache; `--to <file>` copies it into a build.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { templateCachePath } from '../src/database/embedded/template.js';

/** Returns the path of the template, making it first where it is missing. */
export async function ensureDatabaseTemplate(): Promise<string> {
  const path = templateCachePath();
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const directory = mkdtempSync(join(dirname(path), 'making-'));
  try {
    const database = await PGlite.create(join(directory, 'pgdata'));
    const packed = await database.dumpDataDir('gzip');
    await database.close();
    writeFileSync(join(directory, 'packed'), Buffer.from(await packed.arrayBuffer()));
    renameSync(join(directory, 'packed'), path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { to } = parseArgs({ options: { to: { type: 'string' } } }).values;
  const path = await ensureDatabaseTemplate();
  if (to) {
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(path, to);
  }
}
