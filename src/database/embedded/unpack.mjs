// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/**
 * Unpacks the .tar.gz that PGlite's dumpDataDir made: plain files and directories with short names. PGlite can load it
 * by itself, but boots one time more for it and writes through its emulated file system, which takes twice as long.
 * @param {string} archivePath
 * @param {string} directory
 */
export function unpack(archivePath, directory) {
  const archive = gunzipSync(readFileSync(archivePath));
  /** @param {number} start @param {number} length */
  const text = (start, length) => archive.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (let header = 0; header + BLOCK <= archive.length && archive[header] !== 0; ) {
    const path = join(directory, text(header + 345, 155), text(header, 100));
    const size = Number.parseInt(text(header + 124, 12), 8);
    const content = header + BLOCK;
    if (content + size > archive.length) throw new Error(`${archivePath} is cut short: make it again by npm run build`);
    if (text(header + 156, 1) === '5') {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, archive.subarray(content, content + size), { mode: 0o600 });
    }
    header = content + Math.ceil(size / BLOCK) * BLOCK;
  }
}
