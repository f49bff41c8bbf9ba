import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { BatchTransport } from './batch-transport.js';
import type { MessagingDriver, PartitionLag } from './driver.js';

const EVERY_MS = 10_000;

/** How far the groups are behind, asked now and then, so that a health probe costs the broker nothing. */
export class LagMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly lags = new Map<string, readonly PartitionLag[]>();
  private timer: NodeJS.Timeout | undefined;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly driver: MessagingDriver,
    private readonly transport: BatchTransport,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.refresh(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Lag by partition as it was last known; undefined where it could not be asked. */
  of(group: string): readonly PartitionLag[] | undefined {
    return this.lags.get(group);
  }

  /** Asks now; those who ask meanwhile wait for the same answer. Never throws. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<void> {
    for (const { name, id, handlers } of this.transport.groups) {
      try {
        if (this.driver.status.state !== 'UP') throw new Error('not connected');
        this.lags.set(name, await this.driver.lag(id, [...handlers.keys()]));
      } catch {
        this.lags.delete(name);
      }
    }
  }
}
