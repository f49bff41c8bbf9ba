interface Waiting<Key, Value> {
  readonly keys: readonly Key[];
  readonly resolve: (found: Map<Key, Value>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Look-ups that come while one is under way go together in the next one: with many requests at a time the store is asked
 * once for all of them, and no answer is older than its question.
 */
export class Batched<Key, Value> {
  private waiting: Waiting<Key, Value>[] = [];
  private underWay = false;

  constructor(private readonly ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {}

  /** Those of the keys that exist. */
  find(keys: readonly Key[]): Promise<ReadonlyMap<Key, Value>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ keys, resolve, reject });
      if (!this.underWay) void this.askForAll();
    });
  }

  private async askForAll(): Promise<void> {
    this.underWay = true;
    while (this.waiting.length > 0) {
      const all = this.waiting;
      this.waiting = [];
      try {
        const found = await this.ask([...new Set(all.flatMap(({ keys }) => keys))]);
        for (const { keys, resolve } of all) {
          resolve(new Map(keys.flatMap((key) => (found.has(key) ? [[key, found.get(key)!]] : []))));
        }
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.underWay = false;
  }
}
