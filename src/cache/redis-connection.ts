import type { Socket } from 'node:net';
import { Redis } from 'ioredis';

const CONNECT_MS_MAX = 500;
const RETRY_LAST_MS = 2_000;

export interface RedisSettings {
  readonly url: string;
  readonly db: number;
  /** For whoever names keys: ioredis would look up for each command which of its arguments are some. */
  readonly keyPrefix: string;
}

/**
 * A connection that comes back by itself and fails at once while it is away: with ioredis' defaults each command would
 * wait for ten seconds. Whoever sends a command says how long its answer is waited for.
 */
export function connectRedis({ url, db }: RedisSettings, { autoResubscribe = true } = {}): Redis {
  const client = new Redis(url, {
    db,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_MS_MAX,
    autoResubscribe,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), RETRY_LAST_MS) * (0.75 + Math.random() / 2),
  });
  // Its state is looked at where it matters; without a listener each failure would be printed.
  client.on('error', () => undefined);
  client.on('connect', () => closeOnNonsense(client.stream));
  return client;
}

/**
 * What answers may be no Redis. The client throws on some of that, such as a number where it subscribed, while it reads:
 * nobody could catch it, and the process would end. Here the connection does.
 */
function closeOnNonsense(stream: Socket): void {
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'data') return emit(event, ...args);
    try {
      return emit(event, ...args);
    } catch (error) {
      stream.destroy(new Error('its answers are not those of a Redis', { cause: error }));
      return true;
    }
  };
}
