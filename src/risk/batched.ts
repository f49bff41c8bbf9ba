import { AsyncLocalStorage } from 'node:async_hooks';

interface Waiting<Key, Answer> {
  readonly keys: readonly Key[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Questions that come while one is under way go together in the next one, whose answer all of them get: with many
 * requests at a time the store is asked once for all of them, and no answer is older than its question.
 */
export class Batched<Key, Answer> {
  private waiting: Waiting<Key, Answer>[] = [];
  private underWay = false;
  /** Not within the transaction of who happens to ask first. */
  private readonly forNobody = AsyncLocalStorage.snapshot();

  constructor(private readonly askStore: (keys: readonly Key[]) => Promise<Answer>) {}

  /** The answer may say more than what was asked for here. */
  ask(keys: readonly Key[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ keys, resolve, reject });
      if (!this.underWay) this.forNobody(() => void this.askForAll());
    });
  }

  private async askForAll(): Promise<void> {
    this.underWay = true;
    while (this.waiting.length > 0) {
      const all = this.waiting;
      this.waiting = [];
      try {
        const answer = await this.askStore([...new Set(all.flatMap(({ keys }) => keys))]);
        for (const { resolve } of all) resolve(answer);
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.underWay = false;
  }
}
