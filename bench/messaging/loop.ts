export interface LoopParts {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly source: string;
  readonly target: string;
}

export interface Stopwatch {
  /** A batch came. */
  onQuotes(): void;
  /** So many replies are acknowledged. */
  onReplied(count: number): void;
}

/** Quotes from one topic, a reply to each into another, committed once they are acknowledged. */
export type Loop = (parts: LoopParts, stopwatch: Stopwatch) => Promise<{ stop(): Promise<void> }>;
