import { Batched } from '../../../src/risk/batched.js';

describe('look-ups in batches', () => {
  it('ask once for all that came while one was under way, and give each its own', async () => {
    const asked: (readonly string[])[] = [];
    const lookUps = new Batched<string, string>(async (keys) => {
      asked.push(keys);
      await new Promise(setImmediate);
      return new Map(keys.filter((key) => key !== 'absent').map((key) => [key, key.toUpperCase()]));
    });
    const found = await Promise.all([['a'], ['b', 'absent'], ['b', 'c'], []].map((keys) => lookUps.find(keys)));
    expect(asked).toEqual([['a'], ['b', 'absent', 'c']]);
    expect(found.map((map) => [...map])).toEqual([
      [['a', 'A']],
      [['b', 'B']],
      [
        ['b', 'B'],
        ['c', 'C'],
      ],
      [],
    ]);
    expect([...(await lookUps.find(['a']))]).toEqual([['a', 'A']]);
    expect(asked).toHaveLength(3);
  });

  it('fail together, and the next ones do not', async () => {
    let fails = true;
    const lookUps = new Batched<string, number>(async (keys) => {
      if (fails) throw new Error('away');
      return new Map(keys.map((key) => [key, 1]));
    });
    const outcomes = await Promise.allSettled([lookUps.find(['a']), lookUps.find(['b'])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect((await lookUps.find(['a'])).get('a')).toBe(1);
  });
});
