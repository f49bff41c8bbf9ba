import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolder } from '../make-folder.js';
import { DRAFT_SUFFIX, FileIndex, type FileLimits, ifGone, REMOVED_PREFIX } from './file-index.js';
import { StoreFullError, type TextStore } from './level.js';
import { namespaceOf } from './namespaces.js';

/** First line of every file; another version is another name. */
const HEADER = /^redfire-cache 1 ([0-9a-f]{8}) (\d{1,16})\n/;
/** Writes that wait, beyond which new ones are refused. */
const WAITING_MAX = 500;
const WAITING_LENGTH_MAX = 32_000_000;
const WRITTEN_AT_ONCE = 2;
const SWEEP_EVERY_MS = 300_000;

export interface FileStoreOptions extends FileLimits {
  readonly dir: string;
  readonly now: () => number;
}

interface Write {
  readonly key: string;
  readonly text: string;
  readonly expiresMs: number;
  readonly done: (error?: unknown) => void;
}

/**
 * Level 3: texts in files that survive the process. A file is written beside its place and renamed, and holds its key and
 * a checksum over everything, so that what a crash, a disk or somebody else made of it is a miss. Writes wait in memory
 * until their turn, and are read from there meanwhile.
 */
export class FileStore implements TextStore {
  /** Files that were not what they should be. */
  damaged = 0;
  private readonly index: FileIndex;
  private readonly waiting = new Map<string, Write>();
  private waitingLength = 0;
  /** What is being done to the file of a key: one thing after the other. */
  private readonly busy = new Map<string, Promise<unknown>>();
  private writing = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: FileStoreOptions) {
    this.index = new FileIndex(options);
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), SWEEP_EVERY_MS);
    this.timer.unref();
  }

  get size(): { entries: number; bytes: number } {
    return this.index.size;
  }

  get evictions(): number {
    return this.index.evictions;
  }

  /** Finds what earlier processes left, and what others wrote meanwhile. */
  async sweep(): Promise<void> {
    await this.index.scan(this.options.dir, this.options.now());
  }

  async get<T>(key: string): Promise<T | undefined> {
    const waiting = this.waiting.get(key);
    if (waiting) return waiting.text as T;
    const path = this.pathOf(key);
    let content: string;
    try {
      content = await readFile(path, 'utf8');
    } catch (error) {
      return ifGone(error as NodeJS.ErrnoException) as undefined;
    }
    const text = this.textOf(key, content);
    if (text === undefined) void this.remove(key).catch(() => undefined);
    return text as T | undefined;
  }

  /** Settles when the file is written, overtaken by a later one of the same key, or not to be written. */
  set<T>(key: string, text: T, ttlMs = this.options.ttlMsMax): Promise<void> {
    const { waiting } = this;
    const length = String(text).length;
    if (waiting.size >= WAITING_MAX || this.waitingLength + length > WAITING_LENGTH_MAX) {
      // What is there is older than what was to be written.
      this.takeBack(key);
      return this.remove(key).then(() => {
        throw new StoreFullError('more files wait to be written than the disk takes');
      });
    }
    this.takeBack(key);
    this.waitingLength += length;
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => (error === undefined ? resolve() : reject(error as Error));
      waiting.set(key, { key, text: String(text), expiresMs: this.options.now() + ttlMs, done });
      this.writeNext();
    });
  }

  async del(key: string): Promise<void> {
    this.takeBack(key);
    await this.remove(key);
  }

  async mget(...keys: string[]): Promise<unknown[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async mset(texts: [string, unknown][], ttlMs?: number): Promise<void> {
    await Promise.all(texts.map(([key, text]) => this.set(key, text, ttlMs)));
  }

  async mdel(...keys: string[]): Promise<void> {
    for (const key of keys) await this.del(key);
  }

  async ttl(key: string): Promise<number> {
    const content = await readFile(this.pathOf(key), 'utf8').catch(ifGone);
    return Math.max(-2, Number(HEADER.exec(content ?? '')?.[2] ?? 0) - this.options.now());
  }

  /** At once by its name, then file by file. */
  async deleteNamespace(namespace: string): Promise<void> {
    for (const key of [...this.waiting.keys()]) if (namespaceOf(key) === namespace) this.takeBack(key);
    await Promise.allSettled([...this.busy].flatMap(([key, done]) => (namespaceOf(key) === namespace ? [done] : [])));
    const folder = join(this.options.dir, namespace);
    const removed = join(this.options.dir, `${REMOVED_PREFIX}${randomBytes(6).toString('hex')}`);
    await rename(folder, removed).catch(ifGone);
    this.index.dropBelow(folder);
    await rm(removed, { recursive: true, force: true });
  }

  async reset(): Promise<void> {
    for (const key of [...this.waiting.keys()]) this.takeBack(key);
    await rm(this.options.dir, { recursive: true, force: true });
    this.index.dropBelow(this.options.dir);
  }

  async keys(): Promise<string[]> {
    throw new Error('the cache never lists the keys of its files: they stand inside');
  }

  /** Throws where nothing can be written, read and removed. */
  async check(): Promise<void> {
    const { dir } = this.options;
    const path = join(dir, `.check-${randomBytes(6).toString('hex')}${DRAFT_SUFFIX}`);
    await makeFolder(dir);
    await writeWhole(path, 'redfire-cache check\n'.repeat(200));
    await unlink(path);
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    while (this.waiting.size > 0 || this.busy.size > 0) {
      this.writeNext();
      await Promise.race([...this.busy.values()]).catch(() => undefined);
    }
  }

  private takeBack(key: string): void {
    const write = this.waiting.get(key);
    if (!write) return;
    this.waiting.delete(key);
    this.waitingLength -= write.text.length;
    write.done();
  }

  private writeNext(): void {
    for (const write of this.waiting.values()) {
      if (this.writing >= WRITTEN_AT_ONCE) return;
      if (this.busy.has(write.key)) continue;
      this.writing++;
      void this.inTurn(write.key, () => this.write(write));
    }
  }

  /** Never throws. */
  private async write(write: Write): Promise<void> {
    const { key, text, expiresMs } = write;
    const path = this.pathOf(key);
    const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}${DRAFT_SUFFIX}`;
    try {
      const content = contentOf(key, text, expiresMs);
      await writeWhole(draft, content).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await makeFolder(dirname(path));
        await writeWhole(draft, content);
      });
      // Taken back meanwhile: a delete came, or a later value.
      if (this.waiting.get(key) !== write) {
        await unlink(draft);
        return;
      }
      await rename(draft, path);
      this.index.add(path, Buffer.byteLength(content), this.options.now());
      await this.index.evict(this.options.now());
      write.done();
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      write.done(error);
    } finally {
      if (this.waiting.get(key) === write) {
        this.waiting.delete(key);
        this.waitingLength -= text.length;
      }
      this.writing--;
    }
  }

  private remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    return this.inTurn(key, async () => {
      await unlink(path).catch(ifGone);
      this.index.drop(path);
    });
  }

  private inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.busy.get(key);
    const turn = before ? before.then(act, act) : act();
    const done = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.busy.get(key) === done) this.busy.delete(key);
        this.writeNext();
      });
    this.busy.set(key, done);
    return turn;
  }

  private textOf(key: string, content: string): string | undefined {
    const header = HEADER.exec(content);
    const body = header ? content.slice(header[0].length) : '';
    const keyLine = `${key}\n`;
    if (!header || !body.startsWith(keyLine) || checksum(header[2]!, body) !== header[1]) {
      this.damaged++;
      return undefined;
    }
    return Number(header[2]) > this.options.now() ? body.slice(keyLine.length) : undefined;
  }

  private pathOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return join(this.options.dir, namespaceOf(key), name.slice(0, 2), name.slice(2, 4), name);
  }
}

function contentOf(key: string, text: string, expiresMs: number): string {
  const body = `${key}\n${text}`;
  return `redfire-cache 1 ${checksum(String(expiresMs), body)} ${expiresMs}\n${body}`;
}

function checksum(expiresMs: string, body: string): string {
  return crc32(body, crc32(expiresMs)).toString(16).padStart(8, '0');
}

async function writeWhole(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}
