import type { KnownDecision } from './decision-record.js';

/** How many decisions are remembered: those of some seconds at full speed, and of hours at a usual one. */
const KNOWN_MAX = 20_000;

/** Recent decisions by their ids; of older ones the store knows. */
export class KnownDecisions {
  private readonly byId = new Map<string, KnownDecision>();

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
