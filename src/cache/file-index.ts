import type { Dir } from 'node:fs';
import { opendir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Files of a write that was cut off are older than that. */
const DRAFT_MS_MAX = 60_000;
const LOOKED_AT_ONCE = 200;
/** Down to this share of a limit, so that not every write has to make room. */
const KEPT_SHARE = 0.9;

export const DRAFT_SUFFIX = '.tmp';
export const REMOVED_PREFIX = '.removed-';

export interface FileLimits {
  readonly filesMax: number;
  readonly bytesMax: number;
  /** Longest life of a file. */
  readonly ttlMsMax: number;
}

/** Which files there are, the oldest first, and which of them have to go. Another process may change them too. */
export class FileIndex {
  evictions = 0;
  private readonly files = new Map<string, { readonly bytes: number; readonly writtenMs: number }>();
  private bytes = 0;

  constructor(private readonly limits: FileLimits) {}

  get size(): { entries: number; bytes: number } {
    return { entries: this.files.size, bytes: this.bytes };
  }

  add(path: string, bytes: number, writtenMs: number): void {
    this.drop(path);
    this.files.set(path, { bytes, writtenMs });
    this.bytes += bytes;
  }

  drop(path: string): void {
    this.bytes -= this.files.get(path)?.bytes ?? 0;
    this.files.delete(path);
  }

  dropBelow(folder: string): void {
    for (const path of [...this.files.keys()]) if (path.startsWith(`${folder}/`)) this.drop(path);
  }

  /** The files that have to go for the limits to hold. */
  excess(nowMs: number): string[] {
    const { filesMax, bytesMax, ttlMsMax } = this.limits;
    const full = this.files.size > filesMax || this.bytes > bytesMax;
    let [entries, bytes] = [this.files.size, this.bytes];
    const excess: string[] = [];
    for (const [path, file] of this.files) {
      const hasRoom = !full || (entries <= filesMax * KEPT_SHARE && bytes <= bytesMax * KEPT_SHARE);
      const isExpired = nowMs - file.writtenMs > ttlMsMax;
      if (hasRoom && !isExpired) break;
      excess.push(path);
      entries--;
      bytes -= file.bytes;
    }
    return excess;
  }

  /** Unlinks what has to go. */
  async evict(nowMs: number): Promise<void> {
    for (const path of this.excess(nowMs)) {
      this.drop(path);
      this.evictions++;
      await unlink(path).catch(ifGone);
    }
  }

  /** Looks at every file of the folder, in slices; removes what crashes left. */
  async scan(dir: string, nowMs: number): Promise<void> {
    const found: { path: string; bytes: number; writtenMs: number }[] = [];
    let looked = 0;
    for await (const path of filesBelow(dir)) {
      if (++looked % LOOKED_AT_ONCE === 0) await nextTurn();
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: nowMs }));
      if (!path.endsWith(DRAFT_SUFFIX)) found.push({ path, bytes: size, writtenMs: mtimeMs });
      else if (nowMs - mtimeMs > DRAFT_MS_MAX) await unlink(path).catch(ifGone);
    }
    const known = new Set(found.map(({ path }) => path));
    for (const [path, { writtenMs }] of [...this.files]) {
      if (!known.has(path) && writtenMs < nowMs) this.drop(path);
    }
    // The oldest first, which is the order of eviction; what was written meanwhile stays behind them.
    const newer = [...this.files].filter(([path]) => !known.has(path));
    this.files.clear();
    this.bytes = 0;
    for (const { path, bytes, writtenMs } of found.sort((a, b) => a.writtenMs - b.writtenMs)) {
      this.add(path, bytes, writtenMs);
    }
    for (const [path, { bytes, writtenMs }] of newer) this.add(path, bytes, writtenMs);
    await this.evict(nowMs);
  }
}

async function* filesBelow(dir: string): AsyncGenerator<string> {
  let folder: Dir;
  try {
    folder = await opendir(dir);
  } catch (error) {
    return ifGone(error as NodeJS.ErrnoException);
  }
  for await (const item of folder) {
    const path = join(dir, item.name);
    // A namespace that was deleted, and the process went before its files did.
    if (item.isDirectory() && item.name.startsWith(REMOVED_PREFIX)) await rm(path, { recursive: true, force: true });
    else if (item.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

export function ifGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
