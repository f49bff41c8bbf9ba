import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveness, ownIdentity, type ProcessIdentity } from '../process-identity.js';
import { DatabaseRefusedError } from '../unavailable.js';

const HEARTBEAT_MS = 2_000;
/** A holder of another container proves that it lives by touching the file; this long without a touch, it is dead. */
const SILENCE_MS_MAX = 8_000;
const ATTEMPTS_MAX = 40;
const NOBODY: ProcessIdentity = { pid: 0, realm: '', startTime: null };

/**
 * Keeps a second process off the embedded database: PGlite does not, and two of them on one directory lose data without
 * a word. Throws DatabaseRefusedError where the holder lives.
 */
export class LockFile {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(private readonly path: string) {
    this.heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  static async acquire(path: string): Promise<LockFile> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (create(path)) return new LockFile(path);
      const holder = read(path);
      if (!holder) continue;
      if (await isHeld(path, holder)) throw new DatabaseRefusedError(refusal(path, holder));
      await removeStale(path, holder);
    }
    throw new DatabaseRefusedError(`The lock file ${path} keeps changing hands: several processes are starting on it.`);
  }

  release(): void {
    clearInterval(this.heartbeat);
    const holder = read(this.path);
    if (holder && same(holder, ownIdentity())) rmSync(this.path, { force: true });
  }
}

/** Appears with its whole content or not at all: written aside, then linked, which fails where the name is taken. */
function create(path: string): boolean {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, `${JSON.stringify(ownIdentity())}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock of a dead process, holding a second lock meanwhile: else two starters could each remove the other's fresh one. */
async function removeStale(path: string, holder: ProcessIdentity): Promise<void> {
  const guard = `${path}.takeover`;
  if (!create(guard)) {
    const other = read(guard);
    if (other && !(await isHeld(guard, other))) rmSync(guard, { force: true });
    await sleep(50);
    return;
  }
  try {
    const current = read(path);
    if (current && same(current, holder)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

async function isHeld(path: string, holder: ProcessIdentity): Promise<boolean> {
  const state = liveness(holder);
  if (state !== 'unknown') return state === 'alive';
  const seen = modifiedMs(path);
  for (let waited = 0; waited < SILENCE_MS_MAX; waited += 500) {
    await sleep(500);
    const now = modifiedMs(path);
    if (now !== seen) return now !== undefined;
  }
  return false;
}

function refusal(path: string, { pid, realm }: ProcessIdentity): string {
  const holder = realm === ownIdentity().realm ? `process ${pid}` : `process ${pid} of another host or container`;
  return (
    `The data directory ${dirname(path)} is in use by ${holder} (lock file ${path}). ` +
    'Stop that process, or give this one a directory of its own with DATA_DIR, or let both use a PostgreSQL server with DATABASE_URL.'
  );
}

/** Undefined where there is no lock file. One that cannot be read as a lock belongs to nobody alive. */
function read(path: string): ProcessIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { pid, realm, startTime } = JSON.parse(text);
    if (Number.isInteger(pid) && pid > 0) return { pid, realm: String(realm), startTime: startTime ?? null };
  } catch {
    // Cut short by a power failure: nobody's.
  }
  return NOBODY;
}

function same(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.realm === b.realm && a.startTime === b.startTime;
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Nothing to prove where the file is gone.
  }
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
