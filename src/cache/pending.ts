import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { liveness, ownIdentity, type ProcessIdentity } from '../database/process-identity.js';
import { makeFolder } from '../make-folder.js';
import { TTL_MS_MAX } from './envelope.js';
import { NAMESPACES, namespaceOf } from './namespaces.js';
import { withinDeadline } from './within-deadline.js';

/** Beyond, what is pending of a namespace becomes the whole namespace. */
const KEYS_MAX = 10_000;
/** A caller waits for the file no longer than this. */
const SAVE_WAIT_MS = 20;
const PREFIX = 'cache-pending-';

type LowerLevel = 'l2' | 'l3';
/** Keys, and namespaces, with the number of the call that made each pending. */
type Names = Map<string, number>;

/** A name that is pending, as it was when it was looked up. */
export interface PendingName {
  readonly name: string;
  readonly call: number;
}

/**
 * What a level was not told of: keys (and whole namespaces) that it has to delete before it is read again. It is kept in
 * a file beside the levels, one for each process, so that a restart does not bring back what was deleted.
 */
export class Pending {
  /** What earlier processes had not told every level. */
  readonly leftBehind: readonly string[];
  private readonly names: Record<LowerLevel, Names> = { l2: new Map(), l3: new Map() };
  private calls = 0;
  private saving: Promise<void> | undefined;
  private dirty = false;
  private readonly path: string | undefined;

  /** Takes over what earlier processes left in the folder; without a folder nothing outlives this process. */
  constructor(private readonly dir: string | undefined) {
    this.path = dir && join(dir, `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}.json`);
    if (dir) this.takeOver(dir);
    this.leftBehind = [...new Set([...this.names.l2.keys(), ...this.names.l3.keys()])];
  }

  count(level: LowerLevel): number {
    return this.names[level].size;
  }

  has(level: LowerLevel, key: string): boolean {
    const names = this.names[level];
    return names.size > 0 && (names.has(key) || names.has(namespaceOf(key)));
  }

  /** The call that made a key pending, 0 where it is not. */
  callOf(level: LowerLevel, key: string): number {
    return this.names[level].get(key) ?? 0;
  }

  /** Memory has it at once. Waits until the file has it too, but not long, and not for a disk that fails. */
  async add(level: LowerLevel, name: string): Promise<void> {
    const names = this.names[level];
    names.set(name, ++this.calls);
    if (names.size > KEYS_MAX) this.widen(names);
    await withinDeadline(this.save(), SAVE_WAIT_MS).catch(() => undefined);
  }

  some(level: LowerLevel, limit: number): PendingName[] {
    const some: PendingName[] = [];
    for (const [name, call] of this.names[level]) {
      if (some.length === limit) break;
      some.push({ name, call });
    }
    return some;
  }

  /** Unless it has become pending again since. */
  remove(level: LowerLevel, { name, call }: PendingName): void {
    if (this.names[level].get(name) !== call) return;
    this.names[level].delete(name);
    void this.save();
  }

  /** Writes what is pending; where that fails, the next change tries again. */
  async save(): Promise<void> {
    this.dirty = true;
    this.saving ??= this.saveAll().finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }

  private async saveAll(): Promise<void> {
    const { dir, path } = this;
    if (!dir || !path) return;
    while (this.dirty) {
      this.dirty = false;
      const [l2, l3] = [[...this.names.l2.keys()], [...this.names.l3.keys()]];
      try {
        if (l2.length + l3.length === 0) {
          await rm(path, { force: true });
          continue;
        }
        await makeFolder(dir);
        await writeFile(`${path}.new`, JSON.stringify({ process: ownIdentity(), l2, l3 }), { mode: 0o600 });
        await rename(`${path}.new`, path);
      } catch {
        // What holds this process holds in memory; the next change writes everything.
        return;
      }
    }
  }

  private widen(names: Names): void {
    const namespaces = new Set([...names.keys()].map((name) => (name.includes(':') ? namespaceOf(name) : name)));
    names.clear();
    for (const namespace of namespaces) names.set(namespace, ++this.calls);
  }

  private takeOver(dir: string): void {
    for (const file of filesOf(dir)) {
      const path = join(dir, file);
      const { process, ...left } = read(path);
      for (const level of ['l2', 'l3'] as const) {
        for (const name of left[level]) this.names[level].set(name, ++this.calls);
      }
      // Of a process that lives, or may, the file stays: to delete a key twice does no harm.
      if (!process || liveness(process) === 'dead' || isOld(path)) rmSync(path, { force: true });
    }
    if (this.calls > 0) void this.save();
  }
}

interface Left {
  readonly process?: ProcessIdentity;
  readonly l2: readonly string[];
  readonly l3: readonly string[];
}

function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir).filter((file) => file.startsWith(PREFIX) && file.endsWith('.json'));
  } catch {
    return [];
  }
}

/** Of a file that cannot be read nobody knows what was in it: everything that may be out of date is pending. */
function read(path: string): Left {
  const names = z.array(z.string());
  const process = z.object({ pid: z.int(), realm: z.string(), startTime: z.string().nullable() });
  try {
    return z.object({ process, l2: names, l3: names }).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { l2: NAMED, l3: NAMED };
  }
}

const NAMED = Object.entries(NAMESPACES).flatMap(([name, { keyedBy }]) => (keyedBy === 'name' ? [name] : []));

/** Nothing of that time is in any level any more. */
const isOld = (path: string) => Date.now() - statSync(path).mtimeMs > TTL_MS_MAX;
