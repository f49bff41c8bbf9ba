/** Work between two looks at sockets and timers, in milliseconds. */
const TURN_MS = 10;

/** Lets the event loop go round while the partitions work: each asks before a batch, and `send` after one. */
export class EventLoopTurns {
  private current: Promise<void> | undefined;
  private endsAt = 0;

  /** Resolves when there is time for more. */
  async take(): Promise<void> {
    // Others may have used up the next turn before it is ours: ask again.
    while (this.isOver()) await this.current;
  }

  private isOver(): boolean {
    if (this.current === undefined) {
      this.endsAt = performance.now() + TURN_MS;
      this.current = new Promise((resolve) => {
        setImmediate(() => {
          this.current = undefined;
          resolve();
        });
      });
    }
    return performance.now() >= this.endsAt;
  }
}
