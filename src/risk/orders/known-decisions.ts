import type { KnownDecision } from './decision-record.js';
import type { BookStore } from './ports.js';

/** How many decisions are remembered: those of some seconds at full speed, and of hours at a usual one. */
const KNOWN_MAX = 20_000;

/** Recent decisions by their ids; of older ones the store knows. */
export class KnownDecisions {
  private readonly byId = new Map<string, KnownDecision>();
  private wanted: string[] = [];
  private asking: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(private readonly store: Pick<BookStore, 'known'>) {}

  /** Afterwards it knows of these what the store does. One query at a time: what is asked meanwhile goes with the next. */
  async recall(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.byId.has(id));
    if (unknown.length === 0) return;
    for (const id of unknown) this.wanted.push(id);
    this.next ??= this.ask();
    await this.next;
  }

  private async ask(): Promise<void> {
    await this.asking.catch(() => undefined);
    const ids = this.wanted;
    this.wanted = [];
    this.next = null;
    this.asking = this.store.known(ids).then((found) => {
      for (const [id, decision] of found) if (!this.byId.has(id)) this.set(id, decision);
    });
    await this.asking;
  }

  get(id: string): KnownDecision | undefined {
    return this.byId.get(id);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  set(id: string, known: KnownDecision): void {
    this.byId.set(id, known);
    if (this.byId.size <= KNOWN_MAX) return;
    for (const oldest of this.byId.keys()) {
      this.byId.delete(oldest);
      if (this.byId.size <= KNOWN_MAX * 0.9) return;
    }
  }

  clear(): void {
    this.byId.clear();
  }
}
