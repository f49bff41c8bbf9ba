import fc from 'fast-check';
import { cursorOf, type Place, pageOfLetters, placesOf } from '../../../src/messaging/dead-letter-pages.js';
import type { StoredRecord } from '../../../src/messaging/record.js';

/** Partitions whose offsets have gaps and whose times come from several clocks. */
class Letters {
  readonly all: StoredRecord[];

  constructor(times: readonly (readonly number[])[]) {
    this.all = times.flatMap((partition, n) =>
      partition.map((timestampMs, i) => ({
        ...{ topic: `t${n}.dead_letter`, partition: n, offset: 3 * i, timestampMs },
        ...{ key: null, value: null, headers: {} },
      })),
    );
  }

  async last(topic: string, limit: number, before?: ReadonlyMap<number, number>): Promise<StoredRecord[] | undefined> {
    return this.all
      .filter((letter) => letter.topic === topic && letter.offset < (before?.get(letter.partition) ?? 0))
      .sort((a, b) => b.offset - a.offset)
      .slice(0, limit)
      .sort((a, b) => b.timestampMs - a.timestampMs);
  }

  get ends(): Place[] {
    const places = new Map(this.all.map(({ topic, partition }) => [topic, { topic, partition, before: 1e9 }]));
    return [...places.values()];
  }
}

const idOf = ({ topic, offset }: StoredRecord) => `${topic}:${offset}`;

async function pages(letters: Letters, limit: number): Promise<StoredRecord[][]> {
  const found: StoredRecord[][] = [];
  for (let places = letters.ends; ; ) {
    const { data, rest } = await pageOfLetters(letters, places, limit, (letter) => letter);
    found.push(data);
    const cursor = cursorOf(rest);
    if (cursor === null) return found;
    places = placesOf(cursor, undefined)!;
  }
}

describe('pages of dead letters', () => {
  it('show each letter once, to the end, those of a partition from the newest down', async () => {
    const times = fc.array(fc.array(fc.nat(50), { maxLength: 150 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 120 }), async (given, limit) => {
        const letters = new Letters(given);
        const found = await pages(letters, limit);
        expect(found.flat().map(idOf).sort()).toEqual(letters.all.map(idOf).sort());
        for (const page of found.slice(0, -1)) expect(page).toHaveLength(limit);
        given.forEach((_, n) => {
          const offsets = found.flat().flatMap(({ partition, offset }) => (partition === n ? [offset] : []));
          expect(offsets).toEqual(offsets.toSorted((a, b) => b - a));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('mix the partitions by time, newest first, where the clocks agree', async () => {
    const letters = new Letters([
      [1, 4, 6],
      [2, 3, 7],
    ]);
    expect((await pages(letters, 4)).map((page) => page.map(({ timestampMs }) => timestampMs))).toEqual([
      [7, 6, 4, 3],
      [2, 1],
    ]);
  });

  it('leave out what comes while somebody reads them', async () => {
    const letters = new Letters([[1, 2, 3]]);
    const { rest } = await pageOfLetters(letters, letters.ends, 1, idOf);
    letters.all.push({ ...letters.all[0]!, offset: 99, timestampMs: 99 });
    const { data } = await pageOfLetters(letters, placesOf(cursorOf(rest)!, undefined)!, 9, idOf);
    expect(data).toEqual(['t0.dead_letter:3', 't0.dead_letter:0']);
  });

  it('do not go on in topics that hold no dead letters, or others than those asked for', () => {
    expect(placesOf('trade_orders:0:5', undefined)).toBeUndefined();
    expect(placesOf('a.dead_letter:0:5,b.dead_letter:0:5', 'a.dead_letter')).toBeUndefined();
    expect(placesOf('a.dead_letter:2:5', 'a.dead_letter')).toEqual([
      { topic: 'a.dead_letter', partition: 2, before: 5 },
    ]);
  });
});
