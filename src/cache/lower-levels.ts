import { type Entry, fromText, TEXT_LENGTH_MAX, toText } from './envelope.js';
import type { Invalidation } from './invalidation.js';
import { type Answer, AWAY, type Level } from './level.js';
import { type CacheKey, NAMESPACES, type NamespacePolicy } from './namespaces.js';
import type { Stamps } from './stamps.js';
import { Tombstones } from './tombstones.js';

export interface FoundBelow {
  readonly entry: Entry;
  readonly level: Level;
  /** The levels above it, which have nothing. */
  readonly empty: readonly Level[];
}

/** The levels below memory, and what of the things that come up from them must not be used. */
export class LowerLevels {
  private readonly tombstones = new Tombstones();
  /** What only this instance keeps of named things is dead where it is older: deletes passed unheard. */
  private ownFloor = 0;
  private readonly byNamespace: ReadonlyMap<string, readonly Level[]>;

  constructor(
    readonly all: readonly Level[],
    private readonly stamps: Stamps,
    private readonly now: () => number,
  ) {
    const kept = ([namespace, { levels }]: [string, NamespacePolicy]) =>
      [namespace, all.filter(({ name }) => levels.includes(name))] as const;
    this.byNamespace = new Map(Object.entries(NAMESPACES).map(kept));
  }

  async find(key: CacheKey): Promise<FoundBelow | undefined> {
    const empty: Level[] = [];
    for (const level of this.of(key)) {
      const answer = await level.read(key.stored);
      const entry = this.usable(level, key, answer);
      if (entry) return { entry, level, empty };
      if (answer !== AWAY) empty.push(level);
    }
    return undefined;
  }

  /** In the first level only, with one question to it. */
  async findMany(keys: readonly CacheKey[]): Promise<(Entry | undefined)[]> {
    const [first] = this.all;
    if (!first) return keys.map(() => undefined);
    const answers = await first.readMany(keys.map(({ stored }) => stored));
    return keys.map((key, i) =>
      key.policy.levels.includes(first.name) ? this.usable(first, key, answers[i]!) : undefined,
    );
  }

  /** Fills what is empty, and nobody waits for it: what was written meanwhile stays. */
  fill({ stored }: CacheKey, entry: Entry, levels: readonly Level[]): void {
    if (levels.length === 0) return;
    const text = toText(stored, entry);
    if (text.length > TEXT_LENGTH_MAX) return;
    for (const level of levels) void level.add(stored, text, entry.expiresMs - this.now());
  }

  /** Where the key is kept. */
  of({ namespace }: CacheKey): readonly Level[] {
    return this.byNamespace.get(namespace)!;
  }

  /** Returns once Redis was told; files are written behind, and read from where they wait. */
  async write(key: CacheKey, entry: Entry): Promise<void> {
    const levels = this.of(key);
    if (levels.length === 0) return;
    const text = toText(key.stored, entry);
    const write = async (level: Level) => {
      const fits = text.length <= TEXT_LENGTH_MAX;
      const written = fits && (await level.write(key.stored, text, entry.expiresMs - entry.createdMs));
      // What it holds instead is out of date, unless the key stands for the value.
      if (!written && key.policy.keyedBy === 'name') await level.mark(key.stored);
    };
    await Promise.all(
      levels.map((level) => {
        const written = write(level);
        return level.name === 'l3' ? undefined : written;
      }),
    );
  }

  /** Returns when the levels were told, or it is kept in mind that they were not. */
  async forget({ namespace, key, stamp, deleted }: Invalidation): Promise<void> {
    if (deleted) this.bury({ namespace, stamp, ...(key !== undefined && { key }) });
    // Who overwrote it has overwritten it in Redis; the files are this instance's own.
    const levels = this.all.filter(({ name }) => deleted || name === 'l3');
    await Promise.all(
      levels.map((level) => (key === undefined ? level.deleteNamespace(namespace) : level.delete(key))),
    );
  }

  /** What is older than that is dead, wherever it comes up. */
  bury({ namespace, key, stamp }: Pick<Invalidation, 'namespace' | 'key' | 'stamp'>): void {
    this.tombstones.add(key ?? namespace, stamp);
  }

  isDead({ stored, namespace }: CacheKey, stamp: number): boolean {
    return this.tombstones.isDead({ key: stored, namespace }, stamp);
  }

  /** Of named things only what is made from now on. */
  distrustOwn(stamp = Number.POSITIVE_INFINITY): void {
    this.ownFloor = stamp;
  }

  /** What an answer holds, if it may be used. */
  private usable(level: Level, key: CacheKey, answer: Answer): Entry | undefined {
    if (answer === AWAY) return undefined;
    const entry = answer === undefined ? undefined : fromText(key.stored, answer, this.now());
    const isOfBefore = key.policy.keyedBy === 'name' && (entry?.stamp ?? 0) < (level.store.floor ?? 0);
    const isUnheard = level.name === 'l3' && key.policy.keyedBy === 'name' && (entry?.stamp ?? 0) < this.ownFloor;
    if (entry && !isUnheard && !isOfBefore && !this.isDead(key, entry.stamp)) {
      this.stamps.saw(entry.stamp);
      level.hits++;
      return entry;
    }
    level.misses++;
    if (answer !== undefined && !(entry && isUnheard)) {
      if (!entry) level.invalid++;
      // It would be in the way of a good one.
      level.discard(key.stored);
    }
    return undefined;
  }
}
