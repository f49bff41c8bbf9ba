import { setTimeout as sleep } from 'node:timers/promises';
import type { InvalidationMessage } from './invalidations.schema.js';

/** What waits beyond becomes whole namespaces. */
const WAITING_MAX = 1_000;
const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 5_000;

/** Tells the other instances in order, and again until it is acknowledged; nobody waits for it. */
export class Announcer {
  private waiting: InvalidationMessage[] = [];
  private telling = false;
  private readonly ending = new AbortController();

  /** `send` throws where not all is acknowledged. */
  constructor(private readonly send: (some: readonly InvalidationMessage[]) => Promise<void>) {}

  tell(message: InvalidationMessage): void {
    this.waiting.push(message);
    if (this.waiting.length > WAITING_MAX) this.widen();
    void this.tellAll();
  }

  end(): void {
    this.ending.abort();
  }

  private async tellAll(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    for (let delayMs = RETRY_FIRST_MS; this.waiting.length > 0 && !this.ending.signal.aborted; ) {
      const some = this.waiting;
      this.waiting = [];
      try {
        await this.send(some);
        delayMs = RETRY_FIRST_MS;
      } catch {
        this.waiting = [...some, ...this.waiting];
        if (this.waiting.length > WAITING_MAX) this.widen();
        await sleep(delayMs, undefined, { signal: this.ending.signal, ref: false }).catch(() => undefined);
        delayMs = Math.min(delayMs * 2, RETRY_LAST_MS);
      }
    }
    this.telling = false;
  }

  private widen(): void {
    const latest = new Map(this.waiting.map((message) => [message.namespace, message]));
    this.waiting = [...latest.values()].map((message) => ({ ...message, key: null, deleted: true }));
  }
}
