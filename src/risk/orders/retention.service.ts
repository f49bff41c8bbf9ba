import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { Clock } from '../clock.js';
import { DecisionLog, Ownership } from './ports.js';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Keeps the store bounded: what was decided long ago, and nothing is open of, goes. */
@Injectable()
export class Retention implements OnApplicationShutdown {
  private readonly logger = new Logger('Retention');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: DecisionLog,
    private readonly ownership: Ownership,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Now, and each hour while this instance owns the book. */
  begin(): void {
    this.timer ??= setInterval(() => void this.prune(), EVERY_MS).unref();
    void this.prune();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    if (this.ownership.epoch === null) return;
    const before = new Date(this.clock.now().getTime() - this.config.orders.retentionDays * DAY_MS);
    try {
      const count = await this.log.prune(before);
      if (count > 0) this.logger.log(`Removed ${count} decisions of before ${before.toISOString()}`);
    } catch (error) {
      this.logger.warn(`Old decisions were not removed, trying again in an hour: ${String(error)}`);
    }
  }
}
