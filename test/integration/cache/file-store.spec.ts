import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildCache, FILES_FOLDER } from '../../../src/cache/build-cache.js';
import { DRAFT_SUFFIX } from '../../../src/cache/file-index.js';
import { FileStore, type FileStoreOptions } from '../../../src/cache/file-store.js';
import type { MultiLevelCache } from '../../../src/cache/multi-level-cache.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/database.js';
import { timed } from '../../support/own-time.mjs';
import { eventually } from '../../support/wait.js';

const HOUR_MS = 3_600_000;
/** A busy machine must not make a level look away. */
const PATIENT_MS = 1_500;
let root: TemporaryDirectory;
let dir: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  root = temporaryDirectory();
  dir = join(root.path, 'cache');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  root.remove();
});

function aStore(options: Partial<FileStoreOptions> = {}): FileStore {
  const store = new FileStore({ dir, filesMax: 100, bytesMax: 1e7, ttlMsMax: HOUR_MS, now: Date.now, ...options });
  open.push(store);
  return store;
}

/** A cache of memory and files, as a service without Redis has it. */
async function aCache(): Promise<MultiLevelCache> {
  const { cache } = buildCache({
    memory: { entriesMax: 1_000, bytesMax: 1e7 },
    files: { dir, filesMax: 100, ttlSeconds: HOUR_MS / 1_000, waitMs: PATIENT_MS },
    pendingDir: root.path,
  });
  open.push(cache);
  await isUp(cache);
  return cache;
}

const isUp = (cache: MultiLevelCache) =>
  eventually(
    () => cache.lower.all[0]!.breaker.state,
    (state) => state === 'CLOSED',
  );

/** All files below a folder. */
const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((item) =>
        item.isFile() ? [join(item.parentPath, item.name)] : [],
      )
    : [];

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= bit;
  return copy;
}

describe('files as a level', () => {
  it('survive the process, each readable by its owner alone', async () => {
    await aStore().set('manual:1:k', 'text', HOUR_MS);
    const [file] = filesOf(dir);
    expect(file).toMatch(/cache\/manual\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
    expect(statSync(file!).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const restarted = aStore();
    await restarted.sweep();
    expect(restarted.size.entries).toBe(1);
    expect(await restarted.get('manual:1:k')).toBe('text');
    await restarted.del('manual:1:k');
    expect(filesOf(dir)).toEqual([]);
  });

  it('are a miss wherever they are cut off, and whichever byte is another', async () => {
    const store = aStore();
    await store.set('manual:1:k', 'a text with ü', HOUR_MS);
    const [file] = filesOf(dir);
    const bytes = readFileSync(file!);
    for (let at = 0; at < bytes.length; at++) {
      for (const other of [bytes.subarray(0, at), flipped(bytes, at, 1), flipped(bytes, at, 128)]) {
        writeFileSync(file!, other);
        expect([at, await store.get('manual:1:k')]).toEqual([at, undefined]);
        // Of no use, it is cleared away.
        while (existsSync(file!)) await new Promise(setImmediate);
      }
    }
    expect(store.damaged).toBe(3 * bytes.length);
  });

  it.each([
    ['another version', (text: string) => text.replace('redfire-cache 1', 'redfire-cache 2')],
    ['another key', (text: string) => text.replace('manual:1:k', 'manual:1:x')],
    ['more behind its end', (text: string) => `${text}x`],
    ['nothing in it', () => ''],
  ])('of %s are a miss and are cleared away', async (_, change) => {
    const store = aStore();
    await store.set('manual:1:k', 'text', HOUR_MS);
    const [file] = filesOf(dir);
    writeFileSync(file!, change(readFileSync(file!, 'utf8')));
    expect(await store.get('manual:1:k')).toBeUndefined();
    await eventually(
      () => filesOf(dir).length,
      (count) => count === 0,
    );
  });

  it('end with their time', async () => {
    const clock = { ms: Date.now() };
    const store = aStore({ now: () => clock.ms });
    await store.set('manual:1:k', 'text', 1_000);
    clock.ms += 999;
    expect(await store.get('manual:1:k')).toBe('text');
    clock.ms += 1;
    expect(await store.get('manual:1:k')).toBeUndefined();
  });

  it('stay within the number of files and bytes, the oldest go first', async () => {
    const store = aStore({ filesMax: 50 });
    for (let i = 0; i < 120; i++) await store.set(`manual:1:${i}`, 'x'.repeat(100), HOUR_MS);
    expect(filesOf(dir).length).toBe(store.size.entries);
    expect(store.size.entries).toBeLessThanOrEqual(50);
    expect(store.size.entries).toBeGreaterThanOrEqual(45);
    expect(await store.get('manual:1:119')).toBeDefined();
    expect(await store.get('manual:1:0')).toBeUndefined();
    const small = aStore({ bytesMax: 2_000 });
    await small.sweep();
    expect(small.size.bytes).toBeLessThanOrEqual(2_000);
    expect(filesOf(dir).reduce((sum, file) => sum + statSync(file).size, 0)).toBe(small.size.bytes);
    expect(await small.get('manual:1:119')).toBeDefined();
  });

  it('of writes that a crash cut off are removed at the next start, those of a living process are not', async () => {
    const store = aStore();
    await store.set('manual:1:k', 'text', HOUR_MS);
    const [file] = filesOf(dir);
    const [old, fresh] = [`${file}.1-aa.tmp`, `${file}.1-bb.tmp`];
    writeFileSync(old, 'half');
    writeFileSync(fresh, 'half');
    utimesSync(old, 0, 0);
    mkdirSync(join(dir, '.removed-00', 'ab'), { recursive: true });
    writeFileSync(join(dir, '.removed-00', 'ab', 'x'), 'left');
    await aStore().sweep();
    expect(filesOf(dir).sort()).toEqual([file, fresh]);
  });

  it('hold the last of many values, and nothing once deleted, however the calls come', async () => {
    const store = aStore();
    const sets = Array.from({ length: 50 }, (_, i) => store.set('manual:1:k', `text ${i}`, HOUR_MS));
    expect(await store.get('manual:1:k')).toBe('text 49');
    await Promise.all(sets);
    expect(await aStore().get('manual:1:k')).toBe('text 49');
    for (let wait = 0; wait < 20; wait++) {
      const written = store.set('manual:1:k', 'text', HOUR_MS);
      for (let turn = 0; turn < wait; turn++) await new Promise(setImmediate);
      await store.del('manual:1:k');
      await written;
      expect([wait, filesOf(dir)]).toEqual([wait, []]);
    }
  });

  it('wait to be written in bounded number, and are all written before the end', async () => {
    const store = aStore({ filesMax: 10_000 });
    const outcomes = Array.from({ length: 700 }, (_, i) => store.set(`manual:1:${i}`, 'text', HOUR_MS));
    const settled = Promise.allSettled(outcomes);
    await store.close();
    const taken = (await settled).filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThanOrEqual(500);
    expect(taken).toBeLessThan(700);
    expect(filesOf(dir)).toHaveLength(taken);
  });

  it('are shared by two processes on one folder without harm, also where one of them is killed', async () => {
    const child = fork(fileURLToPath(new URL('file-store.child.ts', import.meta.url)), [dir], {
      execArgv: ['--import', 'tsx'],
    });
    const store = aStore({ filesMax: 40 });
    await once(child, 'message');
    const until = Date.now() + 1_500;
    let found = 0;
    for (let i = 0; Date.now() < until; i++) {
      const key = `manual:1:${i % 60}`;
      const text = await store.get<string>(key);
      if (text !== undefined) {
        expect(text.startsWith(`${key} `)).toBe(true);
        found++;
      }
      if (i % 5 === 0) await store.set(key, `${key} ${'x'.repeat(i % 5_000)}`, HOUR_MS);
      if (i % 17 === 0) await store.del(key);
      if (i % 200 === 0) await store.sweep();
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(found).toBeGreaterThan(50);
    expect(store.damaged).toBe(0);
    await store.sweep();
    for (let i = 0; i < 60; i++) {
      const text = await store.get<string>(`manual:1:${i}`);
      if (text !== undefined) expect(text.startsWith(`manual:1:${i} `)).toBe(true);
    }
    expect(store.damaged).toBe(0);
  });
});

describe('a folder that fails', () => {
  it('that is removed is made again', async () => {
    const cache = await aCache();
    await cache.set('manual:a', 1);
    await eventually(
      () => filesOf(join(dir, FILES_FOLDER, 'manual')).length,
      (count) => count === 1,
    );
    rmSync(dir, { recursive: true });
    cache.memory.remove('manual:a');
    expect(await cache.get('manual:a')).toBeUndefined();
    await cache.set('manual:b', 2);
    await eventually(
      () => filesOf(join(dir, FILES_FOLDER, 'manual')).length,
      (count) => count === 1,
    );
    expect(await (await aCache()).find('manual:b')).toMatchObject({ value: 2, level: 'l3' });
  });

  it('whose place a file has taken is left out, and used again once it can be; deletes are made up for', async () => {
    const cache = await aCache();
    await cache.set('manual:k', 'old', 3_600);
    await eventually(
      () => filesOf(join(dir, FILES_FOLDER, 'manual')).length,
      (count) => count === 1,
    );
    renameSync(dir, `${dir}-away`);
    writeFileSync(dir, 'no folder');
    for (let i = 0; i < 3; i++) await cache.get(`manual:absent${i}`);
    const level = cache.lower.all[0]!;
    expect(level.breaker).toMatchObject({ state: 'OPEN', reason: expect.stringContaining('ENOTDIR') });
    await cache.delete('manual:k');
    await cache.set('manual:new', 1);
    expect(await cache.get('manual:new')).toBe(1);
    await cache.close();
    // The old files come back, and with them a new process.
    rmSync(dir);
    renameSync(`${dir}-away`, dir);
    const restarted = await aCache();
    expect(await restarted.get('manual:k')).toBeUndefined();
    expect(filesOf(join(dir, FILES_FOLDER, 'manual'))).toEqual([]);
  });

  it('is shared with others, whose files are none of the cache’s', async () => {
    const theirs = [join(dir, 'thesis.txt'), join(dir, 'manual', 'photo.jpg'), join(dir, '.removed-x', 'f')];
    for (const file of theirs) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, 'theirs');
      utimesSync(file, 1, 1);
    }
    const cache = await aCache();
    await cache.set('manual:k', 1);
    const store = cache.lower.all[0]!.store as FileStore;
    await store.sweep();
    await cache.deleteNamespace('manual');
    await eventually(
      () => cache.lower.all[0]!.pendingCount,
      (count) => count === 0,
    );
    expect(theirs.filter(existsSync)).toEqual(theirs);
  });

  it('with damaged files of every kind never yields a wrong value', async () => {
    const cache = await aCache();
    for (let i = 0; i < 60; i++) await cache.set(`manual:${i}`, { i, text: `value ${i}` }, 3_600);
    await eventually(
      () => filesOf(join(dir, FILES_FOLDER, 'manual')).filter((file) => !file.endsWith(DRAFT_SUFFIX)).length,
      (count) => count === 60,
    );
    const files = filesOf(join(dir, FILES_FOLDER, 'manual'));
    files.forEach((file, n) => {
      const bytes = readFileSync(file);
      if (n % 4 === 0) truncateSync(file, Math.floor(bytes.length / 2));
      if (n % 4 === 1) writeFileSync(file, bytes.fill(bytes[n]! ^ 4, n, n + 1));
      if (n % 4 === 2) writeFileSync(file, readFileSync(files[(n + 1) % 60]!));
    });
    const restarted = await aCache();
    let found = 0;
    for (let i = 0; i < 60; i++) {
      const value = await restarted.get(`manual:${i}`);
      expect([undefined, JSON.stringify({ i, text: `value ${i}` })]).toContain(value && JSON.stringify(value));
      if (value) found++;
    }
    expect(found).toBe(15);
    expect(restarted.lower.all[0]!.breaker.state).toBe('CLOSED');
  });

  /** A file system of 1 MB of its own, where this user may make one. */
  const mounted = (() => {
    try {
      const probe = temporaryDirectory();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'redfire-test', probe.path], { stdio: 'pipe' });
      execFileSync('umount', [probe.path]);
      probe.remove();
      return true;
    } catch {
      return false;
    }
  })();

  it('cannot be made: left out with its reason, and tried no more than it may', async () => {
    const { cache } = buildCache({
      memory: { entriesMax: 10, bytesMax: 10_000 },
      files: { dir: '/proc/redfire-test/cache', filesMax: 100, ttlSeconds: 60 },
    });
    open.push(cache);
    const reason = await eventually(
      () => cache.lower.all[0]!.breaker.reason,
      // Elsewhere there is no such folder, and nobody may make it.
      (text) => text?.includes('mkdir') ?? false,
    );
    expect(reason).toContain('/proc');
    await cache.set('manual:k', 1);
    expect(await cache.get('manual:k')).toBe(1);
  });

  (mounted ? it : it.skip)('is full, then read-only, then as before', async () => {
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'redfire-test', dir]);
    try {
      const cache = await aCache();
      const level = cache.lower.all[0]!;
      await cache.set('manual:k', 'old', 3_600);
      const text = 'x'.repeat(50_000);
      for (let i = 0; i < 60; i++) {
        expect((await timed(() => cache.set(`manual:${i}`, text))).ms).toBeLessThan(80);
      }
      await eventually(
        () => level.lastError,
        (error) => error?.includes('ENOSPC') ?? false,
      );
      await eventually(
        () => filesOf(dir).filter((file) => file.endsWith('.tmp')).length,
        (count) => count === 0,
      );
      expect(await cache.get('manual:59')).toBe(text);
      await cache.deleteNamespace('manual');
      await isUp(cache);
      await cache.set('manual:k', 'old', 3_600);
      await eventually(
        () => filesOf(join(dir, FILES_FOLDER, 'manual')).length,
        (count) => count === 1,
      );
      execFileSync('mount', ['-o', 'remount,ro', dir]);
      await cache.delete('manual:k');
      expect(await cache.get('manual:k')).toBeUndefined();
      await cache.set('manual:other', 1);
      expect(await cache.get('manual:other')).toBe(1);
      await cache.close();
      // Restarted while it is still read-only, the file is still there.
      const { cache: restarted } = buildCache({
        memory: { entriesMax: 10, bytesMax: 1e6 },
        files: { dir, filesMax: 100, ttlSeconds: 3_600 },
        pendingDir: root.path,
      });
      open.push(restarted);
      await sleep(50);
      expect(filesOf(join(dir, FILES_FOLDER, 'manual')).length).toBeGreaterThan(0);
      expect(await restarted.get('manual:k')).toBeUndefined();
      execFileSync('mount', ['-o', 'remount,rw', dir]);
      await isUp(restarted);
      expect(await restarted.get('manual:k')).toBeUndefined();
    } finally {
      await Promise.all(open.splice(0).map((one) => one.close()));
      execFileSync('umount', [dir]);
    }
  });
});
