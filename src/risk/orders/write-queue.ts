import type { Changes } from './ports.js';

/** What one input changed, and the time of its event. */
export interface Change {
  readonly changes: Changes;
  readonly now: number;
}

interface Waiting extends Change {
  resolve(): void;
  reject(error: Error): void;
}

/** Changes on their way to the store: one write at a time, each with everything that came since the one before. */
export class WriteQueue {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  /** `write` stores a stretch of changes in their order. What it throws goes to `onFailure`, which rejects what waits. */
  constructor(
    private readonly write: (changes: readonly Change[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Resolves once the change, and whatever came before it, is stored. */
  async store(change: Change): Promise<void> {
    if (isEmpty(change.changes) && !this.writing) return;
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ ...change, resolve, reject });
      this.writing ??= this.writeAll().finally(() => {
        this.writing = null;
      });
    });
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.writing) await this.writing;
  }

  rejectAll(error: Error): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  private async writeAll(): Promise<void> {
    // Whatever else comes in this turn of the event loop goes along.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const written = this.waiting;
      this.waiting = [];
      try {
        await this.write(written);
      } catch (error) {
        this.waiting = [...written, ...this.waiting];
        this.onFailure(error);
        return;
      }
      for (const { resolve } of written) resolve();
    }
  }
}

const isEmpty = ({ effects, decisions, revisions }: Changes): boolean =>
  effects.length === 0 && !decisions?.length && !revisions?.length;
