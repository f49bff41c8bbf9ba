import type { Redis } from 'ioredis';
import { Announcer } from './announcer.js';
import { type InvalidationMessage, invalidationMessage } from './invalidations.schema.js';
import { connectRedis, type RedisSettings } from './redis-connection.js';

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

  constructor(publisher: Redis, settings: RedisSettings, { onHearing, onMessage }: ChannelEvents) {
    const channel = `${settings.keyPrefix}invalidations`;
    this.announcer = new Announcer(async (some) => {
      await Promise.all(some.map((message) => publisher.publish(channel, JSON.stringify(message))));
    });
    this.subscriber = connectRedis({ ...settings, keyPrefix: '' }, { autoResubscribe: false });
    this.subscriber.on('ready', () => {
      // Where it is refused, the next connection tries again.
      this.subscriber.subscribe(channel).then(onHearing, () => this.subscriber.disconnect(true));
    });
    this.subscriber.on('message', (_, text: string) => {
      const message = parsed(text);
      if (message) onMessage(message);
    });
  }

  tell(message: InvalidationMessage): void {
    this.announcer.tell(message);
  }

  close(): void {
    this.announcer.end();
    this.subscriber.disconnect();
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
