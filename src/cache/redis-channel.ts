import type { Redis } from 'ioredis';
import { Announcer } from './announcer.js';
import type { Invalidation } from './invalidation.js';
import { type InvalidationMessage, invalidationMessage } from './invalidations.schema.js';
import { connectRedis, type RedisSettings } from './redis-connection.js';

export interface ChannelEvents {
  /** Everything that is told from now on is heard. */
  onHearing(): void;
  onInvalidation(message: InvalidationMessage): void;
}

/**
 * Invalidations by Redis' own publish and subscribe: at once, and lost for whoever is not connected. A hint where
 * instances share a broker, else the only way.
 */
export class RedisChannel {
  private readonly subscriber: Redis;
  private readonly announcer: Announcer;

  constructor(publisher: Redis, settings: RedisSettings, instance: string, events: ChannelEvents) {
    const channel = `${settings.keyPrefix}invalidations`;
    this.announcer = new Announcer(async (some) => {
      const messages = some.map((invalidation) => JSON.stringify(messageOf(instance, invalidation)));
      await Promise.all(messages.map((message) => publisher.publish(channel, message)));
    });
    this.subscriber = connectRedis({ ...settings, keyPrefix: '' }, { autoPipelining: false, autoResubscribe: false });
    this.subscriber.on('ready', () => {
      this.subscriber.subscribe(channel).then(
        () => events.onHearing(),
        // It is ready again after the connection is.
        () => this.subscriber.disconnect(true),
      );
    });
    this.subscriber.on('message', (_, text: string) => {
      const message = parsed(text);
      if (message && message.instance !== instance) events.onInvalidation(message);
    });
  }

  tell(invalidation: Invalidation): void {
    this.announcer.tell(invalidation);
  }

  close(): void {
    this.announcer.end();
    this.subscriber.disconnect();
  }
}

export function messageOf(
  instance: string,
  { namespace, key, stamp, deleted }: Omit<Invalidation, 'namespace'> & { readonly namespace: string | null },
): InvalidationMessage {
  return { instance, namespace, key: key ?? null, stamp, deleted };
}

/** What others write to the channel is no business of ours. */
function parsed(text: string): InvalidationMessage | undefined {
  try {
    return invalidationMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
