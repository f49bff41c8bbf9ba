import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pending } from '../../../src/cache/pending.js';
import { Stamps } from '../../../src/cache/stamps.js';
import { Tombstones } from '../../../src/cache/tombstones.js';
import { temporaryDirectory } from '../../support/database.js';

const namesOf = (pending: Pending) => pending.some('l2', 100).map(({ name }) => name);

describe('what a level was not told', () => {
  it('is known to the next process, and to nobody once it was told', async () => {
    const directory = temporaryDirectory();
    const before = new Pending(directory.path);
    await before.add('l2', 'manual:1:a');
    await before.add('l2', 'analytics');
    const after = new Pending(directory.path);
    expect(namesOf(after)).toEqual(['manual:1:a', 'analytics']);
    expect(after.has('l2', 'analytics:1:anything')).toBe(true);
    expect(after.has('l3', 'manual:1:a')).toBe(false);
    for (const pending of [before, after]) {
      for (const taken of pending.some('l2', 100)) pending.remove('l2', taken);
      await pending.save();
    }
    expect(readdirSync(directory.path)).toEqual([]);
    directory.remove();
  });

  it('cannot be known from a file that is damaged: then everything with a name is pending', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory.path, 'cache-pending-1-00.json'), '{"process":');
    const pending = new Pending(directory.path);
    expect(pending.has('l2', 'manual:1:any')).toBe(true);
    expect(pending.has('l3', 'manual:1:any')).toBe(true);
    expect(pending.has('l2', 'var_results:1:any')).toBe(false);
    directory.remove();
  });

  it('remains where it came up again while the level was told', async () => {
    const pending = new Pending(undefined);
    await pending.add('l2', 'manual:1:a');
    const [taken] = pending.some('l2', 1);
    await pending.add('l2', 'manual:1:a');
    pending.remove('l2', taken!);
    expect(pending.has('l2', 'manual:1:a')).toBe(true);
  });

  it('has a bound: too many keys become their namespaces', async () => {
    const pending = new Pending(undefined);
    await Promise.all(Array.from({ length: 10_001 }, (_, i) => pending.add('l2', `manual:1:${i}`)));
    expect(namesOf(pending)).toEqual(['manual']);
    expect(pending.has('l2', 'manual:1:5')).toBe(true);
  });

  it('is kept in memory where the folder cannot be written', async () => {
    const pending = new Pending('/dev/null/no-folder');
    await pending.add('l2', 'manual:1:a');
    expect(pending.has('l2', 'manual:1:a')).toBe(true);
  });
});

describe('the order of things', () => {
  it('only rises, also where the clock goes back, and is later than what was seen of others', () => {
    const clock = { ms: 1_000 };
    const stamps = new Stamps(() => clock.ms);
    const first = stamps.next();
    expect(first).toBe(1_000_000);
    clock.ms = 1;
    expect(stamps.next()).toBe(first + 1);
    stamps.saw(5_000_000);
    expect(stamps.next()).toBe(5_000_001);
    clock.ms = 9_000;
    expect(stamps.next()).toBe(9_000_000);
  });

  it('tells what is dead, one by one and then by a floor', () => {
    const tombstones = new Tombstones();
    const dead = (key: string, stamp: number) => tombstones.isDead({ key, namespace: 'manual' }, stamp);
    tombstones.add('manual:1:a', 100);
    expect([dead('manual:1:a', 99), dead('manual:1:a', 100), dead('manual:1:b', 1)]).toEqual([true, false, false]);
    for (let i = 0; i < 50_000; i++) tombstones.add(`manual:1:${i}`, 200 + i);
    expect([dead('manual:1:a', 99), dead('manual:1:b', 99), dead('manual:1:b', 100)]).toEqual([true, true, false]);
    tombstones.add('manual', 1_000_000);
    expect(dead('manual:1:b', 999_999)).toBe(true);
  });
});
