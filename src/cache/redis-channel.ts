import type { Redis } from 'ioredis';
import { Announcer } from './announcer.js';
import { type InvalidationMessage, invalidationMessage } from './invalidations.schema.js';
import { connectRedis, type RedisSettings } from './redis-connection.js';
import { withinDeadline } from './within-deadline.js';

const PING_EVERY_MS = 5_000;
const PING_MS_MAX = 2_000;

export interface ChannelEvents {
  /** Everything that is told from now on is heard. */
  onHearing(): void;
  onMessage(message: InvalidationMessage): void;
}

/**
 * Invalidations by Redis' own publish and subscribe: at once, and lost for whoever is not connected. A hint where
 * instances share a broker, else the only way.
 */
export class RedisChannel {
  private readonly subscriber: Redis;
  private readonly announcer: Announcer;
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  constructor(publisher: Redis, settings: RedisSettings, { onHearing, onMessage }: ChannelEvents) {
    const channel = `${settings.keyPrefix}invalidations`;
    this.announcer = new Announcer(async (some) => {
      await Promise.all(some.map((message) => publisher.publish(channel, JSON.stringify(message))));
    });
    this.subscriber = connectRedis(settings, { autoResubscribe: false });
    this.subscriber.on('ready', () => {
      // Where it is refused, the next connection tries again.
      this.subscriber.subscribe(channel).then(onHearing, () => this.connectAgain());
    });
    // A connection that died without a word looks like one on which nothing is said.
    this.timer = setInterval(() => void this.listen(), PING_EVERY_MS);
    this.timer.unref();
    this.subscriber.on('message', (_, text: string) => {
      const message = parsed(text);
      if (message) onMessage(message);
    });
  }

  tell(message: InvalidationMessage): void {
    this.announcer.tell(message);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.announcer.end();
    this.subscriber.disconnect();
  }

  private async listen(): Promise<void> {
    if (this.subscriber.status !== 'ready') return;
    await withinDeadline(this.subscriber.ping(), PING_MS_MAX).catch(() => this.connectAgain());
  }

  private connectAgain(): void {
    if (!this.closed) this.subscriber.disconnect(true);
  }
}

/** What others write to the channel is no business of ours. */
function parsed(text: string): InvalidationMessage | undefined {
  try {
    return invalidationMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
