import { AsyncLocalStorage } from 'node:async_hooks';
import { Batched } from '../../../src/risk/batched.js';

describe('questions in batches', () => {
  it('are asked once for all that came while one was under way, and have the answer of a later one', async () => {
    const asked: (readonly string[])[] = [];
    const questions = new Batched<string, number>(async (keys) => {
      asked.push(keys);
      await new Promise(setImmediate);
      return asked.length;
    });
    const answers = await Promise.all([['a'], ['b', 'absent'], ['b', 'c'], []].map((keys) => questions.ask(keys)));
    expect(asked).toEqual([['a'], ['b', 'absent', 'c']]);
    // What came while the first was under way does not get its answer, which may be older.
    expect(answers).toEqual([1, 2, 2, 2]);
    expect(await questions.ask(['a'])).toBe(3);
  });

  it('are asked for nobody: not in the context of who came first', async () => {
    const transaction = new AsyncLocalStorage<string>();
    const questions = new Batched<string, string>(async () => transaction.getStore() ?? 'none');
    const answers = await transaction.run('of the first', () => Promise.all([questions.ask([]), questions.ask([])]));
    expect(answers).toEqual(['none', 'none']);
  });

  it('fail together, and the next ones do not', async () => {
    let fails = true;
    const questions = new Batched<string, string>(async (keys) => {
      if (fails) throw new Error('away');
      return keys.join();
    });
    const outcomes = await Promise.allSettled([questions.ask(['a']), questions.ask(['b'])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await questions.ask(['a'])).toBe('a');
  });
});
